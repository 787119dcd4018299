"""The log screen as a person uses it: keys in, lines out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from pbxtui.backends.base import Exchange
from pbxtui.model import Key
from pbxtui.ui.logtable import KEEP, SPARE, Entry, brief
from pbxtui.ui.screens.page import Page
from tests.ui.seen import lines, shown, text
from tests.ui.stage import NOON, Stage, call, set_stage

LONG = "GET /t/vbc.prod/telephony/v3/cc/accounts/1234/calls?page_size=100&page=1"


def exchange(
    number: int, *, status: str = "200", fault: str = "", what: str = "", size: int = 19_934
) -> Exchange:
    return Exchange(NOON + number, what or f"GET /calls?n={number}", status, 0.042, size, fault)


def asked(stage: Stage, *exchanges: Exchange, site: str = "hq") -> None:
    stage.backends[site].exchanges.extend(exchanges)


async def tick(stage: Stage, pilot: Pilot[None]) -> None:
    page = stage.app.screen
    assert isinstance(page, Page)
    page.tick()
    await pilot.pause()


def cursor(stage: Stage) -> object:
    return stage.app.view.list.cursor


async def test_each_exchange_is_a_line_with_time_status_latency_and_size() -> None:
    stage = set_stage(call("a"))
    asked(stage, exchange(1), exchange(2, status="Success", what="CoreShowChannels", size=812))
    async with shown(stage) as pilot:
        await pilot.press("6")
        first = lines(stage)[2].split()
        assert first == ["12:00:01", "hq", "200", "42", "ms", "19.9", "kB", "GET", "/calls?n=1"]
        second = lines(stage)[3].split()
        assert second == [
            "12:00:02", "hq", "Success", "42", "ms", "812", "B", "CoreShowChannels",
        ]  # fmt: skip


async def test_nothing_asked_yet_is_said() -> None:
    async with shown(stage := set_stage(call("a"))) as pilot:
        await pilot.press("6")
        assert "nothing was asked of any PBX yet" in text(stage)


async def test_sites_are_woven_together_in_the_order_of_the_answers() -> None:
    stage = set_stage(sites=("hq", "branch"))
    asked(stage, exchange(1), exchange(4), site="hq")
    asked(stage, exchange(2), exchange(3), site="branch")
    async with shown(stage) as pilot:
        await pilot.press("6")
        assert [line.split()[1] for line in lines(stage)[2:6]] == ["hq", "branch", "branch", "hq"]


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (exchange(1, status="no answer", fault="hq did not answer within 10 s"), "10 s · GET /ca"),
        (exchange(1, status="503"), "the PBX answers 503 Service Unavailable · GET /calls"),
        (exchange(1, status="299999"), "the PBX answers 299999 · GET /calls"),
        (
            exchange(1, status="Error", fault="no such channel", what="Hangup"),
            "no such channel · H",
        ),
        (exchange(1, fault="given up"), "given up · GET /calls"),
    ],
)
async def test_a_failure_is_said_in_words_and_found(one: Exchange, said: str) -> None:
    stage = set_stage(call("a"))
    asked(stage, exchange(0), one, exchange(2, status="Success"), exchange(3, status="204"))
    async with shown(stage) as pilot:
        await pilot.press("6")
        assert said in lines(stage)[3]
        assert " ! " in lines(stage)[3]
        assert "!" not in lines(stage)[2] + lines(stage)[4] + lines(stage)[5]
        await pilot.press("slash", *"state:failed", "enter")
        assert said in lines(stage)[2]
        assert lines(stage)[3] == ""
        await pilot.press("escape", "slash", *"!state:failed", "enter")
        assert said not in text(stage)


async def test_a_request_that_acts_is_marked_and_found() -> None:
    stage = set_stage(call("a"))
    put = replace(exchange(2, what="PUT /legs/1"), acting=True)
    asked(stage, exchange(1), put, replace(put, status="409"))
    async with shown(stage) as pilot:
        await pilot.press("6")
        assert "acts" not in lines(stage)[2]
        assert "acts · PUT /legs/1" in lines(stage)[3]
        assert "acts · the PBX answers 409 Conflict · PUT" in lines(stage)[4]
        await pilot.press("slash", *"state:acts", "enter")
        assert "PUT" in lines(stage)[2]
        assert "GET" not in text(stage)


async def test_filter_by_site_and_words() -> None:
    stage = set_stage(sites=("hq", "branch"))
    asked(stage, exchange(1), site="hq")
    asked(stage, exchange(2, what="GET /devices"), site="branch")
    async with shown(stage) as pilot:
        await pilot.press("6", "slash", *"site:branch", "enter")
        assert "/devices" in lines(stage)[2]
        assert "/calls" not in text(stage)
        await pilot.press("escape", "slash", *"what:calls", "enter")
        assert "/calls" in lines(stage)[2]
        assert "/devices" not in text(stage)
        await pilot.press("slash", *"zz", "enter")
        assert "none of 2 exchanges matches" in text(stage)


async def test_the_last_line_is_followed_until_the_cursor_leaves_it() -> None:
    stage = set_stage(call("a"))
    asked(stage, *(exchange(n) for n in range(40)))
    async with shown(stage, size=(100, 20)) as pilot:
        await pilot.press("6")
        assert cursor(stage) == Key("hq", "40")
        asked(stage, exchange(40))
        await tick(stage, pilot)
        assert cursor(stage) == Key("hq", "41")
        assert "n=40" in text(stage)
        await pilot.press("k", "k")
        line = next(y for y, one in enumerate(lines(stage)) if "n=38" in one)
        asked(stage, *(exchange(n) for n in range(41, 60)))
        await tick(stage, pilot)
        assert cursor(stage) == Key("hq", "39")
        assert "n=38" in lines(stage)[line]
        await pilot.press("G")
        asked(stage, exchange(60))
        await tick(stage, pilot)
        assert cursor(stage) == Key("hq", "61")


async def test_a_new_exchange_comes_with_the_next_reading() -> None:
    async with shown(stage := set_stage(call("a"))) as pilot:
        await pilot.press("6")
        asked(stage, exchange(1))
        await stage.read()
        await pilot.pause()
        assert "n=1" in text(stage)


async def test_sorting_keeps_its_order_as_rows_arrive() -> None:
    stage = set_stage(call("a"))
    asked(stage, *(exchange(n, size=size) for n, size in enumerate((500, 100, 300))))
    async with shown(stage) as pilot:
        await pilot.press("6", *["greater_than_sign"] * 4)
        assert stage.app.view._table.sort == "size"
        asked(stage, exchange(4, size=200), exchange(5, size=900))
        await tick(stage, pilot)
        sizes = ["100", "200", "300", "500", "900"]
        assert [line.split()[5] for line in lines(stage)[2:7]] == sizes
        await pilot.press("z")
        asked(stage, exchange(6, size=400))
        await tick(stage, pilot)
        sizes = ["900", "500", "400", "300", "200", "100"]
        assert [line.split()[5] for line in lines(stage)[2:8]] == sizes


async def test_the_details_show_the_whole_line() -> None:
    stage = set_stage(call("a"))
    words = "the answer of hq cannot be understood: " + "expected a list of calls, " * 4
    asked(stage, exchange(1, what=LONG + "&filter=" + "x" * 90, fault=words.strip()))
    async with shown(stage, size=(80, 24)) as pilot:
        await pilot.press("6", "d")
        whole = "".join(line[11:].strip() for line in lines(stage)[2:9])
        assert LONG + "&filter=" + "x" * 90 in whole
        assert text(stage).count("expected a list") + text(stage).count("expected a\n") >= 3
        await pilot.press("escape", "y")
        assert "the log keeps what was asked" in lines(stage)[-1]


async def test_a_frozen_log_stands_still() -> None:
    stage = set_stage(call("a"))
    asked(stage, exchange(1))
    async with shown(stage) as pilot:
        await pilot.press("6", "p")
        asked(stage, exchange(2))
        await tick(stage, pilot)
        await stage.read()
        await pilot.pause()
        assert "n=2" not in text(stage)
        await pilot.press("p")
        assert "n=2" in text(stage)


async def test_what_was_asked_while_another_view_is_shown_is_there() -> None:
    async with shown(stage := set_stage(call("a"))) as pilot:
        asked(stage, exchange(1))
        await stage.read()
        await pilot.pause()
        stage.backends["hq"].exchanges.clear()
        await pilot.press("6")
        assert "n=1" in text(stage)


async def test_only_so_many_are_kept() -> None:
    stage = set_stage(call("a"))
    asked(stage, *(exchange(n) for n in range(KEEP + SPARE + 1)))
    async with shown(stage) as pilot:
        await pilot.press("6")
        table = stage.app.view._table
        assert len(table.things) == KEEP
        assert len(table.order()) == KEEP
        assert f"n={KEEP + SPARE}" in text(stage)
        await pilot.press("g")
        assert f"n={SPARE + 1}" in lines(stage)[2]


async def test_the_site_chooser_leaves_one_site() -> None:
    stage = set_stage(sites=("hq", "branch"))
    asked(stage, exchange(1), site="hq")
    asked(stage, exchange(2), site="branch")
    async with shown(stage) as pilot:
        await pilot.press("6", "at", "space", "enter")
        assert "n=2" in lines(stage)[2]
        assert "n=1" not in text(stage)


async def test_a_narrow_screen_shows_the_end_of_a_long_address() -> None:
    stage = set_stage(call("a"), ascii=True)
    asked(stage, exchange(1, what=LONG))
    async with shown(stage, size=(80, 24)) as pilot:
        await pilot.press("6")
        assert "GET +/calls?page_size=100&page=1" in lines(stage)[2]
        assert text(stage).isascii()


@pytest.mark.parametrize(
    ("what", "short"),
    [
        (LONG, "GET …/calls?page_size=100&page=1"),
        ("PUT /v3/legs/5d1f-22", "PUT …/legs/5d1f-22"),
        ("GET /api/client/@me/current_calls/?all=1", "GET …/current_calls?all=1"),
        ("GET /pbx/proxyapi.php?reqtype=CHANNELS&key=***", "GET …?reqtype=CHANNELS&key=***"),
        ("GET /calls", "GET /calls"),
        ("CoreShowChannels", "CoreShowChannels"),
        ("", ""),
    ],
)
def test_a_request_in_brief(what: str, short: str) -> None:
    assert brief(what) == short


def test_a_good_answer_has_no_fault() -> None:
    assert Entry("hq", 1, exchange(1)).fault == ""
    assert not Entry("hq", 1, exchange(1, status="302")).failed
