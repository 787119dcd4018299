"""Over any sequence of readings and keys, what is sent is for the row that was chosen."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pbxtui.model import Action, Call, Leg, LegState, Outcome, Party, Verb
from pbxtui.service.acting import Aim, Ask, Chosen, Plan, Rights, aim
from pbxtui.service.acting.people import UP, WAITING
from tests.service.acting.stage import Acting, acting
from tests.service.sites import Desk, leg

Round = tuple[list[Call], list[tuple[Verb, int, int | None]], int]

PEOPLE = tuple(Party(f"+4420794609{number}0") for number in range(2))
PHONES = tuple(Party(number) for number in ("447", "305"))
STATES = st.sampled_from(
    [LegState.RINGING, LegState.TALKING, LegState.TALKING, LegState.HELD, LegState.PARKED]
)


def made(id: str, caller: Party, phone: Party, state: LegState, third: Party | None) -> Call:
    legs: tuple[Leg, ...] = (
        leg(f"{id}-1", state, from_=caller, to=phone, bridge=f"b{id}"),
        leg(f"{id}-2", state, from_=caller, to=phone, extension=phone.number, bridge=f"b{id}"),
    )
    if third is not None:
        legs += (leg(f"{id}-3", state, from_=third, to=phone, bridge=f"b{id}"),)
    return Call("hq", id, state, from_=caller, to=phone, legs=legs)


CALLS = st.builds(
    made,
    st.sampled_from(["c1", "c2"]),
    st.sampled_from(PEOPLE),
    st.sampled_from(PHONES),
    STATES,
    st.none() | st.none() | st.sampled_from(PEOPLE),
)
READ = st.lists(CALLS, min_size=1, max_size=2, unique_by=lambda call: call.id)
KEYS = (Verb.HANGUP, Verb.HOLD, Verb.RESUME, Verb.TRANSFER, Verb.PARK, Verb.ANSWER, Verb.DTMF)
PRESS = st.tuples(st.sampled_from(KEYS), st.integers(0, 1), st.sampled_from([None, None, 0, 1, 2]))
ROUNDS = st.lists(
    st.tuples(READ, st.lists(PRESS, min_size=1, max_size=3), st.integers(0, 3)), max_size=6
)
"""What is read, the keys that are pressed then, and how many of those before are sent first."""


class Watchful(Desk):
    """Remembers with each action what the site showed when it was sent."""

    stage: Acting
    seen: list[tuple[Action, dict[str, Call]]]

    async def act(self, action: Action) -> Outcome:
        self.seen.append((action, dict(self.stage.site.snapshot.calls)))
        return await super().act(action)


def people_on(call: Call) -> set[str]:
    """The numbers at the ends of those who talk, told apart from pbxtui's own reckoning."""
    return {each.extension or each.from_.number for each in call.legs if each.state in UP}


async def _play(rounds: list[Round], folder: Path) -> None:
    desk = Watchful()
    desk.seen = []
    chosen_for: dict[Action, list[tuple[Call, str]]] = {}
    async with acting(folder, desk, rights=Rights("reception")) as stage:
        desk.stage = stage
        waiting: list[Plan] = []
        for calls, presses, count in rounds:
            desk.show(*calls)
            await stage.read()
            for plan in waiting[:count]:
                await stage.dispatcher.send(plan).answered()
            del waiting[:count]
            shown = list(stage.site.snapshot.calls.values())
            for verb, row, place in presses:
                call = shown[row % len(shown)]
                leg_id = "" if place is None else call.legs[place % len(call.legs)].id
                aimed = aim(
                    verb,
                    Chosen(call, leg_id),
                    stage.site.snapshot,
                    ask=Ask(to="500", extension="999", digits="1"),
                    own="447",
                )
                if isinstance(aimed, Aim):
                    chosen_for.setdefault(aimed.action, []).append((call, leg_id))
                    waiting.append(stage.dispatcher.plan(aimed.action, aimed.chosen))
        for plan in waiting:
            await stage.dispatcher.send(plan).answered()
    for action, site in desk.seen:
        present = site[getattr(action, "call")]  # noqa: B009
        sent_leg = getattr(action, "leg")  # noqa: B009
        rows = chosen_for[action]
        assert any(_is_the_row(call, row, present, sent_leg) for call, row in rows), action


def _is_the_row(call: Call, row: str, present: Call, sent_leg: str) -> bool:
    if present.id != call.id or row not in ("", sent_leg):
        return False
    if (call.state in UP) is not (present.state in UP):
        return False
    if (call.state in WAITING) is not (present.state in WAITING):
        return False
    if call.state in UP:
        return people_on(call) == people_on(present)
    return call.from_ == present.from_


@settings(max_examples=150, deadline=None)
@given(ROUNDS)
def test_what_is_sent_is_for_the_row_that_was_chosen(rounds: list[Round]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_play(rounds, Path(folder)))
