"""The demo with its clock at rest: the same seed gives the same picture."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any

from textual.pilot import Pilot

from pbxtui.cli.demo import demo_fleet
from pbxtui.config import Config
from pbxtui.model import Topic
from pbxtui.service import Fleet
from pbxtui.ui.app import PbxApp
from pbxtui.ui.options import Options
from tests.ui.stage import NOON, Clock


async def read_in_order(fleet: Fleet) -> None:
    """Read every topic of every site once, one after another."""
    for site in fleet.sites:
        backend = await site.open()
        for topic in sorted(backend.topics):
            await site.read(topic)


def demo_app(
    *,
    seed: int = 4,
    calls: int = 24,
    ascii: bool = False,
    theme: str = "dark",
    keymap: Mapping[str, str] | None = None,
    clock: Callable[[], float] = lambda: NOON,
    config: Config | None = None,
) -> PbxApp:
    """The app over the demo's simulated PBXs, already read; without a ``clock`` it is noon.

    ``config`` has the profile and the rights.
    """
    general = config or Config()

    def opener() -> Fleet:
        fleet = demo_fleet(seed=seed, calls=calls, phones=None, clock=clock)
        asyncio.run(read_in_order(fleet))
        return fleet

    options = Options(
        ascii=ascii,
        theme=theme,
        keymap=keymap or {},
        note="demo",
        profile=general.profile,
        config=lambda: general,
        clock=clock,
        zone=UTC,
    )
    return PbxApp(opener, options)


async def settled(pilot: Pilot[Any]) -> PbxApp:
    """Wait until the demo's first readings are on the screen."""
    app = pilot.app
    assert isinstance(app, PbxApp)
    while app.fleet is None or not app.calls.list.rows:
        await pilot.pause()
    while any(
        site.health[topic].read_at is None
        for site in app.fleet.sites
        for topic in (Topic.CALLS, Topic.DEVICES)
    ):
        await pilot.pause()
    return app


async def lived(app: PbxApp, clock: Clock, seconds: int) -> None:
    """Let time go by, reading the calls every second."""
    assert app.fleet is not None
    for _ in range(seconds):
        clock.now += 1.0
        for site in app.fleet.sites:
            await site.read(Topic.CALLS)
    app._tick()
