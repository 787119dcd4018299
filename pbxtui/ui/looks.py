"""What a state looks like: glyph, word and colour. Never colour alone.

``Looks`` is chosen once at the start, from the terminal, the locale and the config.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from rich.style import Style

from pbxtui.model import (
    AgentState,
    Certainty,
    DeviceState,
    Direction,
    Freshness,
    LampState,
    LegState,
)


class Tone(StrEnum):
    """A colour's meaning; each palette gives it a style."""

    PLAIN = "plain"
    DIM = "dim"
    HEAD = "head"
    TALK = "talk"
    RING = "ring"
    SETUP = "setup"
    HELD = "held"
    PARKED = "parked"
    QUEUED = "queued"
    GONE = "gone"
    LOST = "lost"
    ALARM = "alarm"
    GOOD = "good"
    WARN = "warn"
    SERVING = "serving"
    WRAPUP = "wrapup"
    NAME = "name"
    BUSY = "busy"
    BUSY_RING = "busy_ring"
    DND = "dnd"


def _styles(**definitions: str) -> Mapping[Tone, Style]:
    return {Tone(name): Style.parse(definition) for name, definition in definitions.items()}


DARK = _styles(
    plain="#d5dae1",
    dim="#8b95a3",
    head="bold #9fb2c8",
    talk="#6fce7f",
    ring="#f2cc5c",
    setup="#6fb3bb",
    held="#74a9ff",
    parked="#d78be0",
    queued="#f0a35e",
    gone="#8b95a3",
    lost="italic #8b95a3",
    alarm="bold #ff7a70",
    good="#6fce7f",
    warn="#f2cc5c",
    serving="#74a9ff",
    wrapup="#d78be0",
    name="#ffffff",
    busy="#ff7a70",
    busy_ring="bold #f2cc5c",
    dnd="#c4746c",
)
LIGHT = _styles(
    plain="#22272e",
    dim="#616b78",
    head="bold #3d4f66",
    talk="#136c28",
    ring="#7d5600",
    setup="#0b646d",
    held="#1349b3",
    parked="#82248f",
    queued="#97480a",
    gone="#616b78",
    lost="italic #616b78",
    alarm="bold #b3170f",
    good="#136c28",
    warn="#7d5600",
    serving="#1349b3",
    wrapup="#82248f",
    name="#000000",
    busy="#b3170f",
    busy_ring="bold #7d5600",
    dnd="#8d4b45",
)
SAFE = _styles(
    plain="#e6e6e6",
    dim="#a0a0a0",
    head="bold #c8c8c8",
    talk="#56b4e9",
    ring="#ffb000",
    setup="#c8c8c8",
    held="#ffffff",
    parked="bold #ffffff",
    queued="#ff9d3c",
    gone="#a0a0a0",
    lost="italic #a0a0a0",
    alarm="bold #ffb000",
    good="#56b4e9",
    warn="#ffb000",
    serving="#ffffff",
    wrapup="bold #ffffff",
    name="bold #ffffff",
    busy="#ff9d3c",
    busy_ring="bold #ffb000",
    dnd="#c0905c",
)
SIXTEEN = _styles(
    plain="default",
    dim="bright_black",
    head="bold",
    talk="green",
    ring="yellow",
    setup="cyan",
    held="bright_blue",
    parked="magenta",
    queued="bright_yellow",
    gone="bright_black",
    lost="bright_black",
    alarm="bold red",
    good="green",
    warn="yellow",
    serving="bright_blue",
    wrapup="magenta",
    name="bold",
    busy="red",
    busy_ring="bold yellow",
    dnd="dim red",
)


_LEG: Mapping[LegState, tuple[str, str, str, Tone]] = {
    LegState.SETUP: ("…", "setup", "SETU", Tone.SETUP),
    LegState.RINGING: ("◂", "ring", "RING", Tone.RING),
    LegState.TALKING: ("●", "talk", "TALK", Tone.TALK),
    LegState.HELD: ("‖", "hold", "HOLD", Tone.HELD),
    LegState.PARKED: ("P", "park", "PARK", Tone.PARKED),
    LegState.QUEUED: ("Q", "queue", "QUEU", Tone.QUEUED),
    LegState.ENDED: ("×", "ended", "ENDD", Tone.GONE),
    LegState.LOST: ("?", "lost", "LOST", Tone.LOST),
}

_DEVICE: Mapping[DeviceState, tuple[str, str, str, Tone]] = {
    DeviceState.REGISTERED: ("▣", "reg", "REG", Tone.GOOD),
    DeviceState.UNREACHABLE: ("!", "lost", "LOST", Tone.ALARM),
    DeviceState.UNREGISTERED: ("□", "off", "OFF", Tone.GONE),
    DeviceState.UNKNOWN: ("?", "unknown", "UNKN", Tone.DIM),
}
_SLOW = ("◔", "slow", "SLOW", Tone.WARN)

_AGENT: Mapping[AgentState, tuple[str, str, str, Tone]] = {
    AgentState.READY: ("○", "ready", "REDY", Tone.GOOD),
    AgentState.RINGING: ("◂", "ring", "RING", Tone.RING),
    AgentState.TALKING: ("●", "talk", "QCAL", Tone.SERVING),
    AgentState.WRAPUP: ("◑", "wrap-up", "WRAP", Tone.WRAPUP),
    AgentState.PAUSED: ("‖", "paused", "PAUS", Tone.WARN),
    AgentState.UNREACHABLE: ("!", "phone off", "DEAD", Tone.ALARM),
    AgentState.LOGGED_OUT: ("·", "out", "OUT", Tone.GONE),
    AgentState.UNKNOWN: ("?", "unknown", "UNKN", Tone.DIM),
}

_MARKS: Mapping[Certainty, str] = {
    Certainty.SEEN: "",
    Certainty.INFERRED: "*",
    Certainty.ASSUMED: "~",
}

_FRESH: Mapping[Freshness, tuple[str, str, Tone]] = {
    Freshness.LIVE: ("•", "ok", Tone.GOOD),
    Freshness.LATE: ("◦", "late", Tone.WARN),
    Freshness.STALE: ("~", "stale", Tone.DIM),
    Freshness.BLIND: ("×", "BLIND", Tone.ALARM),
}


class LampLook(NamedTuple):
    """A lamp's looks: glyph and word, the ASCII word, the ASCII letter of the grid, the tone."""

    glyph: str
    word: str
    short: str
    letter: str
    tone: Tone


LAMPS: Mapping[LampState, LampLook] = {
    LampState.IDLE: LampLook("○", "free", "FREE", ".", Tone.PLAIN),
    LampState.IN_USE: LampLook("●", "busy", "BUSY", "B", Tone.BUSY),
    LampState.BUSY: LampLook("●", "busy", "BUSY", "B", Tone.BUSY),
    LampState.RINGING: LampLook("◂", "ring", "RING", "R", Tone.RING),
    LampState.RINGING_IN_USE: LampLook("◉", "ring+busy", "R+B", "+", Tone.BUSY_RING),
    LampState.ON_HOLD: LampLook("‖", "hold", "HOLD", "H", Tone.HELD),
    LampState.UNAVAILABLE: LampLook("□", "off", "OFF", "-", Tone.GONE),
    LampState.DND: LampLook("⊘", "dnd", "DND", "D", Tone.DND),
    LampState.UNKNOWN: LampLook("?", "unknown", "UNKN", "?", Tone.DIM),
}
_SWITCHES: Mapping[LampState, tuple[str, str]] = {
    LampState.IDLE: ("idle", "IDLE"),
    LampState.IN_USE: ("in use", "USED"),
    LampState.BUSY: ("in use", "USED"),
}
"""What a lamp that stands for no phone says in place of free and busy."""


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs of the frame: branch openers, tree lines, arrows, the scroll bar."""

    closed: str
    opened: str
    line: str
    last: str
    up: str
    down: str
    mark: str
    bar: str
    thumb: str
    more: str


UTF = Signs("▸", "▾", "│", "└", "▲", "▼", "■", "│", "┃", "…")
ASCII = Signs(">", "v", "|", "`", "^", "v", "*", "|", "#", "+")


@dataclass(slots=True)
class Looks:
    """How this run of the program draws: signs, palette, and whether colour is there at all.

    One for all screens: they draw with what it holds at the moment.
    """

    ascii: bool = False
    colours: bool = True
    palette: Mapping[Tone, Style] = field(default_factory=lambda: DARK)

    @property
    def signs(self) -> Signs:
        return ASCII if self.ascii else UTF

    @property
    def shaded(self) -> bool:
        """Whether a cursor can be shown by a shade under colours that stay readable on it."""
        return self.colours and self.palette is not SIXTEEN

    def style(self, tone: Tone) -> Style:
        """How a tone is painted with this palette."""
        return self.palette[tone]

    def faint(self, style: Style) -> Style:
        """A style for what is too old to be taken for what is."""
        return self.palette[Tone.DIM] if self.colours else style + Style(dim=True)

    def leg(self, state: LegState, certainty: Certainty, direction: Direction) -> tuple[str, Tone]:
        """The state cell of a call or leg and its tone; ``~`` marks an assumed state."""
        glyph, word, short, tone = _LEG[state]
        calling = state is LegState.RINGING and direction is Direction.OUTBOUND
        if self.ascii:
            text = "CALL" if calling else short
        else:
            text = f"{'▸' if calling else glyph} {'call' if calling else word}"
        return (text + "~" if certainty is Certainty.ASSUMED else text), tone

    def lamp(
        self, state: LampState, certainty: Certainty, *, switch: bool = False
    ) -> tuple[str, Tone]:
        """The state cell of a lamp and its tone; ``switch`` is set where it is no phone's."""
        look = LAMPS[state]
        word, short = _SWITCHES.get(state, look[1:3]) if switch else look[1:3]
        return self._stated((look.glyph, word, short, look.tone), certainty)

    def mark(self, certainty: Certainty) -> str:
        """What stands behind a state that the PBX did not say."""
        return _MARKS[certainty]

    def lamp_sign(self, state: LampState) -> str:
        """A lamp's state as one character, for the grid."""
        look = LAMPS[state]
        return look.letter if self.ascii else look.glyph

    def device(
        self, state: DeviceState, certainty: Certainty, *, slow: bool = False
    ) -> tuple[str, Tone]:
        """The state cell of a phone and its tone; ``slow`` is a registered one far away."""
        known = state is not DeviceState.UNKNOWN
        signs = _SLOW if slow and state is DeviceState.REGISTERED else _DEVICE[state]
        return self._stated(signs, certainty if known else Certainty.SEEN)

    def agent(
        self, state: AgentState, certainty: Certainty, *, reason: str = ""
    ) -> tuple[str, Tone]:
        """The state cell of a queue's agent and its tone; the reason of a pause names it."""
        known = state is not AgentState.UNKNOWN
        glyph, word, short, tone = _AGENT[state]
        signs = (glyph, reason or word, f"{short} {reason}".rstrip(), tone)
        return self._stated(signs, certainty if known else Certainty.SEEN)

    def _stated(self, signs: tuple[str, str, str, Tone], certainty: Certainty) -> tuple[str, Tone]:
        """Glyph and word, or the word for ASCII; ``~`` marks what is assumed, ``*`` inferred."""
        glyph, word, short, tone = signs
        return f"{short if self.ascii else f'{glyph} {word}'}{_MARKS[certainty]}", tone

    def fresh(self, freshness: Freshness) -> tuple[str, Tone]:
        """The sign of a reading's age and its tone."""
        glyph, word, tone = _FRESH[freshness]
        return (word if self.ascii else glyph), tone


def ascii_wanted() -> bool:
    """Whether this terminal should get words instead of glyphs.

    True when the locale says so, and on the Linux console, whose font lacks the glyphs. Python
    itself turns a ``C`` locale into ``LC_CTYPE=C.UTF-8`` at its start, so an explicit ``LANG=C``
    counts before that; where nothing is set at all the glyphs are tried.
    """
    if os.environ.get("TERM", "") in ("linux", "dumb", "vt100", "vt220"):
        return True
    everywhere, named, spoken = (
        os.environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")
    )
    if not everywhere and named == "C.UTF-8" and spoken in ("C", "POSIX"):
        return True
    locale = everywhere or named or spoken or "UTF-8"
    return "utf8" not in locale.lower().replace("-", "")


def palette_for(theme: str, color_system: str | None) -> Mapping[Tone, Style]:
    """The palette for a theme of ours on a terminal with that colour system."""
    if color_system in ("standard", "windows"):
        return SIXTEEN
    return {"light": LIGHT, "safe": SAFE}.get(theme, DARK)
