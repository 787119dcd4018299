"""The command line's grammar: what it reads, what it offers, what it says of a wrong word."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxtui.ui.actions import ACTS, Act
from pbxtui.ui.commands import (
    ALIASES,
    COMMANDS,
    Command,
    History,
    Takes,
    offers,
    read,
    shorts,
    unknown,
)

KNOWN: dict[Takes, Sequence[str]] = {
    Takes.SITES: ["hq", "branch", "cloud"],
    Takes.COLUMN: ["since", "site", "up", "down"],
    Takes.VIEW: ["calls", "lamps"],
    Takes.SAVED: ["late", "late calls"],
}


def known(command: Command) -> Sequence[str]:
    return KNOWN.get(command.takes, ())


def offered(line: str) -> tuple[str, ...]:
    return offers(line, known).lines()


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.id)
def test_every_action_is_a_command_by_its_id_and_by_a_short_name(act: Act) -> None:
    assert COMMANDS[act.id].act == act.id
    short = [name for name, one in COMMANDS.items() if one.act == act.id and "." not in name]
    assert short, f"{act.id} has no short name: another action ends in the same word"


def test_no_other_name_hides_an_action() -> None:
    last = [act.id.rpartition(".")[2] for act in ACTS]
    assert len(last) == len(set(last))
    assert not set(ALIASES) & set(last)


@pytest.mark.parametrize(
    ("line", "act", "text"),
    [
        ("q", "app.quit", ""),
        ("quit", "app.quit", ""),
        (":q", "app.quit", ""),
        ("  site   hq branch ", "view.site", "hq branch"),
        ("row.details", "row.details", ""),
        ("Lamps", "view.lamps", ""),
        ("read", "app.refresh", ""),
    ],
)
def test_a_line_is_a_name_and_what_follows(line: str, act: str, text: str) -> None:
    typed = read(line)
    assert typed.command is not None
    assert (typed.command.act, typed.text) == (act, text)


def test_a_number_alone_goes_to_that_call() -> None:
    assert (read("25").command, read("25").text) == (COMMANDS["goto"], "25")


@pytest.mark.parametrize(
    ("wrong", "meant"), [("devises", ":devices"), ("quti", ":quit"), ("colums", ":columns")]
)
def test_a_wrong_name_is_told_the_nearest(wrong: str, meant: str) -> None:
    assert read(wrong).command is None
    assert unknown(wrong) == f'there is no command ":{wrong}"; did you mean "{meant}"?'


def test_a_beginning_is_completed_but_is_no_command() -> None:
    assert read("dev").command is None
    assert offered("dev") == ("devices",)


def test_what_follows_is_completed_word_by_word() -> None:
    assert offered("site ") == ("site hq", "site branch", "site cloud")
    assert offered("site hq b") == ("site hq branch",)
    assert "site hq hq" not in offered("site hq ")
    assert offered("sort since d") == ("sort since down",)
    assert offered("view la") == ("view lamps",)


def test_a_name_of_several_words_is_completed_whole() -> None:
    assert offered("load late c") == ("load late calls",)


def test_nothing_is_offered_behind_what_takes_nothing_or_is_unknown() -> None:
    assert offered("quit ") == ()
    assert offered("nonsense h") == ()


def test_the_names_offered_first_are_short_and_each_one_is_a_command() -> None:
    assert all(name in COMMANDS and "." not in name for name in shorts())
    assert len(shorts()) == len(set(shorts()))


LINES = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from([*COMMANDS, "hq", "since", "down", ":", " ", "late calls", "x"]), max_size=5
    ).map(" ".join),
)


@given(LINES)
def test_any_line_is_read_and_keeps_its_words(line: str) -> None:
    typed = read(line)
    stripped = line.strip().lstrip(":").strip()
    assert [*typed.name.split(), *typed.text.split()] in (
        stripped.split(),
        ["goto", *stripped.split()],
    )
    if typed.command is None and typed.name:
        assert typed.name in unknown(typed.name)


@given(LINES)
def test_a_completion_keeps_what_stands_before_the_word_and_is_offered_again(line: str) -> None:
    found = offers(line, known)
    assert line.startswith(found.kept)
    for whole in found.lines():
        assert whole.startswith(found.kept)
        assert whole in offers(whole, known).lines()


@given(LINES)
def test_a_completed_name_is_a_command(line: str) -> None:
    if " " not in line.strip(" :"):
        for whole in offers(line.strip(), known).lines():
            assert read(whole).command is not None


@given(st.lists(st.text(min_size=1, max_size=8), max_size=8), st.text(max_size=8))
def test_history_goes_back_and_forth_to_the_line_that_was_begun(
    lines: list[str], draft: str
) -> None:
    history = History()
    for line in lines:
        history.add(line)
    kept = list(dict.fromkeys(line for line in reversed(lines) if line.strip()))
    seen, line = [], draft
    for _ in kept:
        line = history.older(line)
        seen.append(line)
    assert seen == kept
    for _ in kept:
        line = history.newer(line)
    assert line == draft
