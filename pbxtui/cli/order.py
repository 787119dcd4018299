"""``pbxtui do``: the table of its actions, their arguments, and what was asked for."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pbxtui.model import Kind, LampState, Listening, Verb

WAIT = 30.0
"""Seconds for which ``--wait`` waits where it is not said how long."""
_LONGEST_WAIT = 3600

Adder = Callable[[argparse.ArgumentParser], object]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done, in the words of the command line; nothing of it is resolved yet.

    ``name`` names the call, agent, flow or phone of ``kind``, ``leg`` a leg of the call. ``said``
    are the fields of :class:`pbxtui.service.acting.Ask` that were given. ``typed`` is the name
    that was typed for what needs one, ``wait`` in seconds, None where nobody waits.
    """

    verb: Verb
    kind: Kind | None
    site: str
    name: str = ""
    leg: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)
    typed: str = ""
    yes: bool = False
    dry_run: bool = False
    wait: float | None = None
    json: bool = False

    def __str__(self) -> str:
        """What was typed, for what cannot be said in a sentence of who hears what."""
        to, by = self.said.get("to", ""), self.said.get("extension", "")
        words = [self.verb.value, self.name, self.leg, to and f"to {to}", by and f"by {by}"]
        return " ".join([*filter(None, words), "at", self.site])


@dataclass(frozen=True, slots=True)
class Act:
    """An action of the command line: a row of :data:`ACTS`.

    ``kind`` is what it is done to, None for dialling. ``said`` is what its word says by itself.
    """

    word: str
    verb: Verb
    kind: Kind | None
    help: str
    options: tuple[Adder, ...] = ()
    said: Mapping[str, Any] = field(default_factory=dict)


def _option(*flags: str, **how: Any) -> Adder:
    return lambda parser: parser.add_argument(*flags, **how)


_STATES = {
    "idle": LampState.IDLE,
    "notinuse": LampState.IDLE,
    "inuse": LampState.IN_USE,
    "busy": LampState.BUSY,
    "ringing": LampState.RINGING,
    "ringinuse": LampState.RINGING_IN_USE,
    "ringinginuse": LampState.RINGING_IN_USE,
    "onhold": LampState.ON_HOLD,
    "unavailable": LampState.UNAVAILABLE,
    "dnd": LampState.DND,
}
"""The states of a flow as people write them, without ``_`` and ``-``: ours, and Asterisk's."""

_STATE_WORDS = ("NOT_INUSE", "INUSE", "BUSY", "RINGING", "RINGINUSE", "ONHOLD", "UNAVAILABLE")


def _state(text: str) -> LampState:
    state = _STATES.get(text.strip().lower().replace("_", "").replace("-", ""))
    if state is None:
        from pbxtui.config.nearest import did_you_mean

        near = did_you_mean(text, _STATE_WORDS)
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is no state of a flow; {near}")
    return state


def _on(text: str) -> bool:
    if text.lower() not in ("on", "off"):
        raise argparse.ArgumentTypeError(f"expected on or off, not {text[:40]!r}")
    return text.lower() == "on"


def _how(text: str) -> Listening:
    try:
        return Listening(text.lower())
    except ValueError:
        from pbxtui.config.nearest import did_you_mean

        raise argparse.ArgumentTypeError(
            f"unknown {text[:40]!r}; {did_you_mean(text, list(Listening))}"
        ) from None


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _LONGEST_WAIT:
        raise argparse.ArgumentTypeError(
            f"expected seconds, up to {_LONGEST_WAIT}, not {text[:40]!r}; without a number, "
            "--wait stands at the end"
        )
    return seconds


def _to(what: str) -> Adder:
    return _option("--to", required=True, metavar="NUMBER", help=what)


def _phone(does: str, *flags: str) -> Adder:
    return _option(
        *(flags or ("--extension",)),
        dest="extension",
        metavar="EXT",
        help=f"the phone of the house that {does}; else extension of the site in the config",
    )


_QUEUE = _option(
    "--queue", metavar="QUEUE", help="in this queue only, by its id or name; else in every one"
)
_NAME = _option("--name", dest="typed", metavar="NAME", help="its name once more, as a yes")
_WHICH = _option("on", type=_on, metavar="on|off", help="begin or end it")

ACTS: tuple[Act, ...] = (
    Act("hangup", Verb.HANGUP, Kind.CALLS, "hang up a call, or one leg of it (asks)"),
    Act("hold", Verb.HOLD, Kind.CALLS, "put the other side on hold"),
    Act("resume", Verb.RESUME, Kind.CALLS, "end a hold"),
    Act(
        "transfer",
        Verb.TRANSFER,
        Kind.CALLS,
        "send somebody on to a number",
        (
            _to("where to"),
            _option(
                "--attended",
                dest="verb",
                action="store_const",
                const=Verb.ATTENDED,
                help="speak to them first",
            ),
        ),
    ),
    Act(
        "complete",
        Verb.COMPLETE,
        Kind.CALLS,
        "complete an attended transfer: who waits talks with whoever is asked",
    ),
    Act("cancel", Verb.CANCEL, Kind.CALLS, "cancel an attended transfer: back to who waits"),
    Act("park", Verb.PARK, Kind.CALLS, "park a call"),
    Act("retrieve", Verb.RETRIEVE, Kind.CALLS, "take a parked call back", (_phone("takes it"),)),
    Act(
        "answer",
        Verb.ANSWER,
        Kind.CALLS,
        "answer a call that rings, or pick it up",
        (_phone("answers"),),
    ),
    Act(
        "dial",
        Verb.DIAL,
        None,
        "ring a phone of the house, then a number",
        (_to("the number to dial"), _phone("dials", "--from")),
    ),
    Act(
        "dtmf",
        Verb.DTMF,
        Kind.CALLS,
        "send tones into a call",
        (_option("--digits", required=True, metavar="TONES", help="0 to 9, *, # and A to D"),),
    ),
    Act("record", Verb.RECORD, Kind.CALLS, "begin or end recording", (_WHICH,)),
    Act(
        "monitor",
        Verb.MONITOR,
        Kind.CALLS,
        "listen in on a call",
        (
            _option(
                "--how",
                type=_how,
                metavar="HOW",
                help="listen (the default), whisper to the phone of the house, or barge in",
            ),
            _phone("listens"),
        ),
    ),
    Act(
        "pause",
        Verb.PAUSE,
        Kind.AGENTS,
        "pause an agent",
        (_QUEUE, _option("--reason", metavar="WHY", help="as in lunch")),
    ),
    Act("unpause", Verb.UNPAUSE, Kind.AGENTS, "end an agent's pause", (_QUEUE,)),
    Act("login", Verb.LOGIN, Kind.AGENTS, "log an agent in to a queue", (_QUEUE,)),
    Act("logout", Verb.LOGOUT, Kind.AGENTS, "log an agent out", (_QUEUE,)),
    Act(
        "flow",
        Verb.FLOW,
        Kind.FLOWS,
        "set a flow: its state, its value, or both",
        (
            _option(
                "state",
                nargs="?",
                default=None,
                type=_state,
                metavar="STATE",
                help=", ".join(_STATE_WORDS),
            ),
            _option("--value", metavar="TEXT", help="the value that it gets"),
        ),
    ),
    Act("unregister", Verb.UNREGISTER, Kind.DEVICES, "unregister a phone (asks)", (_NAME,)),
    Act("reboot", Verb.REBOOT, Kind.DEVICES, "restart a phone (asks)", (_NAME,)),
)
"""Every action. A new one is a row here; the service aims it."""

_NAMED = {
    Kind.CALLS: ("CALL", "the call's id, as `pbxtui list calls --json` prints it"),
    Kind.AGENTS: ("AGENT", "the agent's id, extension or name"),
    Kind.FLOWS: ("FLOW", "the flow's number, id or name"),
    Kind.DEVICES: ("PHONE", "the phone's id, extension or name"),
}
_LEG = "one leg: its id, or the extension or number that it is at"

DESCRIPTION = "One action, through the same checks, sentence and journal as on the screen."
EPILOG = """\
Of an id or a name its beginning is enough (four characters) where only one begins so; a number is
never cut. The sentence and the outcome go to standard output, warnings and refusals to standard
error.

The command itself opens the lock that the profile noc starts with: the lock is against a slip of
a key. read_only, allow and deny of the config stand. What cannot be taken back asks first; in a
script that needs --yes, and a phone's name needs --name. Nothing is ever sent twice.

exit status:
  0  accepted, or, with --wait, seen (or accepted where this PBX does not show the effect)
  1  the site could not be read: nothing was sent
  2  wrong use, or a wrong config
  3  refused, by pbxtui (nothing was sent) or by the PBX
  4  not confirmed; with --wait also: accepted, but not seen
  130, 143  ended by Ctrl+C or SIGTERM; the journal has what is known
  141  nobody reads the output any more: nothing was sent
"""


def add_acts(parser: argparse.ArgumentParser, shared: argparse.ArgumentParser) -> None:
    """Give the parser of ``do`` its actions; ``shared`` are options that each of them takes."""
    acts = parser.add_subparsers(
        dest="word", metavar="ACTION", title="actions", required=True, parser_class=type(parser)
    )
    for act in ACTS:
        one = acts.add_parser(
            act.word,
            help=act.help,
            description=f"{act.help[0].upper()}{act.help[1:]}.",
            epilog=EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            parents=[shared],
            argument_default=argparse.SUPPRESS,
            allow_abbrev=False,
        )
        one.add_argument("at", metavar="SITE", help="the site's name in the config")
        if act.kind is not None:
            word, help = _NAMED[act.kind]
            one.add_argument("name", metavar=word, help=help)
        if act.kind is Kind.CALLS:
            one.add_argument("leg", nargs="?", default=None, metavar="LEG", help=_LEG)
        for add in act.options:
            add(one)
        _add_common(one)


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, no more")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument(
        "--wait",
        nargs="?",
        type=_seconds,
        const=WAIT,
        metavar="SECONDS",
        help=f"wait until the effect is seen, {WAIT:.0f} s at most",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


_OWN = ("name", "leg", "typed", "yes", "dry_run", "wait", "json")


def order_of(found: dict[str, Any]) -> Order:
    """The order in what was parsed, which is taken out of ``found``."""
    word = found.pop("word")
    act = next(act for act in ACTS if act.word == word)
    own = {name: found.pop(name) for name in _OWN if found.get(name) is not None}
    verb, site = found.pop("verb", act.verb), found.pop("at")
    said = {name: found.pop(name) for name in _asked() if name in found}
    for name in _OWN:
        found.pop(name, None)
    given = {name: value for name, value in said.items() if value is not None}
    return Order(verb, act.kind, site, said={**act.said, **given}, **own)


def _asked() -> Sequence[str]:
    return ("to", "extension", "digits", "on", "how", "queue", "reason", "state", "value")
