"""What every backend is to the floors above: the protocol, the reading, the errors.

A fifth PBX is a package with a :class:`Plugin`, named by an entry point in the group
``pbxtui.backends``; nothing else changes.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from pbxtui.backends.settings import SiteSettings
from pbxtui.model import (
    Action,
    Capability,
    Fault,
    FaultKind,
    Kind,
    Outcome,
    Party,
    Quota,
    Thing,
    Topic,
    Verb,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one read (or push) brought: some kinds, each of them whole.

    ``source`` names the request or event in the PBX's words. ``skew`` is the PBX's clock minus
    ours in seconds, None where the wire does not tell. ``notes`` are sentences about what could
    not be read of an otherwise good answer. ``pushed`` marks a reading that the PBX's events
    brought between two full readings: it is fresh, but the lists win.
    """

    items: Mapping[Kind, Mapping[str, Thing]]
    source: str
    skew: float | None = None
    notes: tuple[str, ...] = ()
    pushed: bool = False


READ_AGAIN = "the screens read again by themselves"
"""What one needs not do after a reading that failed."""


class BackendError(Exception):
    """A reading or an action failed. ``words`` says what is wrong, ``hint`` what to do.

    Both are shown to people: no secrets, no tracebacks. ``retry_after`` is in seconds, where the
    PBX named a time. ``retry`` is False where trying again by itself would do harm. ``sent`` says
    that the request may have reached the PBX before it failed, ``status`` the PBX's HTTP status
    where it answered with one.
    """

    kind = FaultKind.INTERNAL
    retry = True
    sent: bool = False
    status: int | None = None

    def __init__(self, words: str, hint: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.hint = hint
        self.retry_after = retry_after

    @property
    def unsure(self) -> bool:
        """Whether an action that failed so may have been carried out all the same.

        Not when it never left, and not when the PBX itself refused it (a 4xx status).
        """
        refused = self.status is not None and 400 <= self.status < 500 and self.status != 408
        return self.sent and not refused

    @property
    def of_action(self) -> str:
        """As it is told of an action, which nothing sends again by itself."""
        hint = self.hint
        for said in (f"; {READ_AGAIN}", f"{READ_AGAIN}; ", f" {READ_AGAIN}", READ_AGAIN):
            hint = hint.replace(said, "")
        return f"{self.words}; {hint}" if hint else self.words

    def fault(self, since: float) -> Fault:
        """As it is kept for a topic. ``since`` is epoch seconds: when it began."""
        return Fault(self.kind, self.words, self.hint, since)

    def __str__(self) -> str:
        return f"{self.words}; {self.hint}" if self.hint else self.words


class Refused(BackendError):
    """Nothing listens there."""

    kind = FaultKind.REFUSED


class AddressUnknown(BackendError):
    """The host name cannot be resolved."""

    kind = FaultKind.ADDRESS


class TimedOut(BackendError):
    """No answer within the time that the config allows."""

    kind = FaultKind.TIMEOUT


class TlsFailed(BackendError):
    """The certificate is not trusted, or the other side speaks no TLS."""

    kind = FaultKind.TLS


class ConnectionLost(BackendError):
    """The connection broke before the answer was whole."""

    kind = FaultKind.LOST


class LoginRefused(BackendError):
    """The PBX does not accept the credentials. Repeating the login could lock the account."""

    kind = FaultKind.LOGIN
    retry = False


class Forbidden(BackendError):
    """The login is good but lacks a right."""

    kind = FaultKind.FORBIDDEN


class NotFound(BackendError):
    """The PBX knows no such thing (any more)."""

    kind = FaultKind.NOT_FOUND


class Conflict(BackendError):
    """The thing is changing its state just now."""

    kind = FaultKind.CONFLICT


class Throttled(BackendError):
    """The quota is used up."""

    kind = FaultKind.THROTTLED


class ServerFault(BackendError):
    """The PBX, or a gateway before it, says that it has failed."""

    kind = FaultKind.SERVER


class NotUnderstood(BackendError):
    """The answer is not what this PBX is known to send."""

    kind = FaultKind.NOT_UNDERSTOOD


class TooBig(BackendError):
    """The answer is larger than any that makes sense."""

    kind = FaultKind.TOO_BIG


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request to a PBX, for the log: secrets are already masked.

    ``at`` is epoch seconds, ``seconds`` how long it took, ``size`` the bytes of the answer.
    ``acting`` marks a request that is to change something at the PBX: no reading, no login.
    """

    at: float
    what: str
    status: str
    seconds: float
    size: int
    fault: str = ""
    acting: bool = False


class Backend(Protocol):
    """One PBX. Instances belong to one event loop and may be closed once."""

    site: str
    kind: str
    topics: frozenset[Topic]
    """What this PBX can be asked for; the rest of the topics is in ``missing``."""
    missing: Mapping[Kind, str]
    """The kinds that this PBX does not show, each with the reason in one sentence."""
    capabilities: Mapping[Verb, Capability]
    origins: Mapping[Kind, Mapping[str, str]]
    """For each field of a kind, where on the wire it comes from; for the details screen."""
    exchanges: deque[Exchange]

    @property
    def quota(self) -> Quota | None:
        """What is left of the PBX's quota, as its headers last said; None where it has none."""

    @property
    def address(self) -> str:
        """The host that is spoken to, for people."""
        ...

    async def read(self, topic: Topic) -> Reading:
        """Read one topic whole. Raises :class:`BackendError`; never returns half a list."""
        ...

    def updates(self) -> AsyncIterator[Reading]:
        """Readings that the PBX pushes, until closed; ends at once where there is no push.

        The iterator keeps its own connection alive and reconnects by itself; it raises nothing
        but programming errors (what is wrong shows in the next ``read``).
        """
        ...

    async def act(self, action: Action) -> Outcome:
        """Send an action once. Raises :class:`BackendError` when it surely was not carried out."""
        ...

    def raw(self, kind: Kind, id: str) -> str:
        """A row as the PBX sent it in the last reading, as text of several lines; may be empty.

        Not yet cleaned: whoever shows it passes it through ``clean_block``.
        """
        ...

    async def close(self) -> None:
        """Give back what is open: connections, logins. Nothing is asked of the PBX after it."""


@runtime_checkable
class Described(Protocol):
    """What a backend may offer besides: saying which PBX it is.

    A backend offers it by having the method; nothing else names it.
    """

    async def about(self) -> tuple[str, ...]:
        """Version, age and the like, in a few words each. Raises :class:`BackendError`."""
        ...


@runtime_checkable
class PhoneBook(Protocol):
    """What a backend may offer besides: looking people up by a piece of a name or a number.

    A backend offers it by having the method; nothing else names it.
    """

    async def people(self, words: str) -> Sequence[Party]:
        """Whoever matches, in the PBX's order, with a number each. Asks the PBX at most as often
        as it is called, and not at all where what was read already answers it.

        Raises :class:`BackendError`.
        """
        ...


S = TypeVar("S", bound=SiteSettings)


@dataclass(frozen=True, slots=True)
class Runtime:
    """What a backend gets from its surroundings.

    ``clock`` gives epoch seconds; ``transport`` is an ``httpx.AsyncBaseTransport`` that takes the
    place of the network (the demo's simulated PBXs); ``max_body`` is in bytes.
    """

    clock: Callable[[], float] = time.time
    transport: Any = None
    max_body: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Plugin(Generic[S]):
    """A make of PBX: its name in the config, its settings, and how it is opened.

    ``open`` imports the backend's own modules only when it is called.
    """

    kind: str
    title: str
    settings: type[S]
    open: Callable[[S, Runtime], Backend]
    sample: str = field(default="")
    """A commented ``[[site]]`` block for ``pbxtui init``."""


def exchange_log() -> deque[Exchange]:
    """An empty log that keeps the last five hundred exchanges."""
    return deque(maxlen=500)
