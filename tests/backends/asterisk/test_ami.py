"""Bytes into messages: however they are cut, and whatever is in them."""

from __future__ import annotations

import contextlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbxtui.backends.asterisk.ami import MAX_MESSAGE, Message, Splitter, encode
from pbxtui.backends.base import BackendError, NotUnderstood, TooBig
from tests.backends.asterisk.recorded import CAPTURES, GREETING, octets, split

NAMES = sorted(path.stem for path in CAPTURES.glob("*.txt") if not path.stem.startswith("login"))
KEYS = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,20}", fullmatch=True)
VALUES = st.binary(max_size=60).filter(lambda value: b"\r\n" not in value and b"\r" not in value)
FIELDS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=8)


def as_bytes(fields: dict[str, bytes]) -> bytes:
    lines = [key.encode() + b": " + value + b"\r\n" for key, value in fields.items()]
    return b"".join(lines) + b"\r\n"


def in_pieces(data: bytes, cuts: list[int]) -> list[Message]:
    """The messages, when the network cuts the stream at those places."""
    splitter = Splitter()
    places = sorted({cut % (len(data) + 1) for cut in cuts} | {0, len(data)})
    messages = []
    for begin, end in pairwise(places):
        messages += splitter.feed(data[begin:end])
    return messages


@given(st.lists(FIELDS, max_size=6), st.lists(st.integers(min_value=0), max_size=20))
def test_the_network_may_cut_anywhere(blocks: list[dict[str, bytes]], cuts: list[int]) -> None:
    data = GREETING + b"".join(as_bytes(block) for block in blocks)
    messages = in_pieces(data, cuts)
    assert len(messages) == len(blocks)
    for message, block in zip(messages, blocks, strict=True):
        assert message.fields == {
            key: value.decode("utf-8", "replace") for key, value in block.items()
        }


@given(st.binary(max_size=400), st.lists(st.integers(min_value=0), max_size=8))
def test_any_bytes_are_messages_or_an_error_in_words(data: bytes, cuts: list[int]) -> None:
    for greeting in (GREETING, b""):
        with contextlib.suppress(BackendError):
            for message in in_pieces(greeting + data, cuts):
                assert message["Event"] == message.event
                assert message.action_id == message["ActionID"].strip() or not message.action_id


@pytest.mark.parametrize("name", NAMES)
def test_a_capture_splits_into_whole_messages(name: str) -> None:
    data = octets(name)
    messages = split(data)
    assert b"".join(message.raw + b"\r\n" for message in messages) == data
    assert all(message.event or message["Response"] for message in messages)
    assert all(message.action_id == message["ActionID"] for message in messages)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=10)
@given(st.data())
def test_a_truncated_capture_gives_the_messages_that_are_whole(
    name: str, data: st.DataObject
) -> None:
    whole = octets(name)
    messages = split(whole)
    cut = data.draw(st.integers(min_value=0, max_value=len(whole)))
    kept = split(whole[:cut])
    assert [message.raw for message in kept] == [m.raw for m in messages[: len(kept)]]
    assert len(kept) <= len(messages)


def test_what_is_no_ascii_arrives_whole() -> None:
    (name,) = {
        message["CallerIDName"]
        for message in split(octets("trunk-in-hostile-name"))
        if message["Channel"].startswith("PJSIP/trunk")
    }
    assert "Zoë 💀" in name
    assert "\x1b[31m" in name


def test_the_first_of_two_equal_fields_counts_and_a_missing_one_is_empty() -> None:
    (message,) = split(b"Event: X\r\nUniqueid: 1.1\r\nUniqueid: 2.2\r\n\r\n")
    assert message["Uniqueid"] == "1.1"
    assert message["Channel"] == ""
    assert "Channel" not in message


@pytest.mark.parametrize(
    ("greeting", "said"),
    [
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", "SSH-2.0-OpenSSH_9.2p1"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n<html>", "HTTP/1.1 400 Bad Request"),
        (b"\x16\x03\x01\x02\x00\x01\n", "\N{REPLACEMENT CHARACTER}"),
        (b"x" * 5000, "xxxx"),
    ],
)
def test_another_greeting_is_told(greeting: bytes, said: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        Splitter().feed(greeting)
    assert said in caught.value.words
    assert "check host and port" in caught.value.hint


def test_a_message_without_end_is_cut_off() -> None:
    splitter = Splitter()
    splitter.feed(GREETING + b"A: b\r\n" * (MAX_MESSAGE // 6))
    with pytest.raises(TooBig):
        splitter.feed(b"A: b\r\n" * 6)


@pytest.mark.parametrize("value", ["1001\r\nAction: Command", "a\nb", "a\rb"])
def test_no_field_breaks_out_of_its_line(value: str) -> None:
    with pytest.raises(ValueError, match="break out"):
        encode("Hangup", {"Channel": value})


def test_an_action_is_lines_and_an_empty_one() -> None:
    assert encode("Ping", {"ActionID": "x-1"}) == b"Action: Ping\r\nActionID: x-1\r\n\r\n"
