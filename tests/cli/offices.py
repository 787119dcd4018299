"""Simulated offices on real ports in a thread of their own, and ``pbxtui`` run against them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from pbxtui.cli import main
from pbxtui.service.acting import Entry, entries
from pbxtui.simulator.faults import Faults, Seen
from pbxtui.simulator.office import Office
from pbxtui.simulator.server import Running, running
from pbxtui.simulator.things import Agent, Call, Extension
from tests.cli.running import DEADLINE, Done
from tests.contract.makes import MAKES, Make, small_office

T = TypeVar("T")
BY_NAME: Mapping[str, Make] = {make.name: make for make in MAKES}
EVERY = pytest.mark.parametrize("make", MAKES, ids=lambda make: make.name)
QUICK = "poll = { calls = 0.05, devices = 0.05, queues = 0.05, lamps = 0.05 }\n"


class Loop:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine there, and wait for it."""
        return self.start(work).result(DEADLINE)

    def start(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        """Have a coroutine run there."""
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def end(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(DEADLINE)
        self.loop.close()


@dataclass
class Site:
    """A simulated PBX that is served, and a config for it."""

    make: Make
    office: Office
    faults: Faults
    pbx: Any
    url: str
    loop: Loop

    def config(self, more: str = "", top: str = "") -> str:
        """The config of a site called hq; ``more`` goes into it, ``top`` stands before."""
        return f"{top}\n{self.pbx.config_toml(self.url, name='hq')}{QUICK}{more}\n"

    @property
    def secrets(self) -> tuple[str, ...]:
        return self.make.secrets(self.pbx)

    def acted(self) -> list[Seen]:
        """The requests that would change something, as they arrived."""
        return [seen for seen in self.faults.seen if seen.kind == "action"]

    def until_acted(self) -> None:
        """Wait until the first such request has arrived."""

        async def wait() -> None:
            while not self.acted():
                await self.faults.arrived(self.faults.counts.total() + 1)

        self.loop.run(wait())

    def act(self, do: Callable[[], T]) -> T:
        """Have the office do something in its own thread."""

        async def act() -> T:
            return do()

        done: T = self.loop.run(act())
        return done

    def talk(self) -> tuple[Call, Extension]:
        """A conversation of two, one of them outside, and the phone of the other."""
        for call in self.office.calls.values():
            legs = call.live_legs()
            own = [leg.extension for leg in legs if leg.extension is not None]
            if len(legs) == 2 and len(own) == 1 and all(leg.state == "talking" for leg in legs):
                return call, own[0]
        raise AssertionError("nobody talks with anybody outside")

    def agent(self) -> Agent:
        """An agent of some queue who would take a call."""
        every = self.office.building.agents
        return next(one for one in every if one.queues and one.state == "ready")

    def idle(self, place: int = 0) -> Extension:
        """A phone that is on no call and can be reached."""
        every = self.office.building.extensions
        free = [one for one in every if not one.legs and one.reachable and one.agent is None]
        return free[place]


@contextlib.contextmanager
def served(make: Make) -> Iterator[Site]:
    """A PBX of that make, served on a free port, its clock standing still."""
    loop = Loop()
    office, clock = small_office()
    faults = Faults()
    pbx = make.build(office, faults, clock)
    over, up = asyncio.Event(), asyncio.Event()
    server: list[Running] = []

    async def serve() -> None:
        async with running(pbx.app, faults=faults) as one:
            server.append(one)
            up.set()
            await over.wait()

    serving = loop.start(serve())
    try:
        loop.run(_until(up))
        yield Site(make, office, faults, pbx, server[0].url, loop)
    finally:
        loop.loop.call_soon_threadsafe(over.set)
        serving.result(DEADLINE)
        loop.end()


def numbers(legs: Iterable[Mapping[str, Any]]) -> set[str]:
    """Every number on some legs."""
    return {
        number
        for leg in legs
        for number in (leg["extension"], leg["from"]["number"], leg["to"]["number"])
    }


async def _until(event: asyncio.Event) -> None:
    await event.wait()


Serve = Callable[[Make], Site]


@dataclass
class Desk:
    """A home folder, and ``pbxtui`` run in this process with that home."""

    folder: Path
    captured: pytest.CaptureFixture[str]

    @property
    def state(self) -> Path:
        """Where the journal is."""
        return self.folder / "state" / "pbxtui"

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def at(self) -> tuple[str, ...]:
        """The arguments that name the config."""
        return "--config", str(self.config)

    def write(self, text: str) -> None:
        """Have a config from now on."""
        self.config.write_text(text, encoding="utf-8")
        self.config.chmod(0o600)

    def run(self, *arguments: str) -> Done:
        self.captured.readouterr()
        status = main([*arguments, *self.at])
        out, err = self.captured.readouterr()
        assert "Traceback" not in out + err
        return Done(status, out, err)

    def do(self, *arguments: str) -> Done:
        return self.run("do", *arguments)

    def told(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """The exit status, and the object that ``--json`` prints."""
        done = self.do(*arguments, "--json")
        value = json.loads(done.out)
        assert isinstance(value, dict)
        return done.status, value

    def listed(self, kind: str) -> list[dict[str, Any]]:
        """What ``pbxtui list --json`` prints."""
        found: list[dict[str, Any]] = json.loads(self.run("list", kind, "--json").out)
        return found

    def call_of(self, extension: Extension) -> str:
        """The id of the call that a phone is on, as it is listed."""
        (call,) = [
            call["id"] for call in self.listed("calls") if extension.number in numbers(call["legs"])
        ]
        return str(call)

    def phone_of(self, extension: Extension) -> str:
        """The id of a phone of an extension, as it is listed."""
        every = self.listed("devices")
        return next(str(one["id"]) for one in every if one["extension"] == extension.number)

    def queue_of(self, agent: Agent) -> str:
        """The id of an agent's first queue, as it is listed."""
        return next(
            str(q["id"]) for q in self.listed("queues") if q["name"] == agent.queues[0].name
        )

    def journal(self) -> list[Entry]:
        return entries(self.state)

    def written(self) -> str:
        """Everything in the state folder, the log too."""
        if not self.state.exists():
            return ""
        files = sorted(path for path in self.state.rglob("*") if path.is_file())
        return "".join(path.read_text() for path in files)
