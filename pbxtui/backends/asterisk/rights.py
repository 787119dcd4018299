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

_MODULES = {
    "Park": "res_parking",
    "PlayDTMF": "app_senddtmf",
    "MixMonitor": "app_mixmonitor",
    "StopMixMonitor": "app_mixmonitor",
    "QueuePause": "app_queue",
    "QueueAdd": "app_queue",
    "QueueRemove": "app_queue",
    "PJSIPNotify": "res_pjsip_notify, which wants a pjsip_notify.conf,",
}


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
    module = _MODULES.get(action, "")
    if module and _is_allowed(action, answer):
        return Capability(False, f"This Asterisk knows no {action}: {module} is not loaded.")
    return Capability(
        False,
        f"The AMI user {clean(username)} may not use {action}.",
        missing_class(action, username),
    )


def _is_allowed(action: str, answer: Message) -> bool:
    """Whether the user has a class that is enough for ``action``, so that its module is missing."""
    if _MODULES.get(action) == "app_queue":
        return _OF_QUEUES not in answer
    return any(_WITNESSES.get(one, "") in answer for one in classes_of(action))
