"""Which request is what, and Telphin's words for what it refuses."""

from __future__ import annotations

import re

from pbxtui.simulator.bodies import Object, dumps

BASE = "/api/ver1.0"

_NAMED = (
    ("client", "client_id"),
    ("extension", "extension_id"),
    ("current_calls", "call_api_id"),
    ("registration", "registration_id"),
    ("local", "agent_id"),
    ("remote", "agent_id"),
    ("event", "event_id"),
    ("phone_event", "event_id"),
    ("call_history", "call_uuid"),
    ("call_status", "status_id"),
)
_WORDS = frozenset({"registration", "call_status", "call_property", "alive"})


def classify(method: str, path: str) -> tuple[str, str]:
    """The kind of a request and its class of path.

    That is ``/extension/{extension_id}/current_calls/{call_api_id}`` and so on.
    """
    if path.startswith("/oauth/token"):
        return "token", "/oauth/token"
    resource = path.removeprefix(BASE)
    for name, variable in _NAMED:
        resource = re.sub(
            rf"(?<=/){name}/([^/]+)",
            lambda found, name=name, variable=variable: (  # type: ignore[misc]
                found[0] if found[1] in _WORDS else f"{name}/{{{variable}}}"
            ),
            resource,
            count=1,
        )
    return "read" if method in ("GET", "HEAD") else "action", resource


def said(message: str, status: str | None = None) -> Object:
    """An error's body: a message, and sometimes a word for the status (DOCUMENTED)."""
    return {"message": message} if status is None else {"message": message, "status": status}


NOT_FOUND = said("Not found")
"""CAPTURED, word for word."""
UNAUTHORISED = said("Unauthorized")
RATE_LIMIT = said("Rate limit exceeded", "rate_limit_exceeded")
STATS_BUSY = said("Stats request already exists, concurrent request not allowed")
"""CAPTURED, word for word: the other 429."""
CLIENT_NOT_FOUND = said("Client not found", "client_not_found")
DENIED = said("Access denied", "access_denied")
BLOCKED = said("User is blocked", "user_blocked")
READ_ONLY = said("Access type deny", "user_access_type_deny")
LEVEL_TOO_LOW = said("Access type deny", "app_access_type_deny")

_ERRORS = {
    "401": UNAUTHORISED,
    "403": DENIED,
    "404": NOT_FOUND,
    "409": said("Conflict"),
    "429": RATE_LIMIT,
    "500": said("Internal server error"),
}


def error_body(status: str) -> bytes:
    """The body of an error that a fault makes up."""
    return dumps(_ERRORS.get(status, said("Error"))).encode()
