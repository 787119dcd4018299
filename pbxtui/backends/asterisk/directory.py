"""Who is who among the devices: which is a phone, with which extension, and which a trunk.

Asterisk makes no such difference, so all of this is INFERRED: a device is a phone when a hint
shows it, when it registers with Asterisk, or when its name is a number of two to six digits;
everything else is a trunk. A phone's extension is that of its hint, else its name.
"""

from __future__ import annotations

from collections.abc import Iterable

from pbxtui.backends.asterisk.wire import HintRow

_DIGITS = range(2, 7)


def _number_in(device: str) -> str:
    name = device.partition("/")[2]
    return name if name.isascii() and name.isdecimal() and len(name) in _DIGITS else ""


class Directory:
    """What hints and registrations tell about the devices. Devices are written ``PJSIP/1001``."""

    def __init__(self) -> None:
        self._hinted: dict[str, str] = {}
        self._registered: frozenset[str] = frozenset()

    def take_hints(self, hints: Iterable[HintRow]) -> bool:
        """Learn from the hints; whether anything is new."""
        hinted: dict[str, str] = {}
        for hint in hints:
            for device in hint.devices:
                hinted.setdefault(device, hint.exten)
        changed, self._hinted = hinted != self._hinted, hinted
        return changed

    def take_registered(self, devices: Iterable[str]) -> bool:
        """Learn which devices have registered; whether any is new.

        One that is no longer registered stays a phone.
        """
        before = self._registered
        self._registered = before | frozenset(devices)
        return self._registered != before

    def extension(self, device: str) -> str:
        """The extension of a phone; empty for a trunk."""
        hinted = self._hinted.get(device)
        if hinted is not None:
            return hinted
        own = _number_in(device)
        if own:
            return own
        return device.partition("/")[2] if device in self._registered else ""

    def devices(self, extension: str) -> list[str]:
        """The devices that hints show for an extension; none of them a Local channel."""
        return [
            device
            for device, exten in self._hinted.items()
            if exten == extension and not device.startswith("Local/")
        ]

    def is_phone(self, device: str) -> bool:
        return bool(self.extension(device))
