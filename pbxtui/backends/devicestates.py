"""Asterisk's words for the state of a device, which those that are built upon it use as well."""

from __future__ import annotations

from collections.abc import Mapping

from pbxtui.model import LampState

DEVICE_STATES: Mapping[str, LampState] = {
    "NOT_INUSE": LampState.IDLE,
    "INUSE": LampState.IN_USE,
    "BUSY": LampState.BUSY,
    "RINGING": LampState.RINGING,
    "RINGINUSE": LampState.RINGING_IN_USE,
    "ONHOLD": LampState.ON_HOLD,
    "UNAVAILABLE": LampState.UNAVAILABLE,
    "UNKNOWN": LampState.UNKNOWN,
}
"""``INVALID``, of a device that does not exist, is none of them."""
