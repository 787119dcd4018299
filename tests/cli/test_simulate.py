"""``pbxtui simulate`` and the demo."""

from __future__ import annotations

import os
import signal
import socket

import pytest

from pbxtui.cli.demo import demo_fleet
from pbxtui.model import Topic
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


@pytest.mark.parametrize(("calls", "phones"), [(0, 10), (1, None), (40, 80), (41, 82)])
async def test_the_demo_of_any_size(calls: int, phones: int | None) -> None:
    fleet = demo_fleet(seed=7, calls=calls, phones=phones)
    try:
        for site in fleet.sites:
            await site.read(Topic.CALLS)
    finally:
        await fleet.stop()
