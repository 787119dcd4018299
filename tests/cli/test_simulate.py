"""``pbxtui simulate`` and the demo."""

from __future__ import annotations

import os
import signal
import socket

import httpx
import pytest

from pbxtui.cli.demo import Switchboard, demo_fleet
from pbxtui.cli.faulty import faults_of
from pbxtui.model import Answered, Hangup, LegState, Topic
from pbxtui.simulator.makes import build
from tests.cli.conftest import Home, Simulate


def test_it_prints_its_address_and_a_config_that_works(home: Home, simulate: Simulate) -> None:
    live = simulate("--seed", "3", "--calls", "4")
    documented = simulate("--seed", "3", "--calls", "4", "--profile", "documented")

    for simulated in (live, documented):
        assert simulated.url.startswith("http://127.0.0.1:")
        done = home.run("list", "devices", "--config", home.write(simulated.config))
        assert done.status == 0
        assert len(done.out.splitlines()) == 61


def test_a_port_that_is_taken_is_said(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = home.run("simulate", "vonage", "--port", str(port))

    assert (done.status, done.out) == (2, "")
    assert f"port {port} cannot be had: " in done.err
    assert "--port 0" in done.err


@pytest.mark.skipif(os.name != "posix", reason="signals to a process are POSIX's")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_end(simulate: Simulate, number: int) -> None:
    process = simulate("--calls", "2").process

    process.send_signal(number)
    out, err = process.communicate(timeout=60)

    assert process.returncode == 0
    assert out == ""
    assert err == "Ctrl+C ends it.\n"


async def test_the_demo_has_three_makes_that_can_be_read() -> None:
    fleet = demo_fleet(seed=1, calls=40, phones=100)
    try:
        for site in fleet.sites:
            await site.read(Topic.CALLS)
            await site.read(Topic.DEVICES)
    finally:
        await fleet.stop()

    made = [(site.name, site.kind) for site in fleet.sites]
    assert made == [("hq", "vonage"), ("branch", "mirta"), ("cloud", "telphin")]
    for site in fleet.sites:
        assert site.snapshot.calls
        assert site.snapshot.devices
    keys = [set(site.snapshot.calls) for site in fleet.sites]
    assert keys[0].isdisjoint(keys[1])
    assert keys[0].isdisjoint(keys[2])


@pytest.mark.parametrize(
    ("fault", "told"),
    [("reset@actions", "broke before an answer came"), ("503@actions", "503")],
)
async def test_what_goes_wrong_in_the_demo_strikes_actions_and_leaves_the_readings(
    fault: str, told: str
) -> None:
    fleet = demo_fleet(seed=1, calls=40, phones=100, faults=[fault])
    try:
        for site in fleet.sites:
            await site.read(Topic.CALLS)
            assert site.snapshot.calls
            assert site.backend is not None
            talking = next(
                one for one in site.snapshot.calls.values() if one.state is LegState.TALKING
            )
            outcome = await site.backend.act(Hangup(site=site.name, call=talking.id))
            assert outcome.answered is not Answered.ACCEPTED
            assert told in outcome.words
            await site.read(Topic.CALLS)
            assert talking.id in site.snapshot.calls
    finally:
        await fleet.stop()


async def test_silence_in_the_demo_lasts_as_long_as_a_request_waits() -> None:
    pbx = build("vonage", calls=4, faults=faults_of(["timeout"], 1))
    transport = Switchboard({"hq.demo.invalid": pbx.app})
    async with httpx.AsyncClient(transport=transport, timeout=0.1) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get("https://hq.demo.invalid/token")


@pytest.mark.parametrize(("calls", "phones"), [(0, 10), (1, None), (40, 80), (41, 82)])
async def test_the_demo_of_any_size(calls: int, phones: int | None) -> None:
    fleet = demo_fleet(seed=7, calls=calls, phones=phones)
    try:
        for site in fleet.sites:
            await site.read(Topic.CALLS)
    finally:
        await fleet.stop()
