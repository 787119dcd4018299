"""Channels as they come, and the calls that are made of them."""

from __future__ import annotations

import json

import pytest

from pbxtui.backends.base import Forbidden, NotUnderstood
from pbxtui.model import NOBODY, Certainty, Direction, Kind, LegState, Party, Topic
from tests.backends.mirta import bodies
from tests.backends.mirta.conftest import NOW, Pbx

NOBODY_THERE = [b"", b"\r\n", b"[]", b"]", b"null", b"{}", b" ]\n"]


async def test_a_talking_call(pbx: Pbx) -> None:
    pbx.answers["INFO extensions"] = bodies.EXTENSIONS
    (call,) = (await pbx.calls(bodies.TALKING)).values()
    assert call.id == "pbx21-1750000000.1234"
    assert (call.state, call.certainty) == (LegState.TALKING, Certainty.INFERRED)
    assert call.direction is Direction.INBOUND
    assert call.from_ == Party("0541234567")
    assert call.to == Party("203", "Front desk")
    assert call.started == 1_750_000_000.0
    assert (call.answered, call.since, call.ended) == (None, None, None)
    outside, own = call.legs
    assert (outside.device, outside.extension, outside.channel) == (
        "kamailio",
        "",
        "SIP/kamailio-000011aa",
    )
    assert (own.device, own.extension, own.channel) == ("203-ACME", "203", "SIP/203-ACME-000011ab")
    assert (outside.state, outside.certainty) == (LegState.TALKING, Certainty.SEEN)
    assert outside.bridge == own.bridge == "6f1c"
    assert (outside.direction, own.direction) == (Direction.INBOUND, Direction.INBOUND)
    assert (own.from_, own.to) == (Party("0541234567"), Party("203", "Front desk"))
    assert own.started == 1_750_000_002.0


async def test_somebody_waits_in_a_queue_and_an_agent_rings(pbx: Pbx) -> None:
    pbx.answers["INFO queues"] = '{"18058":"Support"}'
    pbx.answers["INFO agents"] = '{"203-ACME":{"0":0,"1":"available","2":"RINGING"}}'
    (call,) = (await pbx.calls(bodies.CHANNELS)).values()
    assert (call.state, call.certainty, call.queue) == (
        LegState.QUEUED,
        Certainty.INFERRED,
        "Support",
    )
    assert call.since == call.started == 1_750_000_030.0
    waiting, ringing = call.legs
    assert (waiting.state, waiting.certainty) == (LegState.QUEUED, Certainty.INFERRED)
    assert (ringing.state, ringing.certainty) == (LegState.RINGING, Certainty.SEEN)
    assert call.to == Party("203")
    assert pbx.asked("INFO agents")[0]["queue"] == "18058"


async def test_who_serves_a_queue_is_no_condition_for_calls(pbx: Pbx) -> None:
    pbx.answers |= {"INFO queues": "no", "INFO agents": "no", "CHANNELS": bodies.CHANNELS}
    reading = await pbx.reading(Topic.CALLS)
    assert len(reading.items[Kind.CALLS]) == 2
    assert reading.notes[0].startswith("the queues are not fully known: ")


async def test_a_queue_without_a_name_and_an_agent_of_another_one(pbx: Pbx) -> None:
    pbx.answers["INFO agents"] = '{"204-ACME":{"0":0,"1":"available","2":"NOT_INUSE"}}'
    waiting, ringing = (await pbx.calls(bodies.CHANNELS)).values()
    assert (waiting.state, waiting.queue, len(waiting.legs)) == (LegState.QUEUED, "18058", 1)
    assert waiting.to == Party("", "18058")
    assert (ringing.state, ringing.queue) == (LegState.RINGING, "")


async def test_an_agent_rings_while_two_wait(pbx: Pbx) -> None:
    pbx.answers["INFO queues"] = '{"18058":"Support"}'
    pbx.answers["INFO agents"] = '{"203-ACME":{"0":0,"1":"available","2":"RINGING"}}'
    rows = json.loads(bodies.CHANNELS)
    second = [*rows[0]]
    second[0], second[7], second[13] = "SIP/kamailio-000011a0", "0549999999", "pbx21-1750000020.1"
    calls = await pbx.calls(json.dumps([*rows, second]))
    assert [len(call.legs) for call in calls.values()] == [1, 1, 1]
    ringing = calls["pbx21-1750000038.1235"]
    assert (ringing.state, ringing.certainty) == (LegState.RINGING, Certainty.INFERRED)
    assert (ringing.from_, ringing.to) == (Party("", "Support"), Party("203"))
    assert "does not say for whom" in ringing.reason
    # It is answered: by the bridge it is clear who was meant, and the piece has ended.
    rows[0][12] = rows[1][12] = "b1"
    rows[1][4] = "Up"
    pbx.now += 2
    calls = await pbx.calls(json.dumps([*rows, second]))
    assert len(calls["pbx21-1750000030.1234"].legs) == 2
    assert calls["pbx21-1750000038.1235"].state is LegState.ENDED
    assert calls["pbx21-1750000038.1235"].reason == "went on as part of another call"
    pbx.now += 6
    assert len(await pbx.calls(json.dumps([*rows, second]))) == 2


async def test_who_dials_is_joined_with_whom_it_rings(pbx: Pbx) -> None:
    out, within = (await pbx.calls(bodies.RINGING)).values()
    assert (out.direction, out.to) == (Direction.OUTBOUND, Party("0541234567"))
    assert [leg.channel for leg in out.legs] == ["SIP/201-ACME-000011aa", "SIP/kamailio-000011ac"]
    assert (within.direction, within.from_) == (Direction.INTERNAL, Party("202"))
    assert [leg.extension for leg in within.legs] == ["202", "203", "204"]
    assert within.to == Party("203"), "two ring, so it is what was dialled"
    for call in (out, within):
        assert (call.state, call.certainty) == (LegState.RINGING, Certainty.INFERRED)
        assert call.legs[0].certainty is Certainty.INFERRED
        assert call.legs[1].certainty is Certainty.SEEN


async def test_two_who_ring_the_same_phone(pbx: Pbx) -> None:
    rows = [
        channel("SIP/201-ACME-01", "Ring", "Dial", "SIP/203-ACME,30", "201", 10),
        channel("SIP/203-ACME-02", "Ringing", "AppDial", "(Outgoing Line)", "203", 11),
        channel("SIP/202-ACME-03", "Ring", "Dial", "SIP/203-ACME,30", "202", 20),
        channel("SIP/203-ACME-04", "Ringing", "AppDial", "(Outgoing Line)", "203", 21),
    ]
    calls = await pbx.calls(json.dumps(rows))
    assert [[leg.channel[-2:] for leg in call.legs] for call in calls.values()] == [
        ["01", "02"],
        ["03", "04"],
    ]


async def test_a_trunk_is_told_apart_by_the_number_it_dials(pbx: Pbx) -> None:
    outgoing = "(Outgoing Line)"
    rows = [
        channel("SIP/201-ACME-01", "Ring", "Dial", "SIP/kamailio/4416329601,30", "201", 10),
        channel("SIP/202-ACME-02", "Ring", "Dial", "SIP/4416329602@kamailio,30", "202", 11),
        channel("SIP/kamailio-03", "Ringing", "AppDial", outgoing, "4416329601", 20),
        channel("SIP/kamailio-04", "Ringing", "AppDial", outgoing, "+4416329602", 21),
    ]
    calls = await pbx.calls(json.dumps(rows))
    assert [[leg.channel[-2:] for leg in call.legs] for call in calls.values()] == [
        ["01", "03"],
        ["02", "04"],
    ]


async def test_local_channels_are_links_and_no_legs(pbx: Pbx) -> None:
    pbx.answers["INFO agents"] = '{"203-ACME":{"0":0,"1":"available","2":"RINGING"}}'
    rows = [
        channel("SIP/kamailio-01", "Up", "Queue", "18058,tT", "0541234567", 10),
        channel("Local/203@members-07;1", "Down", "AppQueue", "(Outgoing Line)", "203", 20),
        channel("Local/203@members-07;2", "Ring", "Dial", "SIP/203-ACME,30", "203", 21),
        channel("SIP/203-ACME-02", "Ringing", "AppDial", "(Outgoing Line)", "203", 22),
    ]
    (call,) = (await pbx.calls(json.dumps(rows))).values()
    assert [leg.device for leg in call.legs] == ["kamailio", "203-ACME"]
    assert call.state is LegState.QUEUED


async def test_parked_callers_are_strangers_to_each_other(pbx: Pbx) -> None:
    rows = [
        channel("SIP/kamailio-01", "Up", "Park", "", "0541111111", 10, exten="700", bridge="lot"),
        channel("SIP/kamailio-02", "Up", "Park", "", "0542222222", 11, exten="703", bridge="lot"),
    ]
    first, second = (await pbx.calls(json.dumps(rows))).values()
    assert (first.state, first.certainty) == (LegState.PARKED, Certainty.INFERRED)
    assert (first.parked_at, second.parked_at) == ("", "703")
    assert second.legs[0].bridge == ""


async def test_whoever_a_transfer_left_at_another_node_does_not_talk_to_itself(pbx: Pbx) -> None:
    rows = [channel("SIP/203-ACME-01", "Up", "(None)", "", "203", 10, exten="203")]
    (call,) = (await pbx.calls(json.dumps(rows))).values()
    assert call.from_.number == "203"
    assert call.to == NOBODY
    rows = [channel("SIP/203-ACME-02", "Up", "VoiceMailMain", "203", "203", 11, exten="203")]
    (own,) = [one for one in (await pbx.calls(json.dumps(rows))).values() if one.id != call.id]
    assert own.to.number == "203"


def channel(
    name: str,
    state: str,
    application: str,
    data: str,
    number: str,
    sequence: int,
    *,
    exten: str = "",
    bridge: str = "",
) -> list[str]:
    unique = f"pbx21-1750000000.{sequence}"
    name = f"{name[:-2]}000000{name[-2:]}" if ";" not in name else name
    return [
        name, "ctx", exten, "1", state, application, data, number, "ACME", "", "3", "42", bridge,
        unique,
    ]  # fmt: skip


# --- what changes from reading to reading ------------------------------------------------------


async def test_since_when(pbx: Pbx) -> None:
    rows = json.loads(bodies.TALKING)
    rows[0][4:7], rows[0][12] = ["Ring", "Dial", "SIP/203-ACME,30"], ""
    rows[1][4], rows[1][12] = "Ringing", ""
    (rings,) = (await pbx.calls(json.dumps(rows))).values()
    assert (rings.state, rings.since) == (LegState.RINGING, 1_750_000_000.0)
    pbx.now += 2
    (talks,) = (await pbx.calls(bodies.TALKING)).values()
    assert (talks.state, talks.answered, talks.since) == (LegState.TALKING, NOW + 2, NOW + 2)
    assert talks.legs[1].answered == NOW + 2
    pbx.now += 2
    older = bodies.TALKING.replace('"42"', '"44"').replace('"40"', '"42"')
    (still,) = (await pbx.calls(older)).values()
    assert still is talks


async def test_a_call_keeps_its_name_when_its_first_leg_leaves(pbx: Pbx) -> None:
    rows = json.loads(bodies.RINGING)[:1] + json.loads(bodies.RINGING)[2:3]
    (call,) = (await pbx.calls(json.dumps(rows))).values()
    rows[1][4:7] = ["Up", "Dial", "SIP/204-ACME,30"]
    rows[0] = channel("SIP/204-ACME-09", "Ringing", "AppDial", "(Outgoing Line)", "204", 99)
    rows[0][13] = "pbx21-1750000041.99"
    (sent,) = (await pbx.calls(json.dumps(rows))).values()
    assert sent.id == call.id == "pbx21-1750000037.10"
    assert sent.direction is Direction.OUTBOUND
    assert sent.started == call.started


async def test_a_call_that_is_gone_is_just_not_listed(pbx: Pbx) -> None:
    assert len(await pbx.calls(bodies.TALKING)) == 1
    assert await pbx.calls(b"") == {}


async def test_two_halves_without_a_bridge_stay_one_call(pbx: Pbx) -> None:
    await pbx.calls(bodies.RINGING)
    rows = json.loads(bodies.RINGING)
    rows[0][4:7] = ["Up", "Dial", ",30,tT"]
    rows[2][4] = "Up"
    calls = await pbx.calls(json.dumps([rows[0], rows[2]]))
    (call,) = [call for call in calls.values() if call.state is not LegState.ENDED]
    assert (call.state, call.certainty) == (LegState.TALKING, Certainty.INFERRED)
    assert len(call.legs) == 2


# --- shapes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", NOBODY_THERE)
async def test_no_calls(pbx: Pbx, body: bytes) -> None:
    assert await pbx.calls(body) == {}


async def test_numbers_may_come_as_numbers_and_nothing_as_null(pbx: Pbx) -> None:
    rows = json.loads(bodies.TALKING)
    rows[0][3], rows[0][10], rows[0][11], rows[0][9] = 1, 3, 42, None
    rows[0].append("one more")
    (call,) = (await pbx.calls(json.dumps(rows))).values()
    assert len(call.legs) == 2


async def test_a_list_by_name(pbx: Pbx) -> None:
    first, second = json.loads(bodies.TALKING)
    assert len(await pbx.calls(json.dumps({"7": first, "8": second}))) == 1


@pytest.mark.parametrize(
    "spoil", [[1, 2, 3], "SIP/203-ACME-01!x", None, {"a": 1}, [["x"]] * 14, [True] * 14]
)
async def test_a_row_that_cannot_be_read_spoils_itself_only(pbx: Pbx, spoil: object) -> None:
    pbx.answers["CHANNELS"] = json.dumps([*json.loads(bodies.TALKING), spoil])
    reading = await pbx.reading(Topic.CALLS)
    assert len(reading.items[Kind.CALLS]) == 1
    (note,) = reading.notes
    assert note.startswith("1 of 3 rows of CHANNELS were not read: CHANNELS row 3:")


async def test_nothing_but_rows_that_cannot_be_read_is_no_empty_list(pbx: Pbx) -> None:
    with pytest.raises(
        NotUnderstood, match=r"none of 2 rows could be read.*14 items were expected"
    ):
        await pbx.calls('[["SIP/203-ACME-01"],["x"]]')


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"Something is wrong here", "answers CHANNELS with “Something is wrong here”"),
        (b'{"error":"no"}', "a list of channels was expected"),
        (b"7", "a list of channels was expected"),
        (b"[[", "ends in the middle"),
        (b"<html><title>502 Bad Gateway</title>", "a web page, “502 Bad Gateway”,"),
        (bytes(range(200, 256)) * 9, "no JSON"),
        (b"Success|x|", "answers CHANNELS with “Success"),
    ],
)
async def test_an_error_is_never_no_calls(pbx: Pbx, body: bytes, words: str) -> None:
    with pytest.raises(NotUnderstood) as raised:
        await pbx.calls(body)
    assert words in str(raised.value)


async def test_a_tenant_that_is_not_taken(pbx: Pbx) -> None:
    with pytest.raises(Forbidden, match="Wrong or missing tenant"):
        await pbx.calls("Wrong or missing tenant")


async def test_one_node_that_fails_fails_all(pbx: Pbx) -> None:
    pbx.open(nodes=["pbx21", "pbx22"])
    pbx.answers["CHANNELS pbx21"] = bodies.TALKING
    pbx.answers["CHANNELS pbx22"] = "node unknown"
    with pytest.raises(NotUnderstood, match="node unknown"):
        await pbx.reading(Topic.CALLS)
    pbx.answers["CHANNELS pbx22"] = bodies.RINGING
    reading = await pbx.reading(Topic.CALLS)
    assert len(reading.items[Kind.CALLS]) == 3
    assert reading.source == "CHANNELS of pbx21, pbx22"


async def test_the_rows_as_they_came(pbx: Pbx) -> None:
    (call,) = (await pbx.calls(bodies.TALKING)).values()
    lines = pbx.backend.raw(Kind.CALLS, call.id).splitlines()
    assert [json.loads(line) for line in lines] == json.loads(bodies.TALKING)
    assert pbx.backend.raw(Kind.CALLS, "nothing") == ""


async def test_strangers_choose_their_names(pbx: Pbx) -> None:
    rows = json.loads(bodies.TALKING)
    rows[0][7] = "\x1b[2J[bold]\u202e9\r\n"
    rows[0][0] = "SIP/\x1bevil-000011aa"
    (call,) = (await pbx.calls(json.dumps(rows))).values()
    assert call.from_.number == "\ufffd[2J[bold]\ufffd9"
    assert call.legs[0].device == "\ufffdevil"
    assert call.legs[0].channel == "", "this name could not be sent back"
