"""Agents: pause them, and log them in to and out of queues.

A member is known by its interface (``PJSIP/1003``, ``Local/1005@office``). QueueRemove takes only
a member that was added while Asterisk ran: "Member not dynamic" is the answer for one that
queues.conf names (CAPTURED).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pbxtui.backends.asterisk.numbers import is_interface
from pbxtui.backends.asterisk.office import Office
from pbxtui.backends.asterisk.sending import Sender, together
from pbxtui.backends.base import BackendError, Conflict, NotFound
from pbxtui.model import Answered, LogAgent, Outcome, PauseAgent, clean

REASON = 79
"""Bytes that Asterisk keeps of the reason for a pause (CAPTURED)."""
_FIXED = frozenset({"static", "realtime"})


class Members:
    """Pauses members of queues, adds them and removes them."""

    def __init__(self, sender: Sender, office: Office) -> None:
        self._sender = sender
        self._office = office

    async def act(self, action: PauseAgent | LogAgent) -> Outcome:
        """Send an action once. Raises :class:`BackendError` where nothing has been sent."""
        if isinstance(action, PauseAgent):
            return await self._pause(action)
        if action.in_:
            return await self._log_in(action)
        return await self._log_out(action)

    async def _pause(self, action: PauseAgent) -> Outcome:
        """One QueuePause; without a queue it means all of the member's (CAPTURED)."""
        interface = self._interface(action.agent)
        if len(action.reason.encode(errors="replace")) > REASON:
            raise BackendError(
                f"the reason is too long: Asterisk keeps {REASON} bytes of it", "shorten it"
            )
        fields = {"Interface": interface, "Paused": "true" if action.paused else "false"}
        if action.queue:
            fields["Queue"] = action.queue
        if action.paused and action.reason.strip():
            fields["Reason"] = action.reason.strip()
        return await self._sender.send("QueuePause", **fields)

    async def _log_in(self, action: LogAgent) -> Outcome:
        interface = self._interface(action.agent)
        if not action.queue:
            raise BackendError("it is not said which queue", "name the queue")
        known = self._office.memberships(interface)
        name = known[0].name if known else ""
        device = known[0].device if known else interface
        fields = {"Queue": action.queue, "Interface": interface}
        if name and name != interface and "\N{REPLACEMENT CHARACTER}" not in name:
            fields["MemberName"] = name
        if device != interface:
            fields["StateInterface"] = device
        return await self._sender.send("QueueAdd", **fields)

    async def _log_out(self, action: LogAgent) -> Outcome:
        interface = self._interface(action.agent)
        if action.queue:
            return await self._remove(interface, [action.queue])
        known = self._office.memberships(interface)
        if not known:
            raise NotFound(f"{clean(action.agent, 40)} serves no queue", "look again")
        queues = [row.queue for row in known if row.membership not in _FIXED]
        if not queues:
            raise Conflict(
                f"{known[0].name or interface} is a member by the configuration in every queue, "
                "and only one who was added can be logged out",
                "pause the agent instead",
            )
        outcome = await self._remove(interface, queues)
        stays = [row.queue for row in known if row.membership in _FIXED]
        if stays and outcome.answered is Answered.ACCEPTED:
            words = f"out of {', '.join(queues)}; the configuration keeps it in {', '.join(stays)}"
            return replace(outcome, words=clean(words, 300))
        return outcome

    async def _remove(self, interface: str, queues: Sequence[str]) -> Outcome:
        many = [{"Queue": queue, "Interface": interface} for queue in queues]
        outcomes = await self._sender.each("QueueRemove", many)
        return together(outcomes, len(queues), "queues")

    def _interface(self, agent: str) -> str:
        """The interface of an agent's id, an extension or a device. Raises :class:`NotFound`."""
        rows = self._office.memberships(agent)
        if rows:
            return rows[0].interface
        interface = self._office.phone(agent) or agent
        if not is_interface(interface):
            raise NotFound(
                f"“{clean(agent, 40)}” is neither an agent nor a phone of this Asterisk",
                "name an extension, or an interface like PJSIP/1001",
            )
        return interface
