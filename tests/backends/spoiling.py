"""What a PBX might send in place of what it should, and what is true of whatever is made of it."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

from pbxtui.backends.base import Backend, BackendError, Reading
from pbxtui.model import KINDS_OF, Topic

Encode = Callable[[Any], bytes]


def ascii_json(value: Any) -> bytes:
    return json.dumps(value).encode()


def utf8_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


encodings: st.SearchStrategy[Encode] = st.sampled_from([ascii_json, utf8_json])


def any_json(*likely: str, longest: int = 4, leaves: int = 12) -> st.SearchStrategy[Any]:
    """Any value that JSON can hold; now and then a text that means something to this PBX."""
    scalars = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(alphabet=st.characters(), max_size=20)
        | st.sampled_from([*likely, "\x1b[31m", "\u202e"])
    )
    return st.recursive(
        scalars,
        lambda inner: (
            st.lists(inner, max_size=longest)
            | st.dictionaries(st.text(max_size=8), inner, max_size=4)
        ),
        max_leaves=leaves,
    )


@st.composite
def spoiled_with(
    draw: st.DrawFn, other: st.SearchStrategy[Any], templates: Sequence[str], one_in: int = 10
) -> Any:
    """One of the good bodies with some of its values, at any depth, replaced by others."""

    def spoil(value: Any) -> Any:
        if draw(st.integers(1, one_in)) == 1:
            return draw(other)
        if isinstance(value, dict):
            return {key: spoil(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [spoil(inner) for inner in value]
        return value

    return spoil(json.loads(draw(st.sampled_from(templates))))


def texts(value: object) -> Iterator[str]:
    """Every text in a thing of the model, in what it is made of, in a table or a list."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list | frozenset):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        yield from texts([*value, *value.values()])
    else:
        for name in getattr(value, "__dataclass_fields__", ()):
            yield from texts(getattr(value, name))


def assert_clean(text: str, secrets: Sequence[str] = ()) -> None:
    """No secret is in it, and nothing that a terminal would obey."""
    for secret in secrets:
        assert secret not in text
    for char in text:
        assert unicodedata.category(char)[0] != "C" or char in "\u200c\u200d", text


def assert_reading(
    reading: Reading, topic: Topic, backend: Backend, secrets: Sequence[str], longest: int
) -> None:
    assert set(reading.items) <= set(KINDS_OF[topic])
    for kind, things in reading.items.items():
        for id, thing in things.items():
            assert thing.id == id
            for text in texts(thing):
                assert_clean(text, secrets)
                assert len(text) <= longest
            backend.raw(kind, id)
    for note in reading.notes:
        assert_clean(note, secrets)


def assert_error(error: BackendError, secrets: Sequence[str]) -> None:
    assert error.words
    assert_clean(str(error), secrets)


async def read_whatever_comes(
    backend: Backend, topic: Topic, secrets: Sequence[str], longest: int = 200
) -> list[Reading]:
    """Read twice, as the second reading remembers the first, and close; what could be read.

    Each is a reading of clean text, the longest of so many characters, or an error in words.
    """
    readings = []
    for _ in range(2):
        try:
            reading = await backend.read(topic)
        except BackendError as error:
            assert_error(error, secrets)
        else:
            assert_reading(reading, topic, backend, secrets, longest)
            readings.append(reading)
    await backend.close()
    for exchange in backend.exchanges:
        assert_clean(exchange.what + exchange.fault, secrets)
    return readings
