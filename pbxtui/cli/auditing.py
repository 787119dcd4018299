"""``pbxtui audit``: the journal of every action, as a table or as JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from pbxtui.cli.arguments import Options
from pbxtui.cli.output import NOT_READ, OK, put, say
from pbxtui.cli.table import table
from pbxtui.cli.telling import aloud, left_over, local
from pbxtui.service.acting import Entry, Journal, Trouble, entries
from pbxtui.service.acting.entries import close_unfinished

_TITLES = ("WHEN", "WHO", "SITE", "ACTION", "RESULT", "SEEN", "WHAT")


def audit(options: Options) -> int:
    """Print the journal, oldest first; the status is 1 when a file of it cannot be read."""
    aloud()
    journal = Journal()
    for entry in close_unfinished(journal):
        say(left_over(entry))
    troubles: list[Trouble] = []
    since = None if options.since is None else datetime.fromtimestamp(options.since, UTC)
    every = entries(journal.folder, since=since, trouble=troubles.append)
    chosen = [entry for entry in every if not options.site or entry.site in options.site]
    for line in _json(chosen) if options.json else _table(chosen):
        put(line)
    for trouble in troubles:
        say(str(trouble))
    for name in options.site:
        if not any(entry.site == name for entry in every):
            say(f"the journal has nothing of a site “{name}” in this time")
    return NOT_READ if any(trouble.reason for trouble in troubles) else OK


def _json(found: Sequence[Entry]) -> Iterator[str]:
    for entry in found:
        yield json.dumps(entry.plain(), ensure_ascii=True, separators=(",", ":"))


def _table(found: Sequence[Entry]) -> Iterator[str]:
    if found:
        yield from table(_TITLES, [_cells(entry) for entry in found], open_end=True)


def _cells(entry: Entry) -> tuple[str, ...]:
    what = f"{entry.what} ({entry.words})" if entry.words else entry.what
    return (
        local(entry.when),
        entry.who,
        entry.site,
        entry.verb,
        _result(entry),
        entry.observed.replace("_", " "),
        what,
    )


def _result(entry: Entry) -> str:
    """What came back. Without a result it is under way, or was when the machine went down."""
    if entry.unfinished:
        return "no answer yet"
    if entry.step == "undone":
        return "undone"
    return entry.outcome.replace("_", " ")
