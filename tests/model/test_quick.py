"""The model's things stay frozen, comparable and copyable, however quickly they are made."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from pbxtui.model import Call, Leg, LegState, Party
from pbxtui.model.quick import quick


def test_a_thing_cannot_be_changed_after_it_is_made() -> None:
    leg = Leg("a", LegState.TALKING)
    with pytest.raises(FrozenInstanceError):
        leg.state = LegState.ENDED  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del leg.state
    assert not hasattr(leg, "__dict__")


def test_things_with_the_same_fields_are_the_same_thing() -> None:
    legs = (Leg("a", LegState.HELD, from_=Party("447", "Front desk")),)
    call = Call("hq", "1", LegState.HELD, legs=legs)
    again = Call(site="hq", id="1", state=LegState.HELD, legs=legs)
    assert call == again
    assert hash(call) == hash(again)
    assert call != replace(call, id="2")
    assert copy.copy(call) == call
    assert pickle.loads(pickle.dumps(call)) == call
    assert isinstance(call, Call)


def test_a_missing_field_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="state"):
        Leg("a")  # type: ignore[call-arg]


def test_only_plain_frozen_dataclasses_can_be_made_quick() -> None:
    @dataclass(slots=True)
    class Open:
        id: str

    @dataclass(frozen=True, slots=True)
    class Made:
        ids: list[str] = field(default_factory=list)

    for odd in (Open, Made):
        with pytest.raises(TypeError):
            quick(odd)
