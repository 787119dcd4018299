"""Names that other requests than the live ones bring: extensions, queues, who serves which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_SHORT = re.compile(r"\d{2,6}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension as ``info=extensions`` tells it, without the secrets that it tells too.

    ``state`` is the device state word from the PBX's cache, ``tech`` ``SIP`` or ``PJSIP``.
    """

    id: str
    number: str
    name: str
    tech: str
    state: str
    username: str


class Directory:
    """What is known of one tenant's names; ``version`` rises whenever one of them changes.

    A username is the extension with the tenant's code, ``203-ACME`` (documented); some servers
    leave the code out, so that both are taken.
    """

    def __init__(self, tenant: str) -> None:
        self._suffix = f"-{tenant}".casefold()
        self._tenant = tenant
        self.version = 0
        self.extensions: Mapping[str, Extension] = {}
        self.queues: Mapping[str, str] = {}
        self.members: dict[str, frozenset[str]] = {}
        """The extensions that serve each queue, by the queue's id."""
        self.members_read: dict[str, float] = {}
        """When they were read, in epoch seconds on our own clock."""

    # --- names -------------------------------------------------------------------------------

    def extension(self, peer: str) -> str:
        """The extension of a peer's or user's name; empty for a trunk."""
        if peer.casefold().endswith(self._suffix):
            return peer[: -len(self._suffix)]
        return peer if _SHORT.match(peer) else ""

    def username(self, extension: str) -> str:
        """The name under which an extension's phone registers."""
        known = self.extensions.get(extension)
        if known is not None and known.username:
            return known.username
        return f"{extension}-{self._tenant}"

    def name(self, extension: str) -> str:
        """Whose an extension is; empty where that is not known."""
        known = self.extensions.get(extension)
        return "" if known is None else known.name

    def queue(self, id: str) -> str:
        """A queue's name, else its id."""
        return self.queues.get(id) or id

    # --- learning ----------------------------------------------------------------------------

    def learn_extensions(self, extensions: Iterable[Extension]) -> None:
        """Take over a whole list; ``version`` goes up where anything is another."""
        known = {extension.number: extension for extension in extensions if extension.number}
        if known != self.extensions:
            self.extensions = known
            self.version += 1

    def learn_queues(self, names: Mapping[str, str]) -> None:
        """Take over the names of all queues by their ids; ``version`` goes up likewise."""
        if names != self.queues:
            self.queues = dict(names)
            self.version += 1

    def learn_members(self, queue: str, extensions: Iterable[str], at: float) -> None:
        """Take over who serves a queue; ``at`` is epoch seconds."""
        self.members[queue] = frozenset(extensions)
        self.members_read[queue] = at
