"""Whatever fields hold, and in whatever order events come: plain words, and the list wins."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pbxtui.backends.asterisk.ami import Message
from pbxtui.backends.asterisk.office import Office
from pbxtui.model import LegState, Topic
from tests.backends.asterisk.recorded import CAPTURES, NOW, Heard, split
from tests.backends.spoiling import assert_clean, texts

STREAMS = sorted(path.stem for path in CAPTURES.glob("*.txt") if path.stem != "login-refused")
EVERYTHING = [
    m for name in STREAMS if name != "login" for m in split((CAPTURES / f"{name}.txt").read_bytes())
]
EVENTS = [message for message in EVERYTHING if message.event and not message["ActionID"]]
KEYS = sorted({key for message in EVERYTHING for key in message.fields})
HOSTILE = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "",
            "-1",
            "99999999999999999999",
            "1e400",
            "nan",
            "<unknown>",
            "\x1b[2J",
            "\u202e",
            "[red]",
        ]
    ),
    st.integers().map(str),
)


def changed(message: Message, key: str, value: str) -> Message:
    """The message with one field set to something else."""
    lines = {**message.fields, key: value.replace("\r\n", " ")}
    raw = "".join(f"{name}: {text}\r\n" for name, text in lines.items())
    return Message(raw.encode("utf-8", "replace"))


def everything_of(office: Office) -> list[object]:
    """All things of all kinds."""
    return [
        thing
        for topic in Topic
        for things in office.items(topic, NOW).values()
        for thing in things.values()
    ]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(EVERYTHING), st.sampled_from(KEYS), HOSTILE),
        min_size=1,
        max_size=25,
    )
)
def test_hostile_fields_become_plain_text(edits: list[tuple[Message, str, str]]) -> None:
    heard = Heard()
    messages = [changed(*edit) for edit in edits]
    for take in (
        "CoreShowChannels",
        "QueueStatus",
        "EndpointList",
        "ContactList",
        "ExtensionState",
    ):
        heard._take(take, messages, NOW)
    for message in messages:
        heard.office.take_event(message, NOW)
    for thing in everything_of(heard.office):
        for text in texts(thing):
            assert_clean(text)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(EVENTS), max_size=60),
    st.sampled_from(["talking", "held", "parked", "queue-ringing-local"]),
)
def test_the_list_wins_over_events_in_any_order(events: list[Message], capture: str) -> None:
    heard = Heard()
    for message in events:
        heard.office.take_event(message, NOW)
        heard.calls()
    ended = {m["Uniqueid"] for m in events if m.event == "Hangup"}
    fresh = Heard().lists(capture)
    heard.lists(capture)
    seen = {
        leg.id
        for call in heard.calls(NOW + 60)
        for leg in call.legs
        if call.state is not LegState.ENDED
    }
    wanted = {leg.id for call in fresh.calls() for leg in call.legs}
    assert seen == wanted - ended
    for call in heard.calls(NOW + 60):
        assert call.legs


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(EVENTS), max_size=60))
def test_no_order_of_events_breaks_anything(events: list[Message]) -> None:
    office = Office("lab")
    for number, message in enumerate(events):
        office.take_event(message, NOW + number)
        everything_of(office)
