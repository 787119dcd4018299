"""``pbxtui check``: everything of every site once, what works, and what each PBX can do."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pbxtui.backends.base import Backend, BackendError, Described
from pbxtui.backends.settings import SiteSettings
from pbxtui.cli.arguments import Options
from pbxtui.cli.choosing import configured
from pbxtui.cli.output import NOT_READ, OK, flush, folded, put, say
from pbxtui.cli.reading import opened, read
from pbxtui.model import KINDS_OF, Fault, FaultKind, Quota, Topic, Verb
from pbxtui.service import Site, open_fleet

HOPELESS = frozenset(
    {FaultKind.LOGIN, FaultKind.REFUSED, FaultKind.ADDRESS, FaultKind.TLS, FaultKind.INTERNAL}
)
"""After one of these the other topics are not tried: they would only fail, or lock an account."""

INDENT = 18
"""How much further in than its line the rest of a long one starts: below its words."""
SKEW_WORTH_SAYING = 2.0
"""Seconds; the clock is told in whole seconds by some PBXs."""


@dataclass(slots=True)
class _Result:
    """How reading one site went; ``tried`` has a fault, or None, for each topic in order."""

    site: Site
    backend: Backend | None = None
    fault: Fault | None = None
    tried: dict[Topic, Fault | None] = field(default_factory=dict)
    about: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        return self.fault is None and not any(self.tried.values())


def check(options: Options) -> int:
    """Print a report for each site; the status is 1 when anything could not be read."""
    return asyncio.run(_check(configured(options)))


async def _check(settings: Sequence[SiteSettings]) -> int:
    fleet = open_fleet(settings)
    bad: list[str] = []
    try:
        running = [asyncio.create_task(_try(site)) for site in fleet.sites]
        for task in running:
            result = await task
            for line in _report(result):
                put(folded(line, sys.stdout, INDENT))
            put("")
            flush()
            if not result.good:
                bad.append(result.site.name)
    finally:
        await fleet.stop()
    if bad:
        say(f"could not be read in full: {', '.join(bad)}")
    return NOT_READ if bad else OK


async def _try(site: Site) -> _Result:
    backend = await opened(site)
    if isinstance(backend, Fault):
        return _Result(site, fault=backend)
    result = _Result(site, backend)
    for topic in Topic:
        if topic not in backend.topics:
            continue
        fault = await read(site, topic)
        result.tried[topic] = fault
        if fault is not None and fault.kind in HOPELESS:
            break
    if isinstance(backend, Described) and result.good:
        with contextlib.suppress(BackendError):
            result.about = await backend.about()
    return result


def _report(result: _Result) -> Iterator[str]:
    site, backend = result.site, result.backend
    if backend is None:
        yield f"{site.name}  {site.kind}"
        yield f"  {'open':<10}FAILED  {result.fault}"
        return
    yield f"{site.name}  {site.kind} at {backend.address}"
    if result.about:
        yield f"  {'about':<10}{', '.join(result.about)}"
    yield f"  {'login':<10}{_login(result)}"
    for topic in Topic:
        yield from _topic(result, backend, topic)
    if any(fault is None for fault in result.tried.values()):
        yield f"  {'clock':<10}{_clock(site.skew)}"
    if backend.quota is not None:
        yield f"  {'quota':<10}{_quota(backend.quota)}"
    yield from _capabilities(site, backend)


def _login(result: _Result) -> str:
    faults = [fault for fault in result.tried.values() if fault is not None]
    refused = [fault for fault in faults if fault.kind is FaultKind.LOGIN]
    if refused:
        return f"FAILED  {refused[0]}"
    if any(fault is None for fault in result.tried.values()):
        return "ok"
    return "unknown: nothing could be read"


def _topic(result: _Result, backend: Backend, topic: Topic) -> Iterator[str]:
    site = result.site
    if topic in result.tried:
        fault, health = result.tried[topic], site.health[topic]
        if fault is None:
            kinds = [kind for kind in KINDS_OF[topic] if kind not in backend.missing]
            counts = ", ".join(_count(len(site.snapshot.of(kind)), kind) for kind in kinds)
            yield f"  {topic:<10}ok      {counts or 'nothing'} in {_seconds(health.latency)}"
        else:
            yield f"  {topic:<10}FAILED  {fault}"
        for note in health.notes if fault is None else ():
            yield f"  {'':<10}note    {note}"
    elif topic in backend.topics:
        yield f"  {topic:<10}not tried"
    for kind in KINDS_OF[topic]:
        why = backend.missing.get(kind)
        if why is not None:
            yield f"  {kind:<10}none    {why}"


def _count(number: int, things: str) -> str:
    """``1 call``, ``2 calls``: the words are plurals by an s."""
    return f"{number} {things.removesuffix('s') if number == 1 else things}"


def _seconds(latency: float | None) -> str:
    return "an unknown time" if latency is None else f"{latency:.2f} s"


def _clock(skew: float) -> str:
    if abs(skew) < SKEW_WORTH_SAYING:
        return "ok      within two seconds of ours"
    return f"note    {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} ours"


def _quota(quota: Quota) -> str:
    left = "?" if quota.remaining is None else str(quota.remaining)
    limit = "" if quota.limit is None else f" of {quota.limit}"
    requests = "request" if left == "1" and not limit else "requests"
    reset = "" if quota.reset_in is None else f", again in {quota.reset_in:.0f} s"
    return f"{left}{limit} {requests} left{reset}"


def _capabilities(site: Site, backend: Backend) -> Iterator[str]:
    """What this PBX can do, and for the rest why not and what comes nearest."""
    known = [verb for verb in Verb if verb in backend.capabilities]
    can = [verb for verb in known if backend.capabilities[verb].possible]
    yield f"  {'can':<10}{', '.join(can) or 'nothing but show'}"
    if site.settings.read_only and can:
        yield f"  {'':<10}but read_only is set: pbxtui does none of it"
    for verb in known:
        capability = backend.capabilities[verb]
        if not capability.possible:
            nearest = f" (nearest: {capability.nearest})" if capability.nearest else ""
            yield f"  {'cannot':<10}{verb:<12}{capability.why}{nearest}"
