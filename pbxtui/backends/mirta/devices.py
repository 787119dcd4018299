"""Peers as devices: the columns of ``sip show peers``, as texts (CAPTURED).

Newer servers also have INFO regstate, the registration of one extension (DOCUMENTED in HELP); what
it answers is UNKNOWN, and it would be a request for each phone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pbxtui.backends.mirta.directory import Directory
from pbxtui.model import Certainty, Device, DeviceState, clean

COLUMNS = ("Name", "Host", "Status", "Description")
_LATENCY = re.compile(r"\((\d{1,6})\s*ms\)", re.ASCII)
_NOWHERE = frozenset({"", "(unspecified)", "(null)"})
_RANKS = (
    DeviceState.REGISTERED,
    DeviceState.UNREACHABLE,
    DeviceState.UNKNOWN,
    DeviceState.UNREGISTERED,
)
"""Of several rows for one peer (one on each node), the first of these counts."""


def device_of(site: str, row: dict[str, str], directory: Directory) -> Device | None:
    """A peer; None for a row without a name. ``Name`` is ``203-ACME/203-ACME`` (CAPTURED)."""
    name = clean(row.get("Name", "").partition("/")[0])
    if not name:
        return None
    state, certainty = _state(row)
    told = row.get("Status", "")
    latency = _LATENCY.search(told) if state is DeviceState.REGISTERED else None
    extension = directory.extension(name)
    host = clean(row.get("Host", ""))
    return Device(
        site,
        name,
        state,
        certainty,
        extension,
        clean(row.get("Description", "")) or directory.name(extension),
        "" if host.lower() in _NOWHERE else host,
        rtt_ms=float(latency[1]) if latency else None,
    )


def _state(row: dict[str, str]) -> tuple[DeviceState, Certainty]:
    """The state that Status and Host mean, in Asterisk's words (INFERRED)."""
    word = clean(row.get("Status", "")).partition("(")[0].strip().upper()
    gone = row.get("Host", "").strip().lower() in _NOWHERE
    if word in ("OK", "LAGGED"):
        return DeviceState.REGISTERED, Certainty.SEEN
    if word == "UNREACHABLE":
        return DeviceState.UNREACHABLE, Certainty.SEEN
    if gone:
        return DeviceState.UNREGISTERED, Certainty.SEEN
    if word == "UNMONITORED":
        return DeviceState.REGISTERED, Certainty.INFERRED
    return DeviceState.UNKNOWN, Certainty.SEEN


def better(one: Device | None, other: Device) -> bool:
    """Whether another row for the same peer tells more."""
    return one is None or _RANKS.index(other.state) < _RANKS.index(one.state)


def unlisted(
    site: str, listed: Iterable[str], directory: Directory, states: dict[str, str]
) -> dict[str, Device]:
    """The extensions that are no chan_sip peers (PJSIP), by the words of their lamps: INFERRED.

    ``listed`` are the names of the peers, ``states`` the device state words by extension.
    """
    known = {name.casefold() for name in listed}
    found: dict[str, Device] = {}
    for extension in directory.extensions.values():
        tech = extension.tech.upper()
        name = directory.username(extension.number)
        if tech not in ("PJSIP", "WEBRTC") or name.casefold() in known:
            continue
        word = states.get(extension.number, "").upper()
        if word in ("", "UNKNOWN", "INVALID"):
            state = DeviceState.UNKNOWN
        elif word == "UNAVAILABLE":
            state = DeviceState.UNREACHABLE
        else:
            state = DeviceState.REGISTERED
        found[name] = Device(
            site, name, state, Certainty.INFERRED, extension.number, extension.name
        )
    return found
