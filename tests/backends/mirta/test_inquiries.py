"""The questions beside the live picture: literal bodies, and the simulated office."""

from __future__ import annotations

import json

import pytest

from pbxtui.backends.base import Forbidden, NotUnderstood
from pbxtui.backends.mirta.records import Did, Entry
from pbxtui.model import Answered, Party
from pbxtui.simulator.mirta import MirtaSwitches
from tests.backends.mirta import bodies
from tests.backends.mirta.conftest import Pbx
from tests.backends.mirta.office import branch
from tests.backends.server import Reply


async def test_help(pbx: Pbx) -> None:
    pbx.answers["HELP"] = bodies.HELP
    told = await pbx.backend.help()
    assert told.reqtypes == {"COUNTPEERS", "CHANSIPPEERS", "INFO", "VOICEMAIL"}
    assert told.info == {"queues", "agentsconnected"}
    assert "Show the peers registered" in told.text


async def test_counts(pbx: Pbx) -> None:
    pbx.answers |= {"COUNTPEERS": '{"PBX1":41,"PBX2":0}', "COUNTCALLS": ""}
    assert await pbx.backend.count_peers() == {"PBX1": 41, "PBX2": 0}
    assert await pbx.backend.count_calls() == 0
    pbx.answers["COUNTCALLS"] = "12"
    assert await pbx.backend.count_calls() == 12
    pbx.answers["COUNTCHANNELS"] = "Wrong or missing tenant....."
    with pytest.raises(Forbidden, match="Wrong or missing tenant"):
        await pbx.backend.count_channels()
    pbx.answers["COUNTCHANNELS"] = '{"PBX1":"3"}'
    assert await pbx.backend.count_channels("PBX1") == {"PBX1": 3}
    assert pbx.asked("COUNTCHANNELS")[-1]["nodename"] == "PBX1"
    pbx.answers["COUNTPEERS"] = '{"PBX1":"many"}'
    with pytest.raises(NotUnderstood, match="a number was expected"):
        await pbx.backend.count_peers()


async def test_config_and_balance(pbx: Pbx) -> None:
    pbx.answers["INFO config"] = '{"maxchannels":"-1","maxextensions":"20","maxdids":null}'
    assert await pbx.backend.config() == {
        "maxchannels": None,
        "maxextensions": 20,
        "maxdids": None,
    }
    pbx.answers["INFO balance"] = "123.45"
    assert await pbx.backend.balance() == 123.45
    pbx.answers["INFO balance"] = ""
    assert await pbx.backend.balance() is None


async def test_numbers_of_the_house(pbx: Pbx) -> None:
    pbx.answers["INFO dids"] = (
        '[{"0":"5","di_id":"5","1":"0721234567","di_number":"0721234567","di_country":"972",'
        '"di_area":"","di_comment":"Main","di_recording":"yes","di_maxchannels":"-1",'
        '"te_recordingpassword":"s3cret"}]'
    )
    told = await pbx.backend.dids()
    assert told == (Did("5", "0721234567", "972", "", "Main", True, None),)


async def test_who_dials_out(pbx: Pbx) -> None:
    pbx.answers["INFO outdialed"] = '{"Front desk":{"STATE":"NOT_INUSE"},"x":{}}'
    assert await pbx.backend.outdialed() == {"Front desk": "NOT_INUSE", "x": ""}


async def test_agents_connected_and_their_delays(pbx: Pbx) -> None:
    pbx.answers["INFO agentsconnected"] = '{"103":{"0":"7","1":"paused","2":null,"3":"12"}}'
    (member,) = await pbx.backend.agents_connected("281")
    assert (member.extension, member.taken, member.paused) == ("103", 7, True)
    assert (member.device, member.seconds) == (None, 12)
    pbx.answers["INFO agentsdelay"] = '{"281":{"3":12,"4":"x"},"282":null}'
    assert await pbx.backend.agents_delay() == {"281": {"3": 12}, "282": {}}


async def test_one_originated_call(pbx: Pbx) -> None:
    pbx.answers["INFO call"] = '{"State":"Up","password":"s3cret","n":3}'
    assert await pbx.backend.call("15a4cfe6429054") == {"State": "Up", "n": "3"}
    with pytest.raises(ValueError, match="hangs"):
        await pbx.backend.call(" ")
    assert len(pbx.asked("INFO call")) == 1


async def test_history_in_json_and_where_that_is_broken(pbx: Pbx) -> None:
    row = '{"uniqueid":"pbx1-1.2","disposition":"ANSWERED","billsec":"119","ex_lockpin":"4711"}'
    pbx.answers["INFO cdrs"] = f"[{row}]"
    expected = {"uniqueid": "pbx1-1.2", "disposition": "ANSWERED", "billsec": "119"}
    assert await pbx.backend.cdrs(uniqueid="pbx1-1.2") == (expected,)
    csv = "uniqueid,disposition,billsec,pincode\npbx1-1.2,ANSWERED,119,4711\n"
    pbx.answers["INFO cdrs"] = [Reply(f"{{{row}}}{{{row}}}]"), Reply(csv)]
    (record,) = await pbx.backend.cdrs()
    assert dict(record).items() >= expected.items()
    assert pbx.asked("INFO cdrs")[-1]["format"] == "csv"
    pbx.answers["INFO cdrs"] = "]"
    assert await pbx.backend.cdrs() == ()


async def test_queue_logs_without_the_agents_own_columns(pbx: Pbx) -> None:
    pbx.answers["INFO queuelogs"] = json.dumps(
        [
            {
                "0": "2026-01-15 09:30:00",
                "time": "2026-01-15 09:30:00",
                "qu_name": "Sales",
                "disposition": "ABANDONED",
                "agent": None,
                "holdtime": "31",
                "ex_webpassword": "s3cret",
            }
        ]
    )
    (row,) = await pbx.backend.queue_logs(queue="281")
    assert dict(row) == {
        "time": "2026-01-15 09:30:00",
        "qu_name": "Sales",
        "disposition": "ABANDONED",
        "agent": "",
        "holdtime": "31",
    }


async def test_the_phone_book(pbx: Pbx) -> None:
    pbx.answers["PHONEBOOK query"] = (
        '[{"peid":"7","NAME":"Ross","PHONE1":"3564732920","PHONE2":"","MOBILE":"+44 7700 900123"}]'
    )
    found = await pbx.backend.phonebook("ros")
    assert found == (Entry("7", "Ross", ("3564732920", "+44 7700 900123"), "Default"),)
    asked = pbx.asked("PHONEBOOK query")[-1]
    assert (asked["phonebook"], asked["field"], asked["value"]) == ("Default", "name", "%ros%")
    await pbx.backend.phonebook("+44 7700", book="Clients")
    asked = pbx.asked("PHONEBOOK query")[-1]
    assert (asked["phonebook"], asked["field"], asked["value"]) == ("Clients", "phone1", "%447700%")
    pbx.answers["PHONEBOOKS list"] = '["Clients","Staff"]'
    assert [entry.book for entry in await pbx.backend.phonebook("ros")] == ["Clients", "Staff"]
    pbx.answers["PHONEBOOK query"] = "Wrong or missing phonebook"
    with pytest.raises(NotUnderstood, match="missing phonebook"):
        await pbx.backend.phonebook("ros", book="x")


async def test_people_are_found_in_the_book_and_among_the_extensions(pbx: Pbx) -> None:
    pbx.answers["PHONEBOOK query"] = (
        '[{"peid":"7","NAME":"Ross","PHONE1":"3564732920","PHONE2":"","MOBILE":"+44 7700 900123"},'
        '{"peid":"8","NAME":"Rosa","PHONE1":""}]'
    )
    found = await pbx.backend.people(" ros% ")
    assert found == (Party("3564732920", "Ross"), Party("+44 7700 900123", "Ross"))
    assert pbx.asked("PHONEBOOK query")[-1]["value"] == "%ros%"
    asked = len(pbx.asked("PHONEBOOK query"))
    assert await pbx.backend.people("r") == ()
    assert await pbx.backend.people("%%%") == ()
    assert len(pbx.asked("PHONEBOOK query")) == asked
    pbx.answers["PHONEBOOK query"] = "Wrong or missing phonebook"
    with pytest.raises(NotUnderstood, match="missing phonebook"):
        await pbx.backend.people("ros")


async def test_any_other_request_once(pbx: Pbx) -> None:
    pbx.answers["CAMPAIGN start"] = "OK\x1b[31m\nsecond line"
    told = await pbx.backend.request("campaign", action="start", campaign="4")
    assert told == "OK\ufffd[31m\nsecond line"
    assert pbx.asked("CAMPAIGN start")[0]["campaign"] == "4"
    assert await pbx.backend.request("BALANCE", amount="-1") == ""
    with pytest.raises(ValueError, match="the key is the config's"):
        await pbx.backend.request("HELP", key="other")
    pbx.answers["MEDIAFILE"] = "<html><body>x</body></html>"
    with pytest.raises(NotUnderstood, match="a web page"):
        await pbx.backend.request("MEDIAFILE")


# --- against the simulated office --------------------------------------------------------------


async def test_the_office_answers_everything() -> None:
    async with branch(calls=10) as one:
        backend, office = one.backend, one.office
        assert (await backend.help()).reqtypes > {"CHANNELS", "PEERS", "INFO", "QUEUE"}
        peers = await backend.count_peers()
        assert sum(peers.values()) == sum(e.reachable for e in office.building.extensions)
        assert await backend.count_calls() == office.active
        with pytest.raises(Forbidden):
            await backend.count_channels()
        extensions = await backend.extensions()
        assert [e.number for e in extensions] == [e.number for e in office.building.extensions]
        (one_only,) = await backend.extensions(extensions[3].number)
        assert one_only == extensions[3]
        assert len(await backend.dids()) == 3
        assert await backend.balance() == 123.45
        assert set((await backend.config()).values()) == {None}
        assert set(await backend.agents_delay()) == {str(id_) for id_ in office.queues}
        assert {m.extension for m in await backend.agents_connected()} == {
            a.extension.number
            for a in office.building.agents
            if a.logged_in and a.extension.reachable
        }
        (book,) = {entry.book for entry in await backend.phonebook("a")}
        assert book == "Default"
        entry = (await backend.phonebook("a"))[0]
        assert Party(entry.numbers[0], entry.name) in await backend.people(entry.name)
        await one.calls()
        known = extensions[3]
        assert Party(known.number, known.name) in await backend.people(known.number)


@pytest.mark.parametrize("cdrs", ["json", "broken"])
async def test_the_history_of_one_call(cdrs: str) -> None:
    async with branch(MirtaSwitches(cdrs=cdrs)) as one:  # type: ignore[arg-type]
        call = one.talk()
        shown = await one.shown(call)
        one.advance(10)
        one.office.hangup_call(call.id)
        one.advance(1)
        await one.calls()
        history = await one.backend.history(shown.id)
        (leg,) = history.legs
        assert (leg["disposition"], leg["uniqueid"]) == ("ANSWERED", shown.id)
        assert history.queues == ()
        (simple,) = await one.backend.simple_cdrs(uniqueid=shown.id)
        assert simple["sc_direction"] == "OUT"


async def test_queues_are_reset_and_emptied() -> None:
    async with branch() as one:
        queue = next(iter(one.office.queues.values()))
        assert queue.received
        assert (await one.backend.queue_reset(str(queue.id))).answered is Answered.ACCEPTED
        assert (queue.received, queue.answered) == (0, 0)
        assert (await one.backend.queue_clean(str(queue.id))).answered is Answered.ACCEPTED
        assert not any(agent.logged_in and queue in agent.queues for agent in queue.agents)
        assert (one.count("QUEUERESET"), one.count("QUEUE clean")) == (1, 1)


async def test_who_may_log_in() -> None:
    async with branch() as one:
        backend, simulated = one.backend, one.simulated
        good = await backend.check_auth(simulated.username, simulated.password)
        bad = await backend.check_auth(simulated.username, "wrong")
        assert (good.answered, bad.answered) == (Answered.ACCEPTED, Answered.REFUSED)
        assert bad.words == "Wrong username or password"


@pytest.mark.parametrize(
    ("reqtype", "parameters", "starts"),
    [
        ("VOICEMAIL", {"action": "list"}, "mailbox"),
        ("CAMPAIGN", {"action": "start"}, "Wrong or missing campaign"),
        ("BALANCE", {"amount": "5"}, "OK"),
        ("MANAGEDB", {"object": "extension", "action": "list"}, '{"1":'),
        ("RESPONSEPATH", {"id": "1", "action": "getlast"}, "UniqueID|"),
        ("MEDIAFILE", {"action": "getaudio"}, ""),
        ("DND", {"action": "get", "number": "201"}, ""),
        ("COUNTCALLS", {}, ""),
        ("NONSENSE", {}, ""),
    ],
)
async def test_the_remaining_requests(
    reqtype: str, parameters: dict[str, str], starts: str
) -> None:
    async with branch() as one:
        assert (await one.backend.request(reqtype, **parameters)).startswith(starts)
