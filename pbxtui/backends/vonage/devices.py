"""Vonage's device registrations as devices of the model."""

from __future__ import annotations

from collections.abc import Iterable

from pbxtui.backends.vonage.times import epoch
from pbxtui.backends.vonage.wire import WireDevice
from pbxtui.model import Certainty, Device, DeviceState, clean


def device_from(site: str, row: WireDevice, now: float, online_after: float) -> Device:
    """A phone. Its state is our inference from the age of its last successful registration.

    ``now`` is epoch seconds on the PBX's clock, ``online_after`` the age in seconds from which a
    phone counts as gone. The wire has no extension for a device (UNKNOWN how they join).
    """
    registration = row.get("registration")
    told = (row if registration is None else registration).get("last_success")
    last = epoch(told)
    since = None
    if last is None:
        state = DeviceState.UNKNOWN if told is None else DeviceState.UNREGISTERED
    elif now - last <= online_after:
        state = DeviceState.REGISTERED
    else:
        state, since = DeviceState.UNREGISTERED, last
    return Device(
        site,
        clean(row["mac_address"]),
        state,
        Certainty.INFERRED,
        address=clean(row.get("device_ip") or ""),
        last_seen=last,
        since=since,
    )


class DeviceBook:
    """The devices of one reading, by id."""

    def __init__(self, site: str, online_after: float) -> None:
        self._site = site
        self._online_after = online_after
        self._found: dict[str, Device] = {}

    def take(self, rows: Iterable[WireDevice], now: float) -> int:
        """Take a page of rows; ``now`` is on the PBX's clock. Returns how many were new."""
        count = len(self._found)
        for row in rows:
            device = device_from(self._site, row, now, self._online_after)
            self._found.setdefault(device.id, device)
        return len(self._found) - count

    def finish(self) -> dict[str, Device]:
        return self._found
