"""The model: what a PBX shows and what can be asked of it, in frozen dataclasses.

Standard library only. Everything above speaks these words, and no wire format reaches past a
backend.

The actions are imported at their first use: whoever only looks does not pay for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbxtui.model.changes import Change, apply, diff
from pbxtui.model.snapshot import Fault, FaultKind, Health, Quota, Snapshot
from pbxtui.model.text import clean, clean_block
from pbxtui.model.things import (
    NOBODY,
    Agent,
    Call,
    Caller,
    Device,
    Flow,
    Key,
    Lamp,
    Leg,
    Party,
    Queue,
    Thing,
)
from pbxtui.model.words import (
    KINDS_OF,
    TOPIC_OF,
    AgentState,
    Certainty,
    DeviceState,
    Direction,
    Freshness,
    Kind,
    LampState,
    LegState,
    Topic,
    Verb,
)

if TYPE_CHECKING:
    from pbxtui.model.actions import (
        CAN,
        Action,
        Answer,
        Answered,
        CancelTransfer,
        Capability,
        CompleteTransfer,
        Dial,
        Hangup,
        Hold,
        Listening,
        LogAgent,
        Monitor,
        OnConsultation,
        OnDevice,
        Outcome,
        Park,
        PauseAgent,
        Record,
        Resume,
        Retrieve,
        SendDtmf,
        SetFlow,
        Transfer,
    )

__all__ = [
    "CAN",
    "KINDS_OF",
    "NOBODY",
    "TOPIC_OF",
    "Action",
    "Agent",
    "AgentState",
    "Answer",
    "Answered",
    "Call",
    "Caller",
    "CancelTransfer",
    "Capability",
    "Certainty",
    "Change",
    "CompleteTransfer",
    "Device",
    "DeviceState",
    "Dial",
    "Direction",
    "Fault",
    "FaultKind",
    "Flow",
    "Freshness",
    "Hangup",
    "Health",
    "Hold",
    "Key",
    "Kind",
    "Lamp",
    "LampState",
    "Leg",
    "LegState",
    "Listening",
    "LogAgent",
    "Monitor",
    "OnConsultation",
    "OnDevice",
    "Outcome",
    "Park",
    "Party",
    "PauseAgent",
    "Queue",
    "Quota",
    "Record",
    "Resume",
    "Retrieve",
    "SendDtmf",
    "SetFlow",
    "Snapshot",
    "Thing",
    "Topic",
    "Transfer",
    "Verb",
    "apply",
    "clean",
    "clean_block",
    "diff",
]

_ACTIONS = frozenset(
    {
        "CAN",
        "Action",
        "Answer",
        "Answered",
        "CancelTransfer",
        "Capability",
        "CompleteTransfer",
        "Dial",
        "Hangup",
        "Hold",
        "Listening",
        "LogAgent",
        "Monitor",
        "OnConsultation",
        "OnDevice",
        "Outcome",
        "Park",
        "PauseAgent",
        "Record",
        "Resume",
        "Retrieve",
        "SendDtmf",
        "SetFlow",
        "Transfer",
    }
)


def __getattr__(name: str) -> object:
    if name not in _ACTIONS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pbxtui.model import actions

    found: object = getattr(actions, name)
    globals()[name] = found
    return found
