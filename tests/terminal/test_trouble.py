"""A PBX that dies and comes back under the running program, in a real terminal."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

from pbxtui.simulator.faults import Faults
from pbxtui.simulator.server import running
from pbxtui.simulator.vonage import build_vonage
from tests.terminal.pseudo import Terminal, pbxtui


async def test_a_killed_pbx_ages_and_takes_nothing_away_and_comes_back(tmp_path: Path) -> None:
    hq, branch = build_vonage(seed=5, calls=8, churn=0.0001), build_vonage(seed=6, calls=4)
    async with running(hq.app) as dying, running(branch.app) as living:
        config = tmp_path / "config.toml"
        config.write_text(
            hq.config_toml(dying.url, name="hq").replace(
                'kind = "vonage"', 'kind = "vonage"\npoll = { calls = 0.3 }'
            )
            + branch.config_toml(living.url, name="branch")
        )
        config.chmod(0o600)
        command = pbxtui("--config", str(config))
        with Terminal(command, size=(140, 40), env={"HOME": str(tmp_path)}) as terminal:

            async def shows(text: str) -> None:
                await asyncio.to_thread(terminal.shows, text)

            await shows(" hq  ")
            await shows(" branch ")
            await asyncio.to_thread(
                terminal.until, lambda t: re.search(r"hq vonage • \d", t.text), "hq live"
            )
            before = {
                line[13:75] for line in terminal.lines[2:-3] if "talk" in line and " hq " in line
            }
            assert before
            await dying.stop()
            await shows("hq: ")
            await asyncio.to_thread(
                terminal.until, lambda t: re.search(r"hq vonage [~×]", t.text), "hq stale"
            )
            during = {line[13:75] for line in terminal.lines[2:-3] if " hq " in line}
            assert before <= during
            assert "? lost" not in "".join(line for line in terminal.lines if " hq " in line)
            assert re.search(r"branch vonage [•◦]", terminal.text)
            await dying.start()
            terminal.press("r")
            await asyncio.to_thread(
                terminal.until,
                lambda t: re.search(r"hq vonage •", t.text) and "hq: " not in t.text,
                "hq live again",
            )
            terminal.press("qq")
            assert await asyncio.to_thread(terminal.ended) == 0


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("401", "401"),
        ("html", "web page"),
        ("truncate", ""),
        ("garbage", ""),
        ("wrong-types", ""),
        ("500", "500"),
        ("429", "429"),
        ("reset", ""),
    ],
)
async def test_each_fault_is_said_in_words_and_goes_by_itself(
    tmp_path: Path, fault: str, words: str
) -> None:
    faults = Faults()
    hq = build_vonage(seed=5, calls=8, churn=0.0001, faults=faults)
    async with running(hq.app, faults=faults) as server:
        config = tmp_path / "config.toml"
        config.write_text(
            hq.config_toml(server.url, name="hq").replace(
                'kind = "vonage"', 'kind = "vonage"\npoll = { calls = 0.3 }'
            )
        )
        config.chmod(0o600)
        command = pbxtui("--config", str(config))
        with Terminal(command, size=(140, 40), env={"HOME": str(tmp_path)}) as terminal:
            await asyncio.to_thread(terminal.shows, "● talk")
            before = {line[13:75] for line in terminal.lines[2:-3] if "talk" in line}
            faults.set(fault)
            await asyncio.to_thread(
                terminal.until,
                lambda t: any(
                    line.startswith("hq") and ": " in line and words in line for line in t.lines
                ),
                f"{fault} in words",
            )
            assert "Traceback" not in terminal.sent
            assert hq.access_token not in terminal.sent
            assert before <= {line[13:75] for line in terminal.lines[2:-3]}
            faults.clear()
            terminal.press("r")
            await asyncio.to_thread(
                terminal.until,
                lambda t: not any(line.startswith(("hq: ", "hq (")) for line in t.lines),
                "recovered",
            )


async def test_what_to_do_is_there_whole_on_eighty_columns(tmp_path: Path) -> None:
    faults = Faults()
    hq = build_vonage(seed=5, calls=8, churn=0.0001, faults=faults)
    faults.set("html")
    async with running(hq.app, faults=faults) as server:
        config = tmp_path / "config.toml"
        config.write_text(hq.config_toml(server.url, name="hq"))
        config.chmod(0o600)
        env = {"HOME": str(tmp_path)}
        with Terminal(pbxtui("--config", str(config)), size=(80, 24), env=env) as terminal:
            await asyncio.to_thread(terminal.shows, "hq: ")
            await asyncio.to_thread(
                terminal.until, lambda t: re.search(r"·\s+for\s+\d", t.text), "all"
            )
            said = " ".join(terminal.lines).split("hq: ")[-1]
            assert "web page" in said
            assert "check url" in said
            assert "…" not in said
