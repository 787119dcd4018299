"""The screens show no secret: not in the log of exchanges, the details, a raw row or a file."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

from pbxtui.simulator.faults import Faults
from pbxtui.simulator.server import running
from tests.contract.makes import MAKES, Make, small_office
from tests.terminal.pseudo import Terminal, pbxtui


@pytest.mark.parametrize("fault", ["", "html"])
@pytest.mark.parametrize("make", MAKES, ids=lambda make: make.name)
async def test_no_screen_shows_a_secret(make: Make, fault: str, tmp_path: Path) -> None:
    office, clock = small_office()
    faults = Faults()
    pbx = make.build(office, faults, clock)
    async with running(pbx.app, faults=faults) as server:
        config = tmp_path / "config.toml"
        config.write_text(pbx.config_toml(server.url, name="hq"))
        config.chmod(0o600)
        env = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")}
        seen: list[str] = []
        with Terminal(pbxtui("--config", str(config)), size=(200, 50), env=env) as terminal:

            async def until(text: str) -> None:
                await asyncio.to_thread(terminal.shows, text)
                seen.append(terminal.text)

            async def closed(key: str) -> None:
                terminal.press(key)
                await until("Esc goes back")
                terminal.press("\x1b")
                await asyncio.to_thread(terminal.shows_no, "Esc goes back")

            await until("● talk")
            if fault:
                faults.set(fault)
                terminal.press("r")
                await until("web page")
            terminal.press("6")
            await until("GET ")
            await closed("d")
            terminal.press("1")
            await until("● talk")
            for key in "dy":
                await closed(key)
            terminal.press("qq")
            assert await asyncio.to_thread(terminal.ended) == 0
        kept = [path.read_text() for path in (tmp_path / "state").rglob("*") if path.is_file()]
        shown = "\n".join([terminal.sent, *seen, *kept])
        for secret in make.secrets(pbx):
            assert secret not in shown
