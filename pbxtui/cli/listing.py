"""``pbxtui list``: one reading of every site, as a table or as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pbxtui.backends.settings import SiteSettings
from pbxtui.cli.arguments import Options
from pbxtui.cli.choosing import configured
from pbxtui.cli.output import NOT_READ, OK, put, say
from pbxtui.cli.reading import opened, read
from pbxtui.cli.rows import COLUMNS, in_order
from pbxtui.cli.table import table
from pbxtui.model import TOPIC_OF, Fault, Kind
from pbxtui.model.export import plain
from pbxtui.service import Site, open_fleet


@dataclass(frozen=True, slots=True)
class _Result:
    """How reading one site went. ``absent`` says why this PBX has nothing of the kind."""

    site: Site
    fault: Fault | None = None
    absent: str = ""

    @property
    def good(self) -> bool:
        return self.fault is None and not self.absent


def list_things(options: Options) -> int:
    """Print what could be read; the status is 1 when a site could not be."""
    return asyncio.run(_list(configured(options), options))


async def _list(settings: Sequence[SiteSettings], options: Options) -> int:
    kind = Kind(options.kind)
    fleet = open_fleet(settings)
    if kind is Kind.CALLS:
        from pbxtui.service.acting.opening import show_assumed

        show_assumed(fleet)
    try:
        results = await asyncio.gather(*(_read(site, kind) for site in fleet.sites))
    finally:
        await fleet.stop()
    sites = [result.site for result in results if result.good]
    for line in _json(sites, kind) if options.json else _table(sites, kind):
        put(line)
    return _report(results, kind, named=len(options.site) == 1)


async def _read(site: Site, kind: Kind) -> _Result:
    backend = await opened(site)
    if isinstance(backend, Fault):
        return _Result(site, fault=backend)
    topic = TOPIC_OF[kind]
    if kind in backend.missing:
        return _Result(site, absent=backend.missing[kind])
    if topic not in backend.topics:
        return _Result(site, absent=f"this PBX shows no {kind}")
    return _Result(site, fault=await read(site, topic))


def _table(sites: Sequence[Site], kind: Kind) -> Iterator[str]:
    if not sites:
        return
    columns = COLUMNS[kind]
    rows = [columns.cells(thing, site.now()) for site in sites for thing in in_order(kind, site)]
    yield from table(columns.titles, rows, columns.right)


def _json(sites: Sequence[Site], kind: Kind) -> Iterator[str]:
    """An array with one object a line."""
    encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("-", "")
    things = [plain(thing) for site in sites for thing in in_order(kind, site)]
    if not things:
        yield "[]"
        return
    for index, thing in enumerate(things):
        text = json.dumps(
            thing, ensure_ascii=encoding != "utf8", allow_nan=False, separators=(",", ":")
        )
        yield ("[" if index == 0 else " ") + text + ("]" if index == len(things) - 1 else ",")


def _report(results: Sequence[_Result], kind: Kind, *, named: bool) -> int:
    """Say what is amiss at each site; the exit status."""
    status = OK
    for result in results:
        name = result.site.name
        if result.fault is not None:
            say(f"{name}: {result.fault}")
            status = NOT_READ
        elif result.absent:
            say(f"{name}: {result.absent}")
            status = NOT_READ if named else status
        else:
            for note in result.site.health[TOPIC_OF[kind]].notes:
                say(f"{name}: {note}")
    return status
