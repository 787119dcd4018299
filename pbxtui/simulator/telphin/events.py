"""The HTTP events that a client has asked for: kept and listed. None is ever sent."""

from __future__ import annotations

from pbxtui.simulator.actions import Invalid, NotFound
from pbxtui.simulator.bodies import Object

CALL_TYPES = (
    "dial-in", "dial-out", "answer", "hangup", "message-in", "message-out", "voicemail",
)  # fmt: skip
AGENT_TYPES = ("agent-login", "agent-logout")
CLIENT_TYPES = (*CALL_TYPES, "extension-call-status")


class Events:
    """Events by owner: the client, an extension, an agent."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[int, Object]] = {}
        self._last = 700

    def all(self, owner: str) -> list[Object]:
        return list(self._kept.get(owner, {}).values())

    def one(self, owner: str, id: str) -> Object:
        found = self._kept.get(owner, {}).get(int(id) if id.isdecimal() and len(id) < 16 else -1)
        if found is None:
            raise NotFound(f"no event {id}")
        return found

    def add(self, owner: str, body: Object, types: tuple[str, ...]) -> Object:
        """Raises Invalid when a field is missing or no such type of event exists."""
        self._last += 1
        event: Object = {"id": self._last}
        for key, choices in (("url", ()), ("method", ("GET", "POST")), ("event_type", types)):
            value = body.get(key)
            if not isinstance(value, str) or not value or (choices and value not in choices):
                raise Invalid(f"{key} is required" + (f", one of {choices}" if choices else ""))
            event[key] = value
        self._kept.setdefault(owner, {})[self._last] = event
        return event

    def remove(self, owner: str, id: str) -> None:
        self.one(owner, id)
        del self._kept[owner][int(id)]

    def clear(self, owner: str) -> None:
        self._kept.pop(owner, None)
