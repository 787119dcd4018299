"""MiRTA's INFO, against shapes typed by hand, and the faults on its one address."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from pbxtui.simulator.mirta import MirtaSwitches, build_mirta
from tests.simulator.mirta import Desk, desk
from tests.simulator.world import Clock

TOO_BAD = b"Too bad... you mistaken the security api key.\n"
PLAIN = "text/html; charset=UTF-8"


async def rows(one: Desk, reqtype: str, **parameters: str) -> list[Any]:
    answer = await one.json(reqtype, **parameters)
    assert isinstance(answer, list)
    return answer


# --- queues and agents -------------------------------------------------------------------------


async def test_queues_by_id() -> None:
    async with desk() as one:
        names = {str(q.id): q.name for q in one.office.queues.values()}
        assert await one.json("INFO", info="queues") == names
        plain = await one.text("INFO", info="queues")
        assert plain == "".join(f"{id_}: {name}|" for id_, name in names.items())


async def test_a_queue_has_twenty_three_figures() -> None:
    async with desk() as one:
        queue = next(iter(one.office.queues.values()))
        figures = await one.json("INFO", info="queue", id=str(queue.id))
        assert isinstance(figures, dict)
        assert list(figures) == [
            "AGENTSAVAILABLE", "AGENTSPAUSED", "AGENTSFREE", "AGENTSONLINE", "CALLSINQUEUE",
            "SERVICELEVEL", "FIRSTWAITING", "SECONDWAITING", "THIRDWAITING", "CALLSONLINE",
            "TALKTIME", "HOLDTIME", "ANSWEREDCALLS", "CALLSRECEIVED", "REALANSWEREDCALLS",
            "TRANSFEREDCALLS", "ABANDONEDCALLS", "TIMEDOUTCALLS", "QUEUECAR", "EXITWITHKEYCALLS",
            "MAXHOLDTIME", "AVERAGETALKTIME", "AVERAGEHOLDTIME",
        ]  # fmt: skip
        assert all(isinstance(value, str) for value in figures.values())
        assert figures["CALLSINQUEUE"] == "0"
        assert re.fullmatch(r"\d\d:\d\d:\d\d", figures["AVERAGETALKTIME"])
        plain = await one.text("INFO", info="queue", id=str(queue.id))
        assert plain == "|".join(figures.values())
        assert len(await one.json("INFO", info="queue")) == 23  # type: ignore[arg-type]


async def test_agents_are_a_map_of_sparse_records() -> None:
    async with desk() as one:
        agent = one.agent()
        (queue,) = agent.queues
        name = agent.extension.username
        members = await one.json("INFO", info="agents", queue=str(queue.id))
        assert isinstance(members, dict)
        assert members[name] == {
            "0": agent.calls_taken,
            "1": "available",
            "2": "NOT_INUSE",
            "4": "",
            "5": "",
            "6": "",
            "7": "",
            "8": "",
            "10": name,
            "11": name,
        }
        one.office.pause_agent(agent.extension.number, "Lunch")
        members = await one.json("INFO", info="AGENTS", queue=str(queue.id))
        assert isinstance(members, dict)
        assert members[name]["1"] == "paused"
        assert (await one.get("INFO", info="agents", queue="1", format="json")).content == b"null"
        plain = await one.text("INFO", info="agents", queue=str(queue.id))
        assert f"{name}:paused|" in plain
        assert plain.endswith("|\r\n")


async def test_key_three_is_there_in_a_call_only() -> None:
    async with desk() as one:
        agent = one.agent()
        call = one.wait_in_queue(agent)
        one.until(lambda: not call.queued)
        talks = agent.extension.legs[0].since
        (queue,) = agent.queues
        members = await one.json("INFO", info="agents", queue=str(queue.id))
        assert isinstance(members, dict)
        record = members[agent.extension.username]
        assert (record["2"], record["3"]) == ("INUSE", str(int(one.clock.now - talks)))


@pytest.mark.parametrize("info", ["nonsense", "", "variable", "agentsconnecte"])
async def test_an_unknown_info_is_nothing(info: str) -> None:
    async with desk() as one:
        for form in ("", "json"):
            assert (await one.get("INFO", info=info, format=form)).content == b""


async def test_an_older_server_has_less() -> None:
    async with desk(MirtaSwitches(newer=False)) as one:
        assert (await one.get("INFO", info="agentsconnected", format="json")).content == b""
        assert (await one.get("QUEUE", action="list", id="1")).content == b""
        text = await one.text("HELP")
        assert "agentsconnected" not in text
        assert not re.search("^QUEUE ", text, re.MULTILINE)
        assert re.search("^AGENT ", text, re.MULTILINE)


# --- extensions, numbers, history --------------------------------------------------------------


async def test_extensions_show_their_secrets_and_come_once() -> None:
    async with desk() as one:
        extension = (await rows(one, "INFO", info="extensions"))[0]
        assert not any(key.isdecimal() for key in extension)
        assert extension["ex_tech"] == "SIP"
        assert extension["password"]
        plain = (await one.text("INFO", info="extensions")).splitlines()
        assert plain[0] == "Number|Name|Tech|State|Username|Password"
        assert (await one.get("INFO", info="extensions", format="csv")).content == b""


async def test_dids_come_twice() -> None:
    async with desk() as one:
        did = (await rows(one, "INFO", info="dids"))[0]
        assert did["0"] == did["di_id"] == "1"
        assert did["di_maxchannels"] == "-1"
        assert (await one.get("INFO", info="dids", format="csv")).content == b""
        assert (await one.text("INFO", info="dids")).startswith("Country|Area|Number|Tenant|")


async def test_what_was_never_seen_to_hold_anything() -> None:
    async with desk() as one:
        assert await one.text("INFO", info="outdialed") == ""
        assert (await one.get("INFO", info="cdrs", format="json")).content == b"]"
        assert (await one.get("INFO", info="queuelogs", format="json")).content == b"]"
        assert (await one.get("INFO", info="simplecdrs", format="json")).content == b""
        assert await one.text("INFO", info="recording") == "No id specified\n"
        answer = await one.get("INFO", info="voicemailtranscript", format="json")
        assert answer.headers["content-type"].startswith("text/plain")
        state = await one.json("INFO", info="extstate", ext="9999")
        assert state == {"UniqueID": "KO", "LinkedID": "Extension not registered"}


async def test_calls_that_are_over_are_remembered() -> None:
    async with desk() as one:
        call = one.talk()
        await one.get("CHANNELS")
        one.clock.now += 20
        one.office.advance(one.clock.now)
        one.office.hangup_call(call.id)
        row = (await rows(one, "INFO", info="simplecdrs"))[0]
        assert row["0"] == row["sc_te_id"]
        assert (row["sc_direction"], row["sc_disposition"]) == ("OUT", "ANSWERED")
        cdr = (await rows(one, "INFO", info="cdrs"))[0]
        assert not any(key.isdecimal() for key in cdr)
        assert cdr["userfield"] == "[outbound]"
        assert row["sc_uniqueid"] == cdr["uniqueid"]


def test_the_config_names_everything_a_client_needs() -> None:
    built = build_mirta(1, 2, clock=Clock())
    text = built.config_toml("http://127.0.0.1:8080")
    assert 'kind = "mirta"' in text
    assert 'url = "http://127.0.0.1:8080/pbx/proxyapi.php"' in text
    assert f'key = "{built.key}"' in text
    assert 'nodes = ["pbx21", "pbx22"]' in text
    assert "nodes" not in built.config_toml("http://x", nodes=False)


# --- faults ------------------------------------------------------------------------------------


async def test_faults_tell_reads_from_actions() -> None:
    async with desk() as one:
        one.built.faults.set("500", on="actions")
        assert (await one.get("CHANNELS")).status_code == 200
        assert (await one.get("HANGUP", channel="x")).status_code == 500
        assert (await one.get("AGENT", action="listqueues")).status_code == 200
        one.built.faults.clear()
        one.built.faults.set("html", on="reads")
        assert (await one.get("FLOWS")).text.startswith("<!DOCTYPE html>")
        assert "<" not in (await one.get("HANGUP", channel="x")).text


@pytest.mark.parametrize("name", ["hostile-text", "wrong-types", "null-fields", "missing-fields"])
async def test_spoiled_rows(name: str) -> None:
    async with desk(calls=12) as one:
        before = await one.json("BLFS"), await one.json("CHANNELS"), await one.json("FLOWS")
        one.built.faults.set(name, where="items")
        after = await one.json("BLFS"), await one.json("CHANNELS"), await one.json("FLOWS")
        assert before[1:] != after[1:]
        one.built.faults.set("wrong-types")
        assert name != "wrong-types" or (await one.json("BLFS")) == 7


@pytest.mark.parametrize("name", ["reset", "truncate", "empty", "garbage"])
async def test_faults_of_the_line(name: str) -> None:
    async with desk() as one:
        one.built.faults.set(name)
        try:
            answer = await one.get("FLOWS", format="json")
        except httpx.TransportError:
            assert name in ("reset", "truncate")
        else:
            assert not answer.content or answer.content[:1] == b"\x00"
