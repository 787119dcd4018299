"""``--linear``: sentences on standard output, from a process over HTTP."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pbxtui.simulator.faults import Faults
from pbxtui.simulator.server import running
from pbxtui.simulator.vonage import build_vonage
from tests.cli.conftest import DEADLINE, Home, Simulate, Simulated, site

posix = pytest.mark.skipif(os.name != "posix", reason="signals to a process are POSIX's")
LINE = re.compile(r"\d\d:\d\d:\d\d [\w-]+: .*[.?!]\Z")


class Listener:
    """A running ``pbxtui --linear`` and the lines that it has said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []

    def until(self, pattern: str) -> str:
        """Read on until a line matches; that line. Fails with all lines when it never comes."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if re.search(pattern, line):
                return self.lines[-1]
        raise AssertionError(f"never said: {pattern}\n" + "\n".join(self.lines))

    def end(self, number: int) -> tuple[int, str]:
        """The exit status after a signal, and what was said on standard error."""
        self.process.send_signal(number)
        _, err = self.process.communicate(timeout=DEADLINE)
        return self.process.returncode, err


@contextmanager
def listening(home: Home, *arguments: str | Path) -> Iterator[Listener]:
    process = home.start(*arguments)
    try:
        yield Listener(process)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@posix
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_without_a_terminal_the_demo_tells_and_a_signal_ends_it(
    home: Home, number: int, status: int
) -> None:
    with listening(home, "demo", "--linear", "--seed", "3") as heard:
        heard.until(r" hq: \d+ calls, ")
        heard.until(r": call \d+, .* (rings|calls|is answered|ended|is lost)")
        assert heard.end(number) == (status, "")
    for line in heard.lines:
        assert LINE.match(line), line
        assert not [char for char in line if unicodedata.category(char)[0] == "C"]
        assert not set("●◂▸‖×▣□○◑~") & set(line)


def test_ten_thousand_calls_at_the_start_are_one_sentence_a_site(home: Home) -> None:
    arguments = ("demo", "--linear", "--calls", "10000", "--only", "calls")
    with listening(home, *arguments) as heard:
        for name in ("hq", "branch", "cloud"):
            if not any(f" {name}: " in line for line in heard.lines):
                heard.until(f" {name}: ")
        for name in ("hq", "branch", "cloud"):
            own = [line for line in heard.lines if f" {name}: " in line]
            assert re.search(r": \d{4} calls, ", own[0])


async def test_a_killed_pbx_is_told_once_with_what_to_do_and_again_when_it_is_back(
    home: Home,
) -> None:
    import asyncio

    hq = build_vonage(seed=5, calls=8, churn=0.0001)
    async with running(hq.app, faults=Faults()) as server:
        kind = 'kind = "vonage"'
        text = hq.config_toml(server.url, name="hq")
        path = home.write(text.replace(kind, f"{kind}\npoll = {{ calls = 0.5, devices = 0.5 }}"))
        with listening(home, "--linear", "--config", path) as heard:
            await asyncio.to_thread(heard.until, r" hq: \d calls?, ")
            await server.stop()
            told = await asyncio.to_thread(heard.until, "cannot be read: ")
            await asyncio.to_thread(heard.until, "calls are stale: last read ")
            await server.start()
            await asyncio.to_thread(heard.until, "can be read again after ")
            failures = [line for line in heard.lines if "cannot be read" in line]
            assert failures == [told]
            assert re.search(r"cannot be read: .*; .+", told)
            assert not [line for line in heard.lines if "ended" in line or "is lost" in line]


@posix
def test_nobody_who_reads_ends_it_quietly(home: Home) -> None:
    process = home.start("demo", "--linear", "--calls", "0")
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(DEADLINE) == 141


def test_sites_kinds_and_words_can_be_chosen(home: Home, alive: Simulated) -> None:
    path = home.write(site("alpha", alive.url) + site("beta", alive.url))
    arguments = ("--linear", "--config", path, "--site", "beta", "--only", "calls")
    with listening(home, *arguments, "--filter", "state:ring") as heard:
        assert heard.until(" beta: ").endswith("talking.") or "ringing" in heard.lines[-1]
        heard.until(r": call \d+, ")
        calls = [line for line in heard.lines if ": call " in line]
        assert all(re.search(" (rings|calls) ", line) for line in calls)
        assert not [line for line in heard.lines if "alpha" in line or "phones" in line]


def test_names_are_spelled_in_ascii_where_the_output_is(home: Home) -> None:
    with listening(home, "demo", "--linear", "--ascii", "--calls", "60") as heard:
        for _ in range(3):
            heard.until(r": call \d+, ")
        assert all(line.isascii() for line in heard.lines)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--only", "calls"), "--linear"),
        (("--filter", "x"), "--linear"),
        (("--linear", "--only", "cals"), 'did you mean "calls"'),
        (("--linear", "--only", ""), "unknown"),
        (("demo", "--linear", "--calls", "100", "--phones", "50"), "--phones 200"),
    ],
)
def test_wrong_use_is_said(home: Home, arguments: tuple[str, ...], said: str) -> None:
    done = home.run(*arguments)
    assert (done.status, done.out) == (2, "")
    assert said in done.err


def test_a_wrong_config_is_said_before_anything_is_told(home: Home) -> None:
    done = home.run("--linear", "--config", home.write('[[site]]\nname = "hq"\nkind = "vonag"\n'))
    assert (done.status, done.out) == (2, "")
    assert "vonage" in done.err


def test_without_a_config_it_tells_the_demo_and_says_so(home: Home, simulate: Simulate) -> None:
    with listening(home, "--linear") as heard:
        heard.until(" watching hq, branch and cloud")
        heard.process.kill()
        _, err = heard.process.communicate()
    assert "no config yet; pbxtui init writes one" in err
