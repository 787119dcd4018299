"""Hostile text is harmless after the door, and honest text comes through whole."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from pbxtui.model import clean, clean_block
from pbxtui.model.text import MAX_LENGTH

HOSTILE = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("\x00\x07\x08\x1b\x7f\x9b\x9d\u200b\u202e\u2066\u2069\ufeff\U000e0041"),
    ),
    max_size=400,
)


def forbidden(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] in "CZ" and char not in (" ", "\u200c", "\u200d")


@given(HOSTILE)
def test_no_control_escape_or_bidi_character_survives(text: str) -> None:
    assert not [hex(ord(char)) for char in clean(text) if forbidden(char)]


@given(HOSTILE)
def test_cleaning_is_one_line_of_capped_length(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) <= MAX_LENGTH
    assert "\n" not in cleaned
    assert cell_len(cleaned) <= 2 * MAX_LENGTH


@given(HOSTILE)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"]), max_size=MAX_LENGTH))
def test_printable_text_comes_through_whole(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31mBob\x1b[0m", "\ufffd[31mBob\ufffd[0m"),
        ("\x1b]0;owned\x07", "\ufffd]0;owned\ufffd"),
        ("gnp.\u202eexe", "gnp.\ufffdexe"),
        ("line\r\nbreak\tand\u2028more", "line  break and more"),
        ("  padded\u00a0name ", "padded name"),
        ("[red]Søren[/] 田中", "[red]Søren[/] 田中"),
        ("z" + "\u0301" * 40, "z" + "\u0301" * 3),
        ("x" * 500, "x" * (MAX_LENGTH - 1) + "…"),
        ("", ""),
    ],
)
def test_known_tricks(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@given(HOSTILE)
def test_a_block_keeps_its_lines_and_nothing_harmful(text: str) -> None:
    block = clean_block(text)
    assert not [char for char in block if forbidden(char) and char != "\n"]


def test_a_block_keeps_its_indents() -> None:
    assert clean_block('{\n  "name": "a\x1b[2J"\n}') == '{\n  "name": "a\ufffd[2J"\n}'
