"""What this login may do on this Asterisk, as its answer to ListCommands tells.

ListCommands needs no right, and names the actions that the user may send and whose modules are
loaded (CAPTURED). Why one is not among them shows in what else is: an action of Asterisk's core
that needs the same class.
"""

from __future__ import annotations

from collections.abc import Mapping

from pbxtui.backends.asterisk.ami import Message
from pbxtui.backends.asterisk.facts import CAPABILITIES, NEEDS
from pbxtui.backends.asterisk.faults import classes_of, missing_class
from pbxtui.model import Capability, Verb, clean

_WITNESSES = {
    "call": "Redirect",
    "system": "DBPut",
    "originate": "Originate",
}
"""For a class, an action that is always there and needs it."""

_OF_QUEUES = "QueueStatus"
"""An action that needs no class and comes with the queues."""

_QUEUES = "app_queue is not loaded"
_REASONS = {
    "Park": "res_parking is not loaded",
    "PlayDTMF": "app_senddtmf is not loaded",
    "MixMonitor": "app_mixmonitor is not loaded",
    "StopMixMonitor": "app_mixmonitor is not loaded",
    "QueuePause": _QUEUES,
    "QueueAdd": _QUEUES,
    "QueueRemove": _QUEUES,
    "PJSIPNotify": "res_pjsip_notify, which wants a pjsip_notify.conf, is not loaded",
    "CancelAtxfer": "it came with Asterisk 13.18",
}
"""Why an action is not there for anybody."""

_NEAREST = {"CancelAtxfer": "X hangs up the leg of whoever is asked"}


def narrowed(answer: Message, username: str) -> Mapping[Verb, Capability]:
    """The capabilities of a login, from its answer to ListCommands.

    An answer that names no action that everybody may send tells nothing.
    """
    if "Ping" not in answer:
        return CAPABILITIES
    capabilities = dict(CAPABILITIES)
    for verb, actions in NEEDS.items():
        lacking = next((action for action in actions if action not in answer), "")
        if lacking and capabilities[verb].possible:
            capabilities[verb] = _why_not(lacking, answer, username)
    return capabilities


def _why_not(action: str, answer: Message, username: str) -> Capability:
    reason = _REASONS.get(action, "")
    if reason and _is_allowed(action, answer):
        nearest = _NEAREST.get(action, "")
        return Capability(False, f"This Asterisk knows no {action}: {reason}.", nearest)
    return Capability(
        False,
        f"The AMI user {clean(username)} may not use {action}.",
        missing_class(action, username),
    )


def _is_allowed(action: str, answer: Message) -> bool:
    """Whether the user has a class that is enough for ``action``, so that nobody has it here."""
    if _REASONS.get(action) == _QUEUES:
        return _OF_QUEUES not in answer
    return any(_WITNESSES.get(one, "") in answer for one in classes_of(action))
