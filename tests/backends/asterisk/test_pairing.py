"""Who lets go and who is moved, in the calls that a real Asterisk had listed."""

from __future__ import annotations

import pytest

from pbxtui.backends.asterisk.pairing import Graph, handle, party_at
from pbxtui.backends.base import Conflict, NotFound
from pbxtui.model import Call, Leg
from tests.backends.asterisk.recorded import NOW, Heard


def graph(heard: Heard, call: Call | None = None) -> Graph:
    return Graph(call or heard.call(), heard.office.channel)


def name(leg: Leg | None) -> str:
    return "" if leg is None else leg.extension or leg.device


def pair(heard: Heard, chosen: str = "", operator: str = "") -> tuple[str, str]:
    """Who lets go and who is moved, by extension or device."""
    one = graph(heard)
    leg = next((leg.id for leg in one.legs if name(leg) == chosen), "")
    assert bool(leg) is bool(chosen)
    found = one.pair(leg, operator)
    return name(found.by), name(found.moved)


@pytest.mark.parametrize("heard", [Heard().lists("talking"), Heard().events("talking")])
def test_of_two_who_talk_the_other_one_moves(heard: Heard) -> None:
    assert pair(heard, "1001") == ("1001", "1002")
    assert pair(heard, "1002") == ("1002", "1001")
    assert pair(heard, operator="1001") == ("1001", "1002")
    assert pair(heard, operator="1002") == ("1002", "1001")
    assert pair(heard, operator="1007") == ("1002", "1001"), "who called is sent on"


@pytest.mark.parametrize("heard", [Heard().lists("ringing"), Heard().events("ringing")])
@pytest.mark.parametrize("chosen", ["1001", "1002", ""])
def test_of_a_call_that_nobody_answered_the_caller_moves(heard: Heard, chosen: str) -> None:
    assert pair(heard, chosen)[1] == "1001"
    assert pair(heard, operator="1002") == ("1002", "1001")
    assert pair(heard, operator="1001")[1] == "1001"


@pytest.mark.parametrize("capture", ["trunk-in-hostile-name", "trunk-out"])
def test_who_is_outside_is_moved(capture: str) -> None:
    heard = Heard().lists(capture)
    (phone,) = [name(leg) for leg in heard.call().legs if leg.extension]
    for chosen in ("PJSIP/trunk", phone, ""):
        assert pair(heard, chosen) == (phone, "PJSIP/trunk")


@pytest.mark.parametrize(
    "heard",
    [
        Heard().lists("blind-transfer"),
        Heard().lists("blind-transfer-before").events("blind-transfer"),
    ],
)
def test_who_was_called_and_sent_on_is_a_caller_then(heard: Heard) -> None:
    one = graph(heard)
    caller = next(leg for leg in one.legs if leg.extension == "1001")
    assert one.up(caller)
    assert not one.dialled(caller)
    assert pair(heard, "1006") == ("1006", "1001")
    assert pair(heard, "1001")[1] == "1001"


def test_the_halves_of_a_local_channel_are_nobody() -> None:
    heard = Heard().lists("queue-answered-local")
    assert pair(heard, "1005") == ("1005", "1001")
    assert pair(heard, "1001") == ("1001", "1005")
    one = graph(heard)
    assert not one.direct(*one.legs)
    together = graph(Heard().lists("talking"))
    assert together.direct(*together.legs)


def test_who_waits_in_a_queue_is_moved() -> None:
    heard = Heard().lists("queue-waiting")
    for call in heard.calls():
        one = graph(heard, call)
        assert one.pair("", "") == one.pair(one.legs[0].id, "")
        assert one.pair("", "").by is None
        assert one.pair("", "").moved is one.legs[0]


def test_who_waits_while_agents_ring_is_moved() -> None:
    heard = Heard().lists("queue-ringing-local")
    assert pair(heard)[1] == "1001"
    assert pair(heard, "1001") == ("", "1001")
    assert pair(heard, "1005") == ("1005", "1001")


@pytest.mark.parametrize("capture", ["parked", "echo"])
def test_who_is_alone_is_moved(capture: str) -> None:
    assert pair(Heard().lists(capture), "1001") == ("", "1001")
    assert pair(Heard().lists(capture)) == ("", "1001")


def test_while_somebody_is_asked_first_the_phone_talks_with_that_one() -> None:
    heard = Heard().lists("attended-transfer-consulting")
    call = heard.call()
    assert {leg.extension for leg in call.legs} == {"1001", "1002", "1006"}
    by = {leg.extension: graph(heard).mates(leg) for leg in call.legs}
    asked = {extension: [name(mate) for mate in mates] for extension, mates in by.items()}
    assert sorted(asked["1006"]) in (["1001"], ["1002"])
    alone = next(extension for extension, mates in asked.items() if not mates)
    assert pair(heard, alone) == ("", alone)


def test_of_several_who_hear_each_other_none_is_picked() -> None:
    heard = Heard().lists("conference")
    legs = tuple(leg for call in heard.calls() for leg in call.legs)
    call = heard.calls()[0]
    together = Call("lab", call.id, call.state, legs=legs)
    with pytest.raises(Conflict, match="2 others are on the line of 1001"):
        Graph(together, heard.office.channel).pair(
            next(leg.id for leg in legs if leg.extension == "1001"), ""
        )
    with pytest.raises(Conflict, match="several are on this call"):
        Graph(together, heard.office.channel).pair("", "")


def test_a_leg_that_is_gone_is_said_to_be() -> None:
    with pytest.raises(NotFound, match="not on the call any more"):
        graph(Heard().lists("talking")).pair("1.1", "")
    heard = Heard().lists("talking")
    with pytest.raises(NotFound, match="not on the PBX any more"):
        heard.office.live_call("1.1", NOW)


def test_who_is_at_an_end() -> None:
    heard = Heard().lists("talking")
    assert {str(party_at(leg)) for leg in heard.call().legs} == {"1001 Alice", "1002 Bob"}
    outside = Heard().lists("trunk-out").call().legs
    assert {party_at(leg).number for leg in outside} == {"1001", "900442079460958"}


@pytest.mark.parametrize("channel", ["", "/x/", "PJSIP/a\N{REPLACEMENT CHARACTER}", "PJSIP/a…"])
def test_a_channel_that_cannot_be_named_is_not(channel: str) -> None:
    leg = Heard().lists("talking").call().legs[0]
    with pytest.raises(Conflict, match="cannot be sent back"):
        handle(Leg(leg.id, leg.state, channel=channel))
