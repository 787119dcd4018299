"""``--linear``: no screens, one sentence for each change on standard output.

For screen readers and for logs; it needs no terminal. The start is a summary of each site.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from pbxtui.cli.arguments import Options
from pbxtui.cli.choosing import chosen
from pbxtui.cli.logfile import log_to_file
from pbxtui.cli.offices import demo_opener
from pbxtui.cli.output import flush, put, say
from pbxtui.config import Config, NoConfig, find, general, load

if TYPE_CHECKING:
    from pbxtui.service import Fleet, Update
    from pbxtui.service.telling import Said, Teller

TICK = 1.0
"""Seconds between two looks at what only the passing of time brings."""


def tell_sites(options: Options) -> int:
    """Tell of the configured sites; of the demo where there are none. The exit status."""
    try:
        config = load(options.config)
    except NoConfig:
        return _demo(options, Config(), "the demo: no config yet; pbxtui init writes one")
    if not config.sites:
        return _demo(options, config, "the demo: there is no [[site]] in the config yet")
    sites = chosen(config, options.site)

    def opener() -> Fleet:
        from pbxtui.service import open_fleet
        from pbxtui.service.acting.opening import show_assumed

        fleet = open_fleet(sites)
        show_assumed(fleet)
        return fleet

    return _told(opener, config, options)


def tell_demo(options: Options) -> int:
    """Tell of the demo's simulated PBXs."""
    try:
        find(options.config)
    except NoConfig:
        return _demo(options, Config(), "")
    return _demo(options, general(options.config), "")


def _demo(options: Options, config: Config, note: str) -> int:
    opener = demo_opener(options)
    if note:
        say(f"pbxtui: {note}")
    return _told(opener, config, options)


def _told(opener: Callable[[], Fleet], config: Config, options: Options) -> int:
    log_to_file()
    return asyncio.run(_Telling(opener(), config, options).run())


class _Telling:
    """Sentences as they come, until a signal or the end of whoever reads them."""

    def __init__(self, fleet: Fleet, config: Config, options: Options) -> None:
        from pbxtui.service.telling import ABOUT, FIELDS, Teller
        from pbxtui.ui.filter import parse

        self._fleet = fleet
        self._teller: Teller = Teller(
            fleet, options.only or ABOUT, (config.held.warn, config.held.alarm)
        )
        self._filter = parse(options.filter, lambda: FIELDS)
        self._ascii = _ascii(config, options)
        self._ready: deque[Said] = deque()
        self._wake = asyncio.Event()
        self._status: int | None = None
        self._broken: Exception | None = None
        self._day = ""

    async def run(self) -> int:
        """The exit status: 128 and the number of the signal that ended it."""
        for number in _signals():
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                asyncio.get_running_loop().add_signal_handler(number, self._end, 128 + number)
        self._fleet.subscribe(self._heard)
        self._say_start()
        await self._fleet.start()
        try:
            while self._status is None:
                await self._pause()
                self._guarded(self._teller.tick)
                self._put()
                _look_at_reader()
        finally:
            await self._fleet.stop()
        return self._status

    async def _pause(self) -> None:
        """Wait until there is something to say, for a tick at the longest."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TICK):
                await self._wake.wait()
        self._wake.clear()

    def _end(self, status: int) -> None:
        self._status = status
        self._wake.set()

    def _heard(self, update: Update) -> None:
        self._guarded(lambda: self._teller.take(update))
        self._wake.set()

    def _guarded(self, tell: Callable[[], Iterable[Said]]) -> None:
        """Never let a sentence break the reading of a site: it is this program that failed."""
        try:
            self._ready.extend(tell())
        except Exception as error:
            self._broken = error

    def _put(self) -> None:
        while self._ready:
            one = self._ready.popleft()
            if not self._filter or one.about == "health" or self._filter.matches(one.texts):
                self._line(one.at, one.site, one.sentence)
        if self._broken is not None:
            raise self._broken

    def _say_start(self) -> None:
        from pbxtui.service.acting.people import listed

        names = listed([site.name for site in self._fleet.sites])
        self._line(self._fleet.sites[0].clock(), "pbxtui", f"watching {names}.")

    def _line(self, at: float, who: str, words: str) -> None:
        moment = datetime.fromtimestamp(at).astimezone()
        day = f"{moment:%Y-%m-%d}"
        if day != self._day:
            self._day = day
            self._send(f"{moment:%H:%M:%S} pbxtui: it is {moment:%A} {day}.")
        self._send(f"{moment:%H:%M:%S} {who}: {words}")

    def _send(self, line: str) -> None:
        if self._ascii:
            from pbxtui.ui.spell import fold

            line = fold(line)
        put(line)
        flush()


def _signals() -> tuple[signal.Signals, ...]:
    if sys.platform == "win32":
        return ()
    return (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _look_at_reader() -> None:
    """Raise ``BrokenPipeError`` when nobody reads a pipe any more, though nothing is to be said."""
    if os.name != "posix" or sys.stdout is None:
        return
    with contextlib.suppress(ValueError, AttributeError):
        looker = select.poll()
        looker.register(sys.stdout.fileno(), 0)
        if any(event & select.POLLERR for _, event in looker.poll(0)):
            raise BrokenPipeError


def _ascii(config: Config, options: Options) -> bool:
    wanted = config.ascii if options.ascii is None else options.ascii
    if wanted is not None:
        return wanted
    encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("-", "")
    return encoding != "utf8"
