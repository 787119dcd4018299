"""Finding whom to ring: the best first, nobody lost, and hostile names are only names."""

from __future__ import annotations

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pbxtui.model.letters import bare
from pbxtui.service.acting.finding import (
    LONGEST,
    Person,
    Rank,
    Register,
    Where,
    best,
    dialled,
    number_key,
)

PEOPLE = (
    Person("hq", "30", "Lift"),
    Person("hq", "300", "Amelia Ødegård"),
    Person("hq", "305", "Workshop"),
    Person("hq", "3055", "Old workshop"),
    Person("hq", "447", "Front desk"),
    Person("hq", "448", "Renée Volkov"),
    Person("hq", "501", "Shopfront 30"),
    Person("hq", "+44 20 7946-0958", "Harbour Taxi"),
    Person("hq", "alice", "Alice's softphone"),
    Person("hq", "*72", ""),
)
HQ = Register(PEOPLE)


def found(typed: str, register: Register = HQ) -> list[str]:
    return [match.person.number for match in register.find(typed, 100)]


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("30", ["30", "300", "305", "3055", "501"]),
        ("305", ["305", "3055"]),
        ("work", ["305", "3055"]),
        ("shop", ["501", "305", "3055"]),
        ("FRONT", ["447", "501"]),
        ("odegard", ["300"]),
        ("øde", ["300"]),
        ("renee v", ["448"]),
        ("volkov ren", ["448"]),
        ("desk front", ["447"]),
        ("44", ["447", "448", "+44 20 7946-0958"]),
        ("+442079", ["+44 20 7946-0958"]),
        ("(20) 7946", ["+44 20 7946-0958"]),
        ("taxi 0958", ["+44 20 7946-0958"]),
        ("ALICE", ["alice"]),
        ("*7", ["*72"]),
        ("nobody", []),
        ("lift x", []),
        ("\t", [person.number for person in PEOPLE]),
    ],
)
def test_the_best_come_first(typed: str, numbers: list[str]) -> None:
    assert found(typed) == numbers


def test_an_id_that_is_no_number_comes_after_a_name() -> None:
    people = Register([Person("lab", "carrier"), Person("lab", "1003", "Carol")])
    assert [match.person.number for match in people.find("car", 9)] == ["1003", "carrier"]
    assert people.find("carrier", 9)[0].rank is Rank.EXACT


def test_each_rank_is_told() -> None:
    ranks = [match.rank for match in HQ.find("30", 100)]
    assert ranks == [Rank.EXACT, Rank.NUMBER, Rank.NUMBER, Rank.NUMBER, Rank.WORD]
    assert [match.rank for match in HQ.find("shop", 9)] == [Rank.NAME, Rank.ANYWHERE, Rank.ANYWHERE]


def test_of_several_registers_the_first_wins_and_nobody_comes_twice() -> None:
    last = Register([Person("hq", "+442079460958", "", (Where.LAST,)), Person("hq", "999")])
    cloud = Register([Person("cloud", "305", "Workshop", (Where.PHONE,))])
    told = best("", [last, HQ], 100)
    assert [match.person.number for match in told[:3]] == ["+442079460958", "999", "30"]
    assert told[0].person.name == "Harbour Taxi"
    assert len(told) == len(PEOPLE) + 1
    told = best("305", [HQ, cloud], 100)
    assert [(match.person.site, match.person.number) for match in told] == [
        ("hq", "305"),
        ("cloud", "305"),
        ("hq", "3055"),
    ]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("305", "305"),
        (" +44 (20) 7946-0958 ", "+442079460958"),
        ("020.7946/0958", "02079460958"),
        ("*72#", "*72#"),
        ("٣٠٥", "305"),
        ("１２３", "123"),
        ("+", ""),
        ("44+20", ""),
        ("front", ""),
        ("3o5", ""),
        ("30,5", ""),
        ("305;rm", ""),
        ("[red]", ""),
        ("", ""),
        ("1" * LONGEST, "1" * LONGEST),
        ("1" * (LONGEST + 1), ""),
        ("²", ""),
    ],
)
def test_a_number_is_checked_and_shown_as_it_is_sent(typed: str, number: str) -> None:
    told = dialled(typed)
    assert told.number == number
    assert bool(told.why) is not bool(number)


HOSTILE = st.sampled_from(
    [
        "[red]",
        "[/]",
        "[link=x]y[/link]",
        "\u202eevil",
        "👩‍👩‍👧",
        "e\u0301\u0301",
        "ǅ",
        "ß",
        "İ",
        "ﬁ",
        "王小明",
        "עברית",
    ]
)
NAMES = st.one_of(st.text(max_size=12), HOSTILE, st.lists(HOSTILE, max_size=3).map(" ".join))
NUMBERS = st.one_of(
    st.text(string.digits + "+*#", min_size=1, max_size=12), st.text(min_size=1, max_size=6)
)
PERSONS = st.builds(Person, st.sampled_from(["hq", "cloud"]), NUMBERS, NAMES)


def fits(person: Person, typed: str) -> bool:
    """A plain reading of what fits: the whole number, or each word somewhere."""
    key, text = number_key(person.number), f"{number_key(person.number)}\t{bare(person.name)}"
    typed_key = number_key(typed)
    return bool(typed_key and typed_key in key) or all(word in text for word in bare(typed).split())


@given(st.lists(PERSONS, max_size=20), st.one_of(NAMES, NUMBERS))
def test_a_search_finds_exactly_what_fits(people: list[Person], typed: str) -> None:
    matches = Register(people).find(typed, 1000)
    told = [id(match.person) for match in matches]
    assert len(set(told)) == len(told)
    assert set(told) == {id(person) for person in people if fits(person, typed)}
    ranks = [match.rank for match in matches]
    assert ranks == sorted(ranks)


@given(st.lists(PERSONS, min_size=1, max_size=20), st.data())
def test_whoever_is_there_is_found_by_any_piece(people: list[Person], data: st.DataObject) -> None:
    person = data.draw(st.sampled_from(people))
    text = data.draw(st.sampled_from([person.number, bare(person.name)]))
    start = data.draw(st.integers(0, max(0, len(text) - 1)))
    piece = text[start : start + data.draw(st.integers(1, 5))]
    assume(not piece or any(char.isalnum() for char in piece))
    assert person in [match.person for match in Register(people).find(piece, 1000)]


@given(st.lists(PERSONS, max_size=30), NAMES, st.integers(1, 5))
def test_no_more_are_found_than_were_asked_for(
    people: list[Person], typed: str, limit: int
) -> None:
    few = Register(people).find(typed, limit)
    every = Register(people).find(typed, 1000)
    assert len(few) == min(limit, len(every))
    if few:
        assert min(match.rank for match in few) == every[0].rank


@given(st.text(max_size=60))
def test_what_is_sent_is_nothing_but_a_number(typed: str) -> None:
    number = dialled(typed).number
    assert not number.strip(string.digits + "+*#")
    assert number.rfind("+") <= 0
    assert len(number) <= LONGEST
    assert dialled(number).number == number


@given(st.text(max_size=20))
def test_a_text_that_is_bare_stays_as_it_is(text: str) -> None:
    assert bare(bare(text)) == bare(text)
