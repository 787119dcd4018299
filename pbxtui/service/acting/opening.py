"""A dispatcher as the config wants it; and what is assumed, for those who only look."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from pbxtui.config.said import Config
from pbxtui.service.acting.assumed import Assumed
from pbxtui.service.acting.audit import Journal, default_folder
from pbxtui.service.acting.dispatcher import Dispatcher
from pbxtui.service.acting.permission import Rights
from pbxtui.service.fleet import Fleet


def rights_of(config: Config) -> Rights:
    """The rights at the start: what the profile and the lists at the top of the config say."""
    return Rights(config.profile, allow=config.allow, deny=config.deny, grace=config.grace)


def open_dispatcher(
    fleet: Fleet,
    config: Config,
    *,
    folder: Path | None = None,
    clock: Callable[[], float] = time.time,
) -> Dispatcher:
    """A dispatcher over a fleet; the journal and what is assumed are in the user's state folder.

    ``config`` is the checked one, of ``load`` or ``general``: its lists are rights. ``folder`` is
    another place than the usual one. Reads what was assumed before, so that it is best called
    beside the event loop.
    """
    place = default_folder() if folder is None else folder
    return Dispatcher(
        fleet,
        rights_of(config),
        Journal(place, clock=clock),
        Assumed(place / "assumed.json"),
        clock=clock,
    )


def show_assumed(fleet: Fleet, *, folder: Path | None = None) -> None:
    """Put what is assumed over the calls of a fleet nothing is done to; the file is only read.

    ``folder`` is another place than the user's state folder.
    """
    assumed = Assumed(
        (default_folder() if folder is None else folder) / "assumed.json", later=lambda do: None
    )
    for site in fleet.sites:
        site.overlay = assumed.overlay(site.name)
