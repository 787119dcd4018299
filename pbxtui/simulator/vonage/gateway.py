"""What stands in front of Vonage's API: a WSO2 gateway, and its words for what it refuses."""

from __future__ import annotations

import re

from pbxtui.simulator.bodies import dumps

BASE = "/t/vbc.prod/telephony/v3"


def classify(method: str, path: str) -> tuple[str, str]:
    """The kind of a request and its class of path: /calls/{call_id}/legs/{leg_id} and so on."""
    if path.endswith("/token"):
        return "token", "/token"
    resource = re.sub(r"^.*?/accounts/[^/]*", "", path)
    resource = re.sub(r"/legs/[^/]+", "/legs/{leg_id}", resource)
    resource = re.sub(r"/calls/[^/]+", "/calls/{call_id}", resource)
    resource = re.sub(r"/devices/[^/]+", "/devices/{device_id}", resource)
    return "read" if method in ("GET", "HEAD") else "action", resource


def error_body(status: str) -> bytes:
    """What the gateway says (WSO2's flat form, INFERRED for Vonage), or the API (401, 409)."""
    if status == "401":
        return dumps({"code": 401, "message": "Problem with provided token"}).encode()
    words = {
        "403": ("900908", "Resource forbidden"),
        "404": ("404", "Not Found"),
        "409": ("409", "Conflict while changing state of a leg"),
        "429": ("900800", "Message throttled out"),
        "500": ("900967", "General Error"),
    }
    code, message = words.get(status, (status, "Error"))
    description = {"429": "You have exceeded your quota"}.get(status, message)
    if status == "409":
        return dumps({"code": code, "message": message}).encode()
    return dumps({"code": code, "message": message, "description": description}).encode()
