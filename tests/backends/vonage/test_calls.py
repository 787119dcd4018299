"""What becomes of Vonage's calls, in each shape of the wire that was seen or documented."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pbxtui.backends.vonage.book import KEPT_WORDS
from pbxtui.model import Certainty, Direction, Kind, LegState, Party
from tests.backends.vonage.bodies import CALL_ID, DOCUMENTED, LIVE, LIVE_ARRAY, LIVE_CALL
from tests.backends.vonage.conftest import Site

CALLER = Party("12065550101", "WIRELESS CALLER")
DESK = Party("447", "Front Desk")


def changed(leg: str = "", **fields: Any) -> str:
    """The live body with some fields of the call, or of one leg, changed; ``...`` removes one."""
    call = json.loads(LIVE_CALL)
    part = call["leg_map"][leg] if leg else call
    for key, value in fields.items():
        if value is ...:
            del part[key]
        else:
            part[key] = value
    return json.dumps({"calls": [call]})


@pytest.mark.parametrize("body", [LIVE, LIVE_ARRAY])
async def test_a_live_call(site: Site, body: str) -> None:
    calls = await site.calls(body)
    assert list(calls) == [CALL_ID]
    call = calls[CALL_ID]
    assert (call.site, call.state, call.certainty) == ("hq", LegState.TALKING, Certainty.SEEN)
    assert (call.direction, call.from_, call.to) == (Direction.INBOUND, CALLER, DESK)
    assert call.started == 1790293069.492798
    assert call.answered == 1790293075.25
    assert call.since == 1790293075.25
    assert call.ended is None
    assert call.reason == ""


async def test_the_legs_of_a_live_call(site: Site) -> None:
    trunk, desk = (await site.calls(LIVE))[CALL_ID].legs
    assert (desk.id, desk.channel, desk.device) == ("leg-desk", "leg-desk", "VH0000001")
    assert (desk.extension, desk.state, desk.since) == ("447", LegState.TALKING, 1790293075.25)
    assert (desk.direction, desk.from_, desk.to) == (Direction.OUTBOUND, CALLER, DESK)
    assert (trunk.id, trunk.device, trunk.extension) == ("leg-trunk", "pstn", "")
    assert trunk.answered == 1790293069.6


async def test_a_documented_call(site: Site) -> None:
    calls = await site.calls(DOCUMENTED)
    call = calls["3fa85f64-5717-4562-b3fc-2c963f66afa6"]
    assert (call.state, call.certainty) == (LegState.TALKING, Certainty.SEEN)
    assert (call.from_, call.to) == (Party("1235551111"), Party("1234567890"))
    assert (call.started, call.answered, call.since) == (1790293069.0, None, None)
    first, second = call.legs
    assert (first.state, first.from_) == (LegState.TALKING, Party("1231112222"))
    assert (second.state, second.reason) == (LegState.ENDED, "busy")
    assert second.since == 1790293080.0
    assert second.to == Party("447")


@pytest.mark.parametrize(
    ("status", "state", "since"),
    [
        ("initializing", LegState.SETUP, 1790293070.0),
        ("ringing", LegState.RINGING, 1790293070.0),
        ("on-call", LegState.TALKING, 1790293075.25),
        ("active", LegState.TALKING, 1790293075.25),
        ("ON_CALL", LegState.TALKING, 1790293075.25),
    ],
)
async def test_the_own_leg_says_the_state(
    site: Site, status: str, state: LegState, since: float
) -> None:
    call = (await site.calls(changed("leg-desk", status=status)))[CALL_ID]
    assert (call.state, call.since) == (state, since)
    agree = state is LegState.TALKING
    assert call.certainty is (Certainty.SEEN if agree else Certainty.INFERRED)
    assert (call.answered is None) == (not agree)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("disconnected", "hung up"),
        ("busy", "busy"),
        ("failed", "failed"),
        ("unanswered", "not answered"),
    ],
)
async def test_a_call_that_is_over_says_why(site: Site, status: str, reason: str) -> None:
    over = json.loads(LIVE_CALL)
    over |= {"status": status, "end_time": "1790293090000000"}
    for leg in over["leg_map"].values():
        leg |= {"status": status, "end_time": "1790293090000000"}
    call = (await site.calls(json.dumps([over])))[CALL_ID]
    assert (call.state, call.reason, call.certainty) == (LegState.ENDED, reason, Certainty.SEEN)
    assert (call.ended, call.since) == (1790293090.0, 1790293090.0)
    assert call.over


async def test_a_phone_that_gave_up_does_not_end_a_call_that_goes_on(site: Site) -> None:
    call = (await site.calls(changed("leg-desk", status="unanswered")))[CALL_ID]
    assert (call.state, call.certainty) == (LegState.TALKING, Certainty.INFERRED)
    assert [leg.state for leg in call.legs] == [LegState.TALKING, LegState.ENDED]


async def test_the_call_that_lags_behind_its_ended_legs_is_over(site: Site) -> None:
    lagging = json.loads(LIVE_CALL)
    for leg in lagging["leg_map"].values():
        leg |= {"status": "disconnected", "end_time": "1790293090000000"}
    call = (await site.calls(json.dumps([lagging])))[CALL_ID]
    assert (call.state, call.certainty) == (LegState.ENDED, Certainty.INFERRED)


async def test_of_several_phones_the_one_that_talks_counts(site: Site) -> None:
    group = json.loads(LIVE_CALL)
    desk = group["leg_map"]["leg-desk"]
    group["leg_map"]["leg-2"] = desk | {"leg_id": "leg-2", "status": "unanswered"}
    group["leg_map"]["leg-0"] = desk | {"leg_id": "leg-0", "status": "ringing"}
    call = (await site.calls(json.dumps([group])))[CALL_ID]
    assert (call.state, call.certainty) == (LegState.TALKING, Certainty.SEEN)
    assert [leg.id for leg in call.legs] == ["leg-trunk", "leg-0", "leg-2", "leg-desk"]


@pytest.mark.parametrize("word", ["barged", "", None, ...])
async def test_an_unknown_state_keeps_the_call_and_says_so(site: Site, word: object) -> None:
    call = (await site.calls(changed("leg-desk", status=word)))[CALL_ID]
    assert (call.state, call.certainty) == (LegState.TALKING, Certainty.INFERRED)
    assert ("barged" in call.reason) if word == "barged" else ("no state" in call.reason)


async def test_an_unknown_state_without_an_answer_is_no_conversation(site: Site) -> None:
    body = json.dumps([{"call_id": "1", "status": "warming", "start_time": 1790293069}])
    call = (await site.calls(body))["1"]
    assert (call.state, call.certainty) == (LegState.SETUP, Certainty.INFERRED)
    assert "warming" in call.reason


async def test_the_placeholder_is_nobodys_name(site: Site) -> None:
    call = (await site.calls(changed(to_name="Outbound Call", to_number="+442079460958")))[CALL_ID]
    assert call.to == Party("+442079460958")


@pytest.mark.parametrize("name", ["12065550101", " 12065550101 ", None, ..., ""])
async def test_a_number_is_no_name(site: Site, name: object) -> None:
    call = (await site.calls(changed(from_name=name)))[CALL_ID]
    assert call.from_ == Party("12065550101")


async def test_a_phone_number_in_place_of_an_extension_is_not_an_own_leg(site: Site) -> None:
    call = (await site.calls(changed("leg-desk", extension="+12065550123")))[CALL_ID]
    assert [leg.extension for leg in call.legs] == ["", ""]


async def test_a_call_between_two_desks(site: Site) -> None:
    call = json.loads(LIVE_CALL)
    call |= {"direction": "INTRA_PBX"}
    call["leg_map"]["leg-trunk"] |= {"device_id": "VH0000002", "extension": "448"}
    assert (await site.calls(json.dumps([call])))[CALL_ID].direction is Direction.INTERNAL
    call |= {"direction": None}
    assert (await site.calls(json.dumps([call])))[CALL_ID].direction is Direction.INTERNAL
    call |= {"direction": "outbound"}
    assert (await site.calls(json.dumps([call])))[CALL_ID].direction is Direction.OUTBOUND


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("1790293069492798", 1790293069.492798),
        (1790293069492798, 1790293069.492798),
        ("1790293069492", 1790293069.492),
        ("1790293069", 1790293069.0),
        (1790293069, 1790293069.0),
        (1790293069.5, 1790293069.5),
        ("2026-09-24T23:37:49Z", 1790293069.0),
        ("2026-09-25T01:37:49+02:00", 1790293069.0),
        ("2026-09-24T23:37:49", 1790293069.0),
        ("0", None),
        (0, None),
        ("", None),
        (None, None),
        (..., None),
        ("yesterday", None),
        ("-5", None),
        ("12", None),
        ("nan", None),
        ("1e400", None),
        ("9" * 300, None),
    ],
)
async def test_times_in_every_unit(site: Site, given: object, seconds: float | None) -> None:
    assert (await site.calls(changed(start_time=given)))[CALL_ID].started == seconds


async def test_everything_but_the_id_may_be_missing_or_null(site: Site) -> None:
    bare = '[{"call_id":"1"},{"call_id":2,"leg_map":null,"legs":null,"from":null,"flags":7}]'
    calls = await site.calls(bare)
    assert list(calls) == ["1", "2"]
    assert calls["1"].legs == calls["2"].legs == ()
    nothing = json.loads(LIVE_CALL)
    for key in nothing:
        body = json.dumps([nothing | {key: None, "call_id": "1"}])
        assert list(await site.calls(body)) == ["1"]
    for key in nothing["leg_map"]["leg-desk"]:
        assert len((await site.calls(changed("leg-desk", **{key: None})))[CALL_ID].legs) == 2
        assert len((await site.calls(changed("leg-desk", **{key: ...})))[CALL_ID].legs) == 2


async def test_a_leg_without_an_id_has_no_handle(site: Site) -> None:
    body = '[{"call_id":"1","legs":[{"status":"ringing"},null,{"leg_id":"b"}]}]'
    first, second = sorted((await site.calls(body))["1"].legs, key=lambda leg: leg.id)
    assert (first.id, first.channel) == ("b", "b")
    assert (second.id, second.channel) == ("leg 1", "")


async def test_the_same_leg_twice_is_one_leg(site: Site) -> None:
    body = '[{"call_id":"1","legs":[{"leg_id":"a","status":"ringing"},{"leg_id":"a"}]}]'
    (leg,) = (await site.calls(body))["1"].legs
    assert leg.state is LegState.RINGING


async def test_a_row_that_did_not_change_is_the_same_call(site: Site) -> None:
    first = (await site.calls(LIVE))[CALL_ID]
    assert (await site.calls(LIVE))[CALL_ID] is first
    after = (await site.calls(changed(status="disconnected")))[CALL_ID]
    assert after is not first


async def test_one_unreadable_call_does_not_blind_the_site(site: Site) -> None:
    rows = [{"call_id": str(n)} for n in range(5)]
    rows[3]["legs"] = 7  # type: ignore[assignment]
    reading = await site.reading(json.dumps({"calls": rows}))
    assert list(reading.items[Kind.CALLS]) == ["0", "1", "2", "4"]
    assert reading.notes == (
        "1 of 5 calls could not be read: calls.3.legs: a list was expected, a number came",
    )


async def test_a_call_that_turns_unreadable_is_kept_as_it_was(site: Site) -> None:
    await site.calls(f'[{LIVE_CALL},{{"call_id":"2"}}]')
    broken = json.loads(LIVE_CALL) | {"leg_map": [1]}
    call = (await site.calls(json.dumps([{"call_id": "2"}, broken])))[CALL_ID]
    assert (call.state, call.certainty) == (LegState.TALKING, Certainty.INFERRED)
    assert call.reason == KEPT_WORDS
    again = (await site.calls(f'[{LIVE_CALL},{{"call_id":"2"}}]'))[CALL_ID]
    assert (again.certainty, again.reason) == (Certainty.SEEN, "")


async def test_hostile_text_is_cleaned_wherever_it_stands(site: Site) -> None:
    evil = "\x1b[2J[bold red]x[/]\u202egnp.exe\r\nq\x00"
    call = json.loads(LIVE_CALL)
    texts = {key: evil for key, value in call.items() if isinstance(value, str)}
    leg = dict.fromkeys(call["leg_map"]["leg-desk"], evil)
    body = json.dumps(
        [{**call, **texts, "leg_map": {evil: leg, evil + "2": {**leg, "leg_id": ""}}}]
    )
    for made in (await site.calls(body)).values():
        shown = repr(made)
        for char in ("\\x1b", "\\u202e", "\\r", "\\n", "\\x00"):
            assert char not in shown
        assert "[bold red]x[/]" in made.from_.number


async def test_raw_control_characters_and_broken_text_in_json(site: Site) -> None:
    body = (
        b'[{"call_id":"1","from_name":"a\tb\x1b[31m\xff"},{"call_id":"2","from_name":"\\ud800x"}]'
    )
    calls = await site.calls(body)
    assert calls["1"].from_.name == "a b�[31m�"
    assert calls["2"].from_.name == "?x"


async def test_the_raw_row_is_the_wires_own(site: Site) -> None:
    await site.calls(LIVE)
    raw = site.opened[0].raw(Kind.CALLS, CALL_ID)
    assert json.loads(raw) == json.loads(LIVE_CALL)
    assert len(raw.splitlines()) > 20
    assert site.opened[0].raw(Kind.CALLS, "gone") == ""
    assert site.opened[0].raw(Kind.LAMPS, CALL_ID) == ""
