"""Custom device states: the switches that an Asterisk's dialplan turns on and off.

A dialplan reads and sets ``DEVICE_STATE(Custom:night)``, and a hint on it lights a key. Asterisk
keeps them over a restart. DeviceStateList has those that were ever set, with their state
(CAPTURED); a hint alone names one that was not, and says "idle" of it (CAPTURED).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pbxtui.backends.asterisk.ami import Message
from pbxtui.backends.asterisk.wire import CUSTOM, HintRow, StateRow
from pbxtui.backends.devicestates import DEVICE_STATES
from pbxtui.model import Certainty, Flow, LampState

SETTABLE: Mapping[LampState, str] = {state: word for word, state in DEVICE_STATES.items()}
"""Every word but ``INVALID``, which is no state to set."""

_MARK = f"\r\nDevice: {CUSTOM}".encode()


@dataclass(slots=True)
class _Known:
    row: StateRow
    since: float | None
    raw: bytes


class FlowBook:
    """The custom device states of one site. ``since`` is known from the first change on."""

    def __init__(self, site: str) -> None:
        self._site = site
        self._known: dict[str, _Known] = {}
        self._listed = False

    def take_list(self, messages: Iterable[Message], now: float) -> None:
        """Take the rows of DeviceStateList; those of phones are passed over."""
        before, self._known = self._known, {}
        self._listed = True
        for message in messages:
            row = _read(message)
            if row is not None:
                self._known[row.device] = _dated(before.get(row.device), row, message, now)

    def take_event(self, message: Message, now: float) -> bool:
        """Apply a DeviceStateChange; whether it changed anything."""
        row = _read(message)
        if row is None:
            return False
        before = self._known.get(row.device)
        if before is None:
            self._known[row.device] = _Known(row, now, message.raw)
            return True
        self._known[row.device] = _dated(before, row, message, now)
        return before.row != row

    def flows(
        self, hints: Iterable[HintRow], lit: Callable[[HintRow], LampState]
    ) -> dict[str, Flow]:
        """The flows, in the order of their names. ``lit`` is how a hint is lit."""
        shown: dict[str, HintRow] = {}
        for hint in hints:
            for device in hint.custom:
                known = shown.get(device)
                if known is None or len(hint.custom) < len(known.custom):
                    shown[device] = hint
        flows = {}
        for device in sorted(self._known.keys() | shown.keys()):
            flows[device] = self._flow(device, shown.get(device), lit)
        return flows

    def settable(self, device: str) -> bool:
        """Whether a flow's name can be sent back as it came."""
        known = self._known.get(device)
        return known is None or known.row.whole

    def raw(self, id: str) -> list[bytes]:
        known = self._known.get(id)
        return [known.raw] if known is not None else []

    def _flow(self, device: str, hint: HintRow | None, lit: Callable[[HintRow], LampState]) -> Flow:
        known = self._known.get(device)
        state, certainty, since = LampState.UNKNOWN, Certainty.INFERRED, None
        if known is not None:
            state = DEVICE_STATES.get(known.row.state, LampState.UNKNOWN)
            certainty, since = Certainty.SEEN, known.since
        elif hint is not None and not self._listed and hint.hint == device:
            state = lit(hint)
        number = hint.exten if hint is not None else ""
        name = device.removeprefix(CUSTOM)
        return Flow(self._site, device, state, certainty, number, name, "", since)


def _read(message: Message) -> StateRow | None:
    if _MARK not in message.raw:
        return None
    return StateRow.read(message)


def _dated(before: _Known | None, row: StateRow, message: Message, now: float) -> _Known:
    if before is None:
        return _Known(row, None, message.raw)
    return _Known(row, before.since if before.row.state == row.state else now, message.raw)
