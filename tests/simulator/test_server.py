"""A face on a real port: killed and back, and ended by a signal."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys

import httpx
import pytest

from pbxtui.simulator.server import Running, running
from pbxtui.simulator.vonage import BASE, build_vonage
from tests.simulator.world import CALLS, Clock, client_of

PROGRAM = """
from pbxtui.simulator.server import serve
from pbxtui.simulator.vonage import build_vonage
site = build_vonage()
serve(site.app, ready=lambda server: print(server.url, flush=True))
print("ended")
"""


async def test_killed_and_back_on_the_same_port() -> None:
    built = build_vonage(1, 10, clock=Clock())
    async with client_of(built) as (client, server):
        url = server.url
        before = await client.get(CALLS)
        assert server.connections == 1
        await server.stop()
        assert not server.listening
        with pytest.raises(httpx.TransportError):
            await client.get(CALLS)  # on the connection that was kept open
        with pytest.raises(httpx.ConnectError):
            await client.get(CALLS)
        await server.start()
        assert server.url == url
        assert (await client.get(CALLS)).content == before.content
        await server.stop()
        await server.stop()


async def test_stopping_does_not_wait_for_open_requests() -> None:
    built = build_vonage(1, 10, clock=Clock())
    built.faults.set("timeout")
    async with client_of(built) as (client, server):
        pending = asyncio.ensure_future(client.get(CALLS, timeout=60))
        await built.faults.arrived(1)
        await server.stop()
        with pytest.raises(httpx.TransportError):
            await pending


async def test_two_on_one_port_is_an_error() -> None:
    built = build_vonage(1, 1, 10, clock=Clock())
    async with running(built.app) as server:
        second = Running(built.app, "127.0.0.1", server.port, None)
        with pytest.raises(OSError, match="in use"):
            await second.start()


async def test_the_office_lives_by_the_clock_between_requests() -> None:
    clock = Clock()
    built = build_vonage(1, 20, clock=clock, churn=0.05)
    async with client_of(built) as (client, _):
        before = (await client.get(CALLS)).json()["calls"]
        clock.now += 30
        after = (await client.get(CALLS)).json()["calls"]
        gone = {call["call_id"] for call in before} - {call["call_id"] for call in after}
        assert gone
        assert built.office.now == clock.now


async def test_in_the_process_without_a_port() -> None:
    built = build_vonage(1, 10, clock=Clock())
    transport = httpx.ASGITransport(built.app)
    headers = {"authorization": f"Bearer {built.access_token}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://simulated" + BASE, headers=headers
    ) as client:
        assert (await client.get(CALLS)).json()["calls"]
        built.faults.set("reset")
        with pytest.raises(ConnectionResetError):
            await client.get(CALLS)
        built.faults.clear()
        built.faults.set("truncate")
        with pytest.raises(ConnectionError):
            await client.get(CALLS)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_serve_ends_cleanly_on_a_signal(name: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        url = program.stdout.readline().strip()
        try:
            with httpx.Client(trust_env=False) as client:
                assert client.get(url + BASE + CALLS).status_code == 401
                program.send_signal(getattr(signal, name))
                output, errors = program.communicate(timeout=60)
        finally:
            program.kill()
    assert program.returncode == 0
    assert output == "ended\n"
    assert errors == ""
