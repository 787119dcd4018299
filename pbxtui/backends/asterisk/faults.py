"""What can go wrong with AMI, as the errors of :mod:`pbxtui.backends.base` in words."""

from __future__ import annotations

import errno
import socket

from pbxtui.backends.asterisk.ami import Message
from pbxtui.backends.asterisk.settings import AsteriskSettings
from pbxtui.backends.base import (
    READ_AGAIN,
    AddressUnknown,
    BackendError,
    ConnectionLost,
    Forbidden,
    LoginRefused,
    NotUnderstood,
    Refused,
)
from pbxtui.model import clean

_WRITE = {
    "CoreShowChannels": ("system", "reporting"),
    "Status": ("system", "call", "reporting"),
    "ParkedCalls": ("call",),
    "PJSIPShowEndpoints": ("system",),
    "PJSIPShowContacts": ("system",),
    "ExtensionStateList": ("call", "reporting"),
    "DeviceStateList": ("call", "reporting"),
    "CoreSettings": ("system", "reporting"),
    "CoreStatus": ("system", "reporting"),
    "Hangup": ("system", "call"),
    "BlindTransfer": ("call",),
    "Redirect": ("call",),
    "Atxfer": ("call",),
    "CancelAtxfer": ("call",),
    "Bridge": ("call",),
    "Park": ("call",),
    "PlayDTMF": ("call",),
    "Getvar": ("call", "reporting"),
    "Setvar": ("call",),
    "MixMonitor": ("system",),
    "StopMixMonitor": ("system", "call"),
    "Originate": ("originate",),
    "QueuePause": ("agent",),
    "QueueAdd": ("agent",),
    "QueueRemove": ("agent",),
    "PJSIPNotify": ("system",),
}
"""One of these classes is enough (CAPTURED: ``manager show command`` of Asterisk 22)."""


def classes_of(action: str) -> tuple[str, ...]:
    """The classes of ``write`` of which one is enough for an action; none where not known."""
    return _WRITE.get(action, ())


def missing_class(action: str, username: str) -> str:
    """What to do so that a user may send an action.

    A login keeps the rights that it had when it was made, whatever is reloaded (CAPTURED).
    """
    user = clean(username)
    needed = " or ".join(classes_of(action))
    if not needed:
        return f"give [{user}] in manager.conf the class that {action} needs"
    return (
        f"add {needed} to write = of [{user}] in manager.conf, then `manager reload`, and start "
        "pbxtui again"
    )


def forbidden(action: str, username: str) -> Forbidden:
    """The error for an action that Asterisk answers with "Permission denied"."""
    words = f"the AMI user {clean(username)} may not use {action} (“Permission denied”)"
    return Forbidden(words, missing_class(action, username))


class Unknown(NotUnderstood):
    """This Asterisk has no such action: the module that brings it is not loaded."""


def refusal(action: str, message: Message, settings: AsteriskSettings) -> BackendError:
    """The error for a response that says Error."""
    said = clean(message["Message"])
    if said.startswith("Invalid/unknown command"):
        return Unknown(
            f"this Asterisk knows no {action}", "the module that brings it is not loaded"
        )
    if action in ("Login", "Challenge"):
        return LoginRefused(
            f"{where(settings)} refuses the login of {clean(settings.username)} (“{said}”)",
            "check username and secret, and permit and deny of that user in manager.conf; then "
            f"pbxtui check {settings.name}",
        )
    if said == "Permission denied":
        return forbidden(action, settings.username)
    return NotUnderstood(f"{where(settings)} answers {action} with “{said}”")


def where(settings: AsteriskSettings) -> str:
    """Host and port, for people."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{host}:{settings.port}"


def says_nothing_there(message: Message) -> bool:
    """Asterisk calls some empty lists an error (DOCUMENTED in its source).

    "No Contacts found", "No endpoints found", "No dialplan hints are available".
    """
    return message["Message"].startswith("No ")


def not_connected(error: OSError, place: str) -> BackendError:
    """The error for a connection that could not be made."""
    if isinstance(error, socket.gaierror):
        return AddressUnknown(f"the name in {place} cannot be resolved", "check host in the config")
    if error.errno in (errno.ECONNREFUSED, errno.ECONNRESET):
        return Refused(
            f"nothing listens at {place}",
            "is Asterisk running, and enabled=yes and the right bindaddr in manager.conf? "
            + READ_AGAIN,
        )
    return Refused(
        f"{place} cannot be reached ({clean(error.strerror or str(error))})",
        f"is it reachable from here (network, VPN, firewall)? {READ_AGAIN}",
    )


def lost(place: str, error: OSError | None) -> ConnectionLost:
    """The error for a connection that broke."""
    why = f" ({clean(error.strerror or str(error))})" if error is not None else ""
    return ConnectionLost(f"{place} has closed the connection{why}", READ_AGAIN)
