"""A stage with lamps: what the PBXs of a test show of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.pilot import Pilot

from pbxtui.model import Call, Flow, Kind, Lamp, LampState, Thing, Topic
from tests.ui.stage import NOON, Stage, set_stage

BOTH = frozenset({Topic.CALLS, Topic.LAMPS})
NO_LAMPS = "This PBX has no lamps; its calls say which phone is busy."


def lamp(
    extension: str,
    state: LampState = LampState.IDLE,
    *,
    site: str = "hq",
    name: str = "",
    age: float | None = 300.0,
) -> Lamp:
    """A lamp whose state began ``age`` seconds before noon."""
    since = NOON - age if age is not None else None
    return Lamp(site, f"{extension}@x", state, extension=extension, name=name, since=since)


def flow(
    number: str, name: str, value: str, state: LampState = LampState.IDLE, *, site: str = "hq"
) -> Flow:
    return Flow(site, f"f{number}", state, number=number, name=name, value=value)


def give(stage: Stage, *things: Lamp | Flow, site: str = "hq") -> None:
    """The lamps and flows of a site's next reading."""
    own = [thing for thing in things if thing.site == site]
    held = stage.backends[site].things
    held[Kind.LAMPS] = _by_id(thing for thing in own if isinstance(thing, Lamp))
    held[Kind.FLOWS] = _by_id(thing for thing in own if isinstance(thing, Flow))


def _by_id(things: Iterable[Lamp | Flow]) -> dict[str, Thing]:
    return {thing.id: thing for thing in things}


def lamps_stage(
    *things: Lamp | Flow,
    calls: Sequence[Call] = (),
    sites: Sequence[str] = ("hq",),
    without: Sequence[str] = (),
    ascii: bool = False,
) -> Stage:
    """An app over sites with lamps; those in ``without`` are PBXs that have none."""
    stage = set_stage(*calls, sites=sites, ascii=ascii)
    for site in sites:
        backend = stage.backends[site]
        if site in without:
            backend.missing = {Kind.LAMPS: NO_LAMPS}
            continue
        backend.topics = BOTH
        give(stage, *things, site=site)
    return stage


async def relit(stage: Stage, pilot: Pilot[None], *things: Lamp | Flow, site: str = "hq") -> None:
    """The next reading of a site's lamps, shown."""
    give(stage, *things, site=site)
    await stage.fleet.site(site).read(Topic.LAMPS)
    await pilot.pause()
