"""What a config says, once it is checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from pbxtui.backends.settings import SiteSettings
    from pbxtui.model import Verb

Profile = Literal["noc", "reception"]

LONGEST_GRACE = 60.0
"""Seconds for which an action may be kept back, at most."""


class Patience(NamedTuple):
    """After how many seconds somebody who is held, parked or sent on is waiting too long.

    ``warn`` marks the row, ``alarm`` marks it in red.
    """

    warn: float = 60.0
    alarm: float = 120.0


@dataclass(frozen=True, slots=True)
class Config:
    """What the config says, checked. ``path`` is None where there is no file.

    ``keys`` maps the id of a binding to the key that it gets; ``ascii`` is None where the
    terminal decides. Secrets are resolved, and show in no repr.

    Where ``allow`` is not None only those actions are allowed, and those in ``deny`` never are;
    each site may narrow this further. ``grace`` is for how many seconds an action that cannot be
    undone is kept back; None where the profile decides.
    """

    path: Path | None = None
    sites: tuple[SiteSettings, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    profile: Profile = "noc"
    theme: str | None = None
    ascii: bool | None = None
    mouse: bool = True
    held: Patience = field(default_factory=Patience)
    allow: frozenset[Verb] | None = None
    deny: frozenset[Verb] = frozenset()
    grace: float | None = None
