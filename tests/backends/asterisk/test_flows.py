"""Custom device states, by what a real Asterisk had listed and told."""

from __future__ import annotations

import pytest

from pbxtui.backends.asterisk.flows import SETTABLE
from pbxtui.backends.base import Backend
from pbxtui.backends.devicestates import DEVICE_STATES
from pbxtui.model import Certainty, Flow, Kind, LampState, Topic
from tests.asterisk.waiting import soon
from tests.backends.asterisk.peer import UNKNOWN, Peer, denied, recorded, talking_to
from tests.backends.asterisk.recorded import Heard, octets, split
from tests.backends.asterisk.test_backend import Updates


async def flows(backend: Backend) -> dict[str, Flow]:
    reading = await backend.read(Topic.LAMPS)
    assert "DeviceStateList" in reading.source
    return {id_: flow for id_, flow in reading.items[Kind.FLOWS].items() if isinstance(flow, Flow)}


def test_what_was_set_has_its_state_and_what_never_was_is_unknown() -> None:
    night, never = (Heard().lists("flows").flows()[id_] for id_ in ("Custom:night", "Custom:never"))
    assert night == Flow(
        "lab", "Custom:night", LampState.IDLE, Certainty.SEEN, "810", "night", "", None
    )
    assert (never.state, never.certainty) == (LampState.UNKNOWN, Certainty.INFERRED)
    assert (never.number, never.name) == ("811", "never")


def test_a_lamp_on_a_flow_stays_a_lamp() -> None:
    lamps = Heard().lists("flows").lamps()
    assert lamps["810@office"].state is LampState.IDLE


def test_a_change_is_heard_with_its_time() -> None:
    heard = Heard().lists("flows").events("flow-set")
    night = heard.flows()["Custom:night"]
    assert night.state is LampState.IN_USE
    assert night.since is not None
    assert heard.lamps()["810@office"].state is LampState.IN_USE
    assert heard.lists("flows").flows()["Custom:night"].state is LampState.IDLE, "the list wins"


@pytest.mark.parametrize(
    ("word", "state"), [*DEVICE_STATES.items(), ("INVALID", LampState.UNKNOWN)]
)
def test_each_of_asterisks_states_is_a_lamps(word: str, state: LampState) -> None:
    heard = Heard().lists("flows")
    event = f"Event: DeviceStateChange\r\nDevice: Custom:night\r\nState: {word}\r\n\r\n"
    (message,) = split(event.encode())
    before = heard.flows()["Custom:night"].state
    touched = heard.office.take_event(message, 1.0)
    assert touched == ({Topic.LAMPS} if word != "NOT_INUSE" else set())
    assert before is LampState.IDLE
    assert heard.flows()["Custom:night"].state is state
    assert heard.office.take_event(message, 2.0) == set(), "nothing has changed"
    assert set(SETTABLE) == set(LampState) - {LampState.DND}


def test_the_states_of_phones_are_no_flows_and_touch_nothing() -> None:
    heard = Heard().lists("flows")
    (message,) = split(b"Event: DeviceStateChange\r\nDevice: PJSIP/1001\r\nState: INUSE\r\n\r\n")
    assert heard.office.take_event(message, 1.0) == set()
    assert set(heard.flows()) == {"Custom:night", "Custom:never"}


def test_a_hostile_name_is_cleaned_and_cannot_be_set() -> None:
    heard = Heard().lists("flows")
    (message,) = split(
        b"Event: DeviceStateChange\r\nDevice: Custom:\x1b[2Jx\r\nState: INUSE\r\n\r\n"
    )
    heard.office.take_event(message, 1.0)
    (odd,) = heard.flows().keys() - {"Custom:night", "Custom:never"}
    assert odd.isprintable()
    assert heard.office.flow(odd) is None
    found = heard.office.flow("810")
    assert found is not None
    assert found.id == "Custom:night"


@pytest.mark.parametrize("answer", [UNKNOWN, denied()])
async def test_without_the_list_the_hints_tell(peer: Peer, answer: bytes) -> None:
    peer.answers["DeviceStateList"] = answer
    peer.answers["ExtensionStateList"] = recorded("flows", "ExtensionStateListComplete").replace(
        b"Hint: Custom:night\r\nStatus: 0", b"Hint: Custom:night\r\nStatus: 1"
    )
    async with talking_to(peer) as backend:
        night = (await flows(backend))["Custom:night"]
        assert (night.state, night.certainty) == (LampState.IN_USE, Certainty.INFERRED)
        notes = (await backend.read(Topic.LAMPS)).notes
        assert bool(notes) is (answer != UNKNOWN)


async def test_flows_are_read_pushed_and_seen_as_they_came(peer: Peer) -> None:
    peer.answers["ExtensionStateList"] = recorded("flows", "ExtensionStateListComplete")
    async with talking_to(peer) as backend:
        assert set(await flows(backend)) == {"Custom:night", "Custom:never"}
        raw = backend.raw(Kind.FLOWS, "Custom:night")
        assert "Device: Custom:night" in raw
        assert "Exten: 810" in raw
        updates = Updates(backend)
        peer.push(octets("flow-set-events"))
        (reading,) = await soon(lambda: updates.pushed(Kind.FLOWS))
        flow = reading.items[Kind.FLOWS]["Custom:night"]
        assert flow.state is LampState.IN_USE  # type: ignore[union-attr]
        await backend.close()
        await updates.end()
