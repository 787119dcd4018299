"""Anything that a PBX may show and anybody may ask for, as hypothesis makes it."""

from __future__ import annotations

from hypothesis import strategies as st

from pbxtui.model import (
    Action,
    Agent,
    AgentState,
    Answer,
    Call,
    Caller,
    CancelTransfer,
    Certainty,
    CompleteTransfer,
    Device,
    DeviceState,
    Dial,
    Direction,
    Flow,
    Hangup,
    Hold,
    Lamp,
    LampState,
    Leg,
    LegState,
    Listening,
    LogAgent,
    Monitor,
    OnDevice,
    Park,
    Party,
    PauseAgent,
    Queue,
    Record,
    Resume,
    Retrieve,
    SendDtmf,
    SetFlow,
    Snapshot,
    Transfer,
)

HOSTILE = (
    "",
    "\x1b[2J\x1b[31mPWNED\x1b[0m",
    "[bold red]markup[/] [@click=app.quit]x[/]",
    "\u202egnp.exe\u202c",
    "line\r\nbreak\ttab\x00nul\x07bell",
    "{text} %s {0}",
    "A" * 5_000,
    "447",
    "+",
)
IDS = st.sampled_from(["1", "2", "3", "4"])
NUMBERS = st.sampled_from(["", "447", "305", "+442079460958", "0044 20 7946 0958", "*98", "s"])
NAMES = st.sampled_from(HOSTILE) | st.text(max_size=8)
PARTIES = st.builds(Party, NUMBERS | NAMES, NAMES)
TIMES = st.none() | st.floats(0, 2e9)


def legs(states: st.SearchStrategy[LegState] | None = None) -> st.SearchStrategy[Leg]:
    return st.builds(
        Leg,
        IDS,
        states or st.sampled_from(LegState),
        st.sampled_from(Certainty),
        st.sampled_from(Direction),
        PARTIES,
        PARTIES,
        st.sampled_from(["", "447", "305", "220"]) | NAMES,
        NAMES,
        NAMES,
        st.sampled_from(["", "b1", "b2"]),
    )


def calls(states: st.SearchStrategy[LegState] | None = None) -> st.SearchStrategy[Call]:
    return st.builds(
        Call,
        st.just("hq"),
        IDS,
        states or st.sampled_from(LegState),
        st.sampled_from(Certainty),
        st.sampled_from(Direction),
        PARTIES,
        PARTIES,
        TIMES,
        TIMES,
        TIMES,
        TIMES,
        NAMES,
        NAMES,
        NAMES,
        st.lists(legs(states), max_size=4, unique_by=lambda leg: leg.id).map(tuple),
    )


EXTENSIONS = NUMBERS | NAMES
DEVICES = st.builds(
    Device,
    st.just("hq"),
    IDS,
    st.sampled_from(DeviceState),
    st.sampled_from(Certainty),
    EXTENSIONS,
    NAMES,
)
LAMPS = st.builds(
    Lamp,
    st.just("hq"),
    IDS,
    st.sampled_from(LampState),
    st.sampled_from(Certainty),
    EXTENSIONS,
    NAMES,
)
CALLERS = st.none() | st.lists(st.builds(Caller, IDS, st.integers(1, 9), PARTIES), max_size=2).map(
    tuple
)
QUEUES = st.builds(
    Queue,
    st.just("hq"),
    IDS,
    NAMES,
    st.sampled_from(Certainty),
    CALLERS,
    st.none() | st.integers(0, 5),
)
AGENTS = st.builds(
    Agent,
    st.just("hq"),
    IDS,
    st.sampled_from(AgentState),
    st.sampled_from(Certainty),
    NAMES,
    EXTENSIONS,
    st.lists(IDS, max_size=3).map(tuple),
    st.lists(IDS, max_size=3).map(tuple),
)
FLOWS = st.builds(
    Flow,
    st.just("hq"),
    IDS,
    st.sampled_from(LampState),
    st.sampled_from(Certainty),
    NUMBERS,
    NAMES,
    NAMES,
)


def _by_id(things: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    return st.lists(things, max_size=3).map(
        lambda found: {thing.id: thing for thing in found}  # type: ignore[attr-defined]
    )


SNAPSHOTS: st.SearchStrategy[Snapshot] = st.builds(
    Snapshot,
    st.just("hq"),
    _by_id(calls()),
    _by_id(DEVICES),
    _by_id(QUEUES),
    _by_id(AGENTS),
    _by_id(LAMPS),
    _by_id(FLOWS),
)

_WHERE = {"site": st.just("hq"), "call": IDS, "leg": st.just("") | IDS}
_NUMBER = NUMBERS | NAMES
_MAYBE = st.just("") | IDS
ACTIONS: st.SearchStrategy[Action] = st.one_of(
    st.builds(Hold, **_WHERE),
    st.builds(Resume, **_WHERE),
    st.builds(Hangup, **_WHERE),
    st.builds(Transfer, **_WHERE, to=_NUMBER, attended=st.booleans()),
    st.builds(CompleteTransfer, **_WHERE, to=_NUMBER, asked=IDS, waiting=IDS, second=_MAYBE),
    st.builds(CancelTransfer, **_WHERE, to=_NUMBER, asked=_MAYBE, waiting=_MAYBE, second=_MAYBE),
    st.builds(Park, **_WHERE),
    st.builds(Retrieve, **_WHERE, extension=_NUMBER),
    st.builds(Answer, **_WHERE, extension=_NUMBER),
    st.builds(SendDtmf, **_WHERE, digits=NAMES),
    st.builds(Record, **_WHERE, on=st.booleans()),
    st.builds(Monitor, **_WHERE, extension=_NUMBER, how=st.sampled_from(Listening)),
    st.builds(Dial, site=st.just("hq"), from_=_NUMBER, to=_NUMBER),
    st.builds(
        PauseAgent,
        site=st.just("hq"),
        agent=IDS | NAMES,
        queue=st.just("") | IDS | NAMES,
        paused=st.booleans(),
        reason=NAMES,
    ),
    st.builds(
        LogAgent,
        site=st.just("hq"),
        agent=IDS | NAMES,
        queue=st.just("") | IDS,
        in_=st.booleans(),
    ),
    st.builds(
        SetFlow,
        site=st.just("hq"),
        flow=IDS | NAMES,
        state=st.none() | st.sampled_from(LampState),
        value=st.none() | NAMES,
    ),
    st.builds(OnDevice, site=st.just("hq"), device=IDS | NAMES, reboot=st.booleans()),
)
