"""The arguments of the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from pbxtui import __version__

if TYPE_CHECKING:
    from pbxtui.cli.order import Order

KINDS = ("calls", "devices", "queues", "agents", "lamps", "flows")
SIMULATED = ("vonage", "mirta", "telphin")
TOLD = (*KINDS, "health")
PROFILES = ("live", "documented")
MAX_CALLS = 20_000
MAX_PHONES = 50_000


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for. ``command`` is ``open`` where none was named.

    ``phones`` is None for as many as the calls need; ``ascii`` and ``mouse`` are None where the
    command line leaves them to the config. ``order`` is what ``do`` is to do, ``since`` the moment
    (epoch seconds) from which ``audit`` reads.
    """

    command: str = "open"
    config: Path | None = None
    site: tuple[str, ...] = ()
    ascii: bool | None = None
    linear: bool = False
    only: tuple[str, ...] = ()
    filter: str = ""
    mouse: bool | None = None
    kind: str = ""
    json: bool = False
    force: bool = False
    seed: int = 1
    calls: int = 40
    phones: int | None = None
    port: int = 8780
    profile: str = "live"
    fault: tuple[str, ...] = ()
    switch: tuple[str, ...] = ()
    order: Order | None = None
    since: float | None = None


class _Parser(argparse.ArgumentParser):
    """Names the nearest valid word to one that it does not know."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {message}\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        from pbxtui.config.nearest import did_you_mean

        words = [str(choice) for choice in action.choices]
        raise argparse.ArgumentError(
            action, f"unknown {value!r}; {did_you_mean(str(value), words)}"
        )


def _number(lowest: int, highest: int) -> Callable[[str], int]:
    """A whole number within bounds, both of them valid."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = lowest - 1
        if not lowest <= number <= highest:
            raise argparse.ArgumentTypeError(
                f"expected a whole number from {lowest} to {highest}, not {text[:40]!r}"
            )
        return number

    return read


def _told(text: str) -> tuple[str, ...]:
    """Kinds of sentences, between commas."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names or (text,):
        if name not in TOLD:
            from pbxtui.config.nearest import did_you_mean

            raise argparse.ArgumentTypeError(f"unknown {name!r}; {did_you_mean(name, TOLD)}")
    return names


def _file(text: str) -> Path:
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("expected the name of a file")
    path = Path(text)
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def _since(text: str) -> float:
    from pbxtui.cli.since import moment

    try:
        return moment(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _shared(*, site: bool = False, look: bool = False) -> _Parser:
    """Options that may stand before the command or after it; whoever is last wins."""
    parser = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    parser.add_argument("--config", type=_file, metavar="FILE", help="use this config")
    if site:
        parser.add_argument(
            "--site", action="append", metavar="NAME", help="only this site; may be repeated"
        )
    if look:
        parser.add_argument("--ascii", action="store_true", help="words and lines in plain ASCII")
        parser.add_argument(
            "--no-mouse", dest="mouse", action="store_false", help="leave the mouse to the terminal"
        )
        parser.add_argument(
            "--linear",
            action="store_true",
            help="no screens: one sentence for each change, for screen readers and logs",
        )
        parser.add_argument(
            "--only",
            type=_told,
            metavar="KIND,…",
            help=f"with --linear, tell of these alone: {', '.join(TOLD)}",
        )
        parser.add_argument(
            "--filter",
            metavar="WORDS",
            help="with --linear, tell only what matches, as the filter of the screens",
        )
    return parser


def build(*, acts: bool = True) -> argparse.ArgumentParser:
    """The parser of the whole command line; the actions of ``do`` only with ``acts``."""
    parser = _Parser(
        prog="pbxtui",
        parents=[_shared(site=True, look=True)],
        argument_default=argparse.SUPPRESS,
        allow_abbrev=False,
        description="One terminal for every PBX: opens the sites of the config.",
        epilog="With no config it opens the demo. `pbxtui init` writes a config to fill in.",
    )
    parser.add_argument("--version", action="version", version=f"pbxtui {__version__}")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title="commands", parser_class=_Parser
    )

    def command(
        name: str, help: str, *, site: bool = False, look: bool = False
    ) -> argparse.ArgumentParser:
        return commands.add_parser(
            name,
            help=help,
            description=help[0].upper() + help[1:] + ".",
            parents=[_shared(site=site, look=look)],
            argument_default=argparse.SUPPRESS,
            allow_abbrev=False,
        )

    demo = command("demo", "open simulated PBXs, each in its own wire format", look=True)
    _add_office(demo)
    demo.add_argument("--phones", type=_number(10, MAX_PHONES), metavar="N", help="phones in all")

    simulate = command("simulate", "serve a simulated office on this machine, until Ctrl+C")
    simulate.add_argument("kind", choices=SIMULATED, metavar="KIND", help=", ".join(SIMULATED))
    simulate.add_argument(
        "--port", type=_number(0, 65535), metavar="P", help="8780 by default; 0 is any free one"
    )
    _add_office(simulate)
    simulate.add_argument(
        "--profile",
        choices=PROFILES,
        metavar="PROFILE",
        help="the wire as it was seen live, or as it is documented",
    )
    simulate.add_argument(
        "--switch",
        action="append",
        metavar="NAME=VALUE",
        help="set something about the wire that nobody knows for sure; a wrong NAME is answered "
        "with all that there are; may be repeated",
    )

    list_ = command("list", "read once and print a table, or JSON", site=True)
    list_.add_argument("kind", choices=KINDS, metavar="KIND", help=", ".join(KINDS))
    list_.add_argument("--json", action="store_true", help="print JSON")

    do = command("do", "act on a call, an agent, a flow or a phone")
    if acts:
        from pbxtui.cli import order

        do.formatter_class = argparse.RawDescriptionHelpFormatter
        do.description, do.epilog = order.DESCRIPTION, order.EPILOG
        order.add_acts(do, _shared())

    audit = command("audit", "read the journal of every action", site=True)
    audit.add_argument(
        "--since",
        type=_since,
        metavar="WHEN",
        help="30m, 2h, 3d, 1w, today, yesterday, 14:00, 2026-11-01 or 2026-11-01T14:00",
    )
    audit.add_argument("--json", action="store_true", help="print JSON Lines: one action a line")

    check = command("check", "read everything of every site once and say what works", site=True)
    check.add_argument("sites", nargs="*", metavar="SITE", help="only these sites")
    init = command("init", "write a commented config that only you can read")
    init.add_argument("--force", action="store_true", help="write over the config that is there")
    command("config", "say where the config is and what it says, secrets masked")
    return parser


def _add_office(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seed", type=_number(0, 2**32 - 1), metavar="N", help="another office for another number"
    )
    parser.add_argument(
        "--calls", type=_number(0, MAX_CALLS), metavar="N", help="calls at any time, about"
    )
    parser.add_argument(
        "--fault",
        action="append",
        metavar="NAME[=RATE][@reads|actions|both]",
        help="let something go wrong, as in timeout@actions or 503=0.3@reads; a wrong NAME is "
        "answered with all that there are; may be repeated",
    )


def parse(argv: Sequence[str] | None = None) -> Options:
    """The options of a command line. Raises ``SystemExit`` as argparse does."""
    words = sys.argv[1:] if argv is None else argv
    found = vars(build(acts="do" in words).parse_args(words))
    if found.get("command") is None:
        found["command"] = "open"
    if found["command"] == "do":
        from pbxtui.cli.order import order_of

        found["order"] = order_of(found)
    named = found.pop("sites", [])
    if named:
        found["site"] = [*found.get("site", []), *named]
    for name in ("site", "fault", "switch"):
        if name in found:
            found[name] = tuple(dict.fromkeys(found[name]))
    return Options(**found)
