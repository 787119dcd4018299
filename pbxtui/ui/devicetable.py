"""The rows of the devices screen: phones, whether they can be reached, and what they do now."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import ClassVar, NamedTuple, cast

from pbxtui.model import (
    Certainty,
    Change,
    Device,
    DeviceState,
    Direction,
    Key,
    Kind,
    LampState,
    Leg,
    LegState,
    Snapshot,
    Topic,
)
from pbxtui.service import presence
from pbxtui.service.presence import Name, Presence
from pbxtui.ui import spell
from pbxtui.ui.looks import Looks, Tone
from pbxtui.ui.table import Field, Table, natural
from pbxtui.ui.widgets.columns import Cell

SLOW = 200.0
"""Milliseconds; a phone whose round trip takes longer is slow."""

RECENT = 600.0
"""Seconds for which a changed state counts as new."""

_ORDER = {
    DeviceState.UNREACHABLE: 0,
    DeviceState.UNREGISTERED: 1,
    DeviceState.UNKNOWN: 2,
    DeviceState.REGISTERED: 4,
}
_SLOW_ORDER = 3
_ITS_STATE = "its state"
_GONE = (DeviceState.UNREGISTERED, DeviceState.UNREACHABLE)
_LEGS = {
    LegState.TALKING: "talking",
    LegState.RINGING: "ringing",
    LegState.HELD: "held",
    LegState.PARKED: "parked",
    LegState.QUEUED: "queued",
    LegState.SETUP: "setup",
}
_LAMPS = {
    LampState.IN_USE: "busy",
    LampState.BUSY: "busy",
    LampState.RINGING: "ringing",
    LampState.RINGING_IN_USE: "ringing",
    LampState.ON_HOLD: "held",
    LampState.DND: "dnd",
}
_NOW_ORDER = ("talking", "ringing", "calling", "held", "parked", "queued", "setup", "busy", "dnd")
_VERSION = re.compile(r"[/_ -]v?\d+\.\d.*$|/v?\d+$", re.IGNORECASE)


class Now(NamedTuple):
    """What a phone does now: in a word, since when, how it is drawn, and how it is known."""

    word: str
    since: float | None
    tone: Tone
    source: str
    certainty: Certainty = Certainty.INFERRED


@lru_cache(maxsize=1024)
def model_of(user_agent: str) -> str:
    """The make and model in a user agent: its first two words, without the version.

    User agents have no agreed form: ``Yealink SIP-T46S 66.86.0.15``, ``snomD785/10.1.54.13``.
    """
    words = _VERSION.sub("", user_agent).split()[:2]
    return _VERSION.sub("", " ".join(words))


def slow(device: Device) -> bool:
    """Whether a phone that is there takes long to answer."""
    there = device.state is DeviceState.REGISTERED
    return there and device.rtt_ms is not None and device.rtt_ms > SLOW


class DeviceTable(Table[Device]):
    """Phones of all sites.

    ``calls_read(site)`` tells whether the site's calls are known: only then is a phone free.
    ``clock(site)`` is the PBX's clock, which goes on while the picture is frozen.
    """

    kind = Kind.DEVICES
    noun = "phones"
    fields: ClassVar[tuple[Field, ...]] = (
        Field("ext", "ext", 6, 8),
        Field("site", "site", 9, 10, drop=8),
        Field("name", "name"),
        Field("state", "state", 9, 10),
        Field("now", "now", 12, 13),
        Field("since", "since", 6, right=True),
        Field("address", "address", 17, 21, drop=6),
        Field("rtt", "latency", 8, drop=5, right=True),
        Field("seen", "seen", 6, drop=7, right=True),
        Field("model", "model", 18, 24, drop=4),
        Field("agent", "user agent", 24, 30, drop=2),
        Field("changed", "changed", 8, drop=3, right=True),
    )
    filters = frozenset({"site", "state", "now", "ext", "name", "ip", "ua", "model"})
    flexible = 17

    def __init__(
        self,
        now: Callable[[str], float],
        looks: Looks,
        empty: Callable[[], str],
        calls_read: Callable[[str], bool],
        clock: Callable[[str], float],
    ) -> None:
        super().__init__(now, looks, empty)
        self.presence = Presence()
        self.changed: dict[Key, float] = {}
        """When we saw a phone's state change, on the PBX's clock."""
        self._calls_read = calls_read
        self._clock = clock
        self._named: dict[Name, set[Key]] = {}
        self._known: dict[str, bool] = {}

    def reset(self, snapshots: Iterable[Snapshot]) -> None:
        shots = tuple(snapshots)
        self._known = {shot.site: self._calls_read(shot.site) for shot in shots}
        self.presence.reset(shots)
        self._named.clear()
        for shot in shots:
            for device in shot.devices.values():
                self._name(device)
        super().reset(shots)

    def note(self, changes: Iterable[Change]) -> None:
        for change in changes:
            if change.kind is not Kind.DEVICES:
                continue
            before, after = (
                cast("Device | None", change.before),
                cast("Device | None", change.after),
            )
            if after is None:
                self.changed.pop(change.key, None)
            elif before is not None and before.state is not after.state:
                self.changed[change.key] = self._clock(change.key.site)

    def take(self, changes: Iterable[Change]) -> None:
        news = tuple(changes)
        for change in news:
            if change.kind is Kind.DEVICES:
                if change.before is not None:
                    self._unname(cast("Device", change.before))
                if change.after is not None:
                    self._name(cast("Device", change.after))
        super().take(news)
        for name in self.presence.take(news):
            for key in self._named.get(name, ()):
                if key in self.things:
                    self._take(key, self.things[key])
        known = {site: self._calls_read(site) for site in self._known}
        if known != self._known:
            self._known = known
            self.replace_all()

    def leg_of(self, device: Device) -> Leg | None:
        """The leg that the calls show at a phone."""
        return self.presence.leg(*self._names(device))

    def present(self, device: Device) -> Now:
        """What a phone does now, as far as the calls and the lamps tell."""
        own = self._names(device)
        leg = self.presence.leg(*own)
        gone = device.state in _GONE
        if leg is not None and not (gone and device.certainty is Certainty.SEEN):
            calling = leg.state is LegState.RINGING and leg.direction is Direction.OUTBOUND
            _, tone = self.looks.leg(leg.state, leg.certainty, leg.direction)
            word = "calling" if calling else _LEGS[leg.state]
            return Now(word, leg.since, tone, "a leg of a call", leg.certainty)
        if device.state is DeviceState.UNREGISTERED:
            return Now("off", None, Tone.GONE, _ITS_STATE, device.certainty)
        if device.state is DeviceState.UNREACHABLE:
            return Now("unreachable", None, Tone.ALARM, _ITS_STATE, device.certainty)
        lamp = self.presence.lamp(presence.extension(device.site, device.extension))
        if lamp is not None and device.extension and lamp.state in _LAMPS:
            _, tone = self.looks.lamp(lamp.state, lamp.certainty)
            return Now(_LAMPS[lamp.state], lamp.since, tone, "its lamp", lamp.certainty)
        joined = bool(device.extension) and self._calls_read(device.site)
        if device.state is DeviceState.REGISTERED and joined:
            return Now("free", None, Tone.PLAIN, "no leg of a call has its extension")
        why = "its state is not known" if device.extension else "the PBX does not say whose it is"
        return Now("not known", None, Tone.DIM, why, Certainty.SEEN)

    def texts(self, thing: Device) -> dict[str, str]:
        word, _ = self.looks.device(thing.state, Certainty.SEEN, slow=slow(thing))
        return {
            "site": thing.site.lower(),
            "ext": thing.extension.lower(),
            "name": f"{thing.name} {thing.id}".lower(),
            "state": f"{_state_words(thing)} {word.lower()}",
            "now": self.present(thing).word,
            "ip": thing.address.lower(),
            "ua": thing.user_agent.lower(),
            "model": model_of(thing.user_agent).lower(),
        }

    def place(self, key: Key, thing: Device) -> object:
        match self.sort:
            case "site":
                return thing.site
            case "name":
                return (thing.name or thing.id).lower()
            case "state":
                return _SLOW_ORDER if slow(thing) else _ORDER[thing.state]
            case "now":
                now = self.present(thing)
                rank = _NOW_ORDER.index(now.word) if now.word in _NOW_ORDER else len(_NOW_ORDER)
                return rank, now.word, now.since or 0.0
            case "since":
                return -(thing.since or 0.0)
            case "seen":
                return -(thing.last_seen or 0.0)
            case "address":
                return _address(thing.address)
            case "rtt":
                return -(thing.rtt_ms if thing.rtt_ms is not None else -1.0)
            case "model":
                model = model_of(thing.user_agent).lower()
                return not model, model
            case "agent":
                return not thing.user_agent, thing.user_agent.lower()
            case "changed":
                return -self.changed.get(key, 0.0)
        return not thing.extension, natural(thing.extension)

    def tie(self, key: Key, thing: Device) -> object:
        return key.site, not thing.extension, natural(thing.extension), key.id

    def cell(self, column: str, key: Key, thing: Device) -> Cell:
        looks = self.looks
        dim = looks.style(Tone.DIM)
        plain = looks.style(Tone.GONE if thing.state in _GONE else Tone.PLAIN)
        match column:
            case "ext":
                return thing.extension, plain
            case "site":
                return key.site, dim
            case "name":
                return (thing.name, plain) if thing.name else (thing.id, dim)
            case "state":
                text, tone = looks.device(thing.state, thing.certainty, slow=slow(thing))
                return text, looks.style(tone)
            case "now":
                now = self.present(thing)
                mark = "~" if now.certainty is Certainty.ASSUMED else ""
                style = looks.style(now.tone)
                if now.source != _ITS_STATE and self.faded(key.site, Topic.CALLS):
                    style = looks.faint(style)
                return f"{now.word}{mark} {self.span(key.site, now.since)}", style
            case "since":
                return self.span(key.site, thing.since), plain
            case "seen":
                return self.span(key.site, thing.last_seen), dim
            case "address":
                return thing.address, plain
            case "rtt":
                rtt = thing.rtt_ms
                tone = Tone.WARN if slow(thing) else Tone.DIM
                return ("" if rtt is None else f"{rtt:.0f} ms"), looks.style(tone)
            case "model":
                return model_of(thing.user_agent), plain
            case "agent":
                return thing.user_agent, dim
            case "changed":
                since = self.changed.get(key)
                new = since is not None and self.now(key.site) - since < RECENT
                return self.span(key.site, since), looks.style(Tone.WARN if new else Tone.DIM)
        return "", plain

    def joined(self, device: Device) -> Sequence[tuple[str, str, str, str, str]]:
        """The rows of the details that no field of the device holds."""
        now = self.present(device)
        word = f"{now.word} {self.span(device.site, now.since)}".strip()
        rows = [("now", word, now.certainty.value, now.source, "")]
        if device.user_agent:
            model = model_of(device.user_agent)
            rows.append(("model", model, "inferred", "the first words of the user agent", ""))
        if slow(device):
            rows.append(("slow", "yes", "inferred", f"its latency is over {SLOW:.0f} ms", ""))
        since = self.changed.get(device.key)
        if since is not None:
            ago = f"{spell.duration(self.now(device.site) - since)} ago"
            rows.append(("changed", ago, "seen", "pbxtui saw the state change", ""))
        return rows

    def _names(self, device: Device) -> tuple[Name, ...]:
        own = presence.device(device.site, device.id)
        if not device.extension:
            return (own,)
        return presence.extension(device.site, device.extension), own

    def _name(self, device: Device) -> None:
        for name in self._names(device):
            self._named.setdefault(name, set()).add(device.key)

    def _unname(self, device: Device) -> None:
        for name in self._names(device):
            keys = self._named.get(name)
            if keys is not None:
                keys.discard(device.key)


def _state_words(device: Device) -> str:
    match device.state:
        case DeviceState.UNREGISTERED:
            return "off unregistered gone"
        case DeviceState.UNREACHABLE:
            return "lost unreachable"
        case DeviceState.REGISTERED:
            return "reg registered slow" if slow(device) else "reg registered"
    return "unknown"


def _address(address: str) -> tuple[bool, tuple[int, ...], str]:
    """Orders IPv4 addresses by their numbers; the others and none come after them."""
    host = address.partition(":")[0]
    parts = host.split(".")
    if len(parts) == 4 and all(part.isdigit() for part in parts):
        return False, tuple(int(part) for part in parts), address
    return True, (), address or "\uffff"
