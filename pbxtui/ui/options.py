"""How the app is to look and behave, as whoever opens it says."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

from pbxtui.config import Config, Patience


@dataclass(frozen=True, slots=True)
class Options:
    """How the app is to look and behave, from the config and the command line.

    ``ascii`` is None to let the terminal decide. ``keymap`` maps action ids to keys, as ``[keys]``
    in the config. ``config`` gives the checked config, whose lists are rights; it is called beside
    the event loop once the fleet is there. ``journal`` is the folder of the audit journal (None is
    the user's own). ``clock`` gives epoch seconds and ``zone`` the time zone of the header's clock
    (None is the machine's). ``state`` says in which file the user's choices are kept, and is asked
    after the first frame; None keeps them as long as the program runs.
    """

    ascii: bool | None = None
    theme: str = "dark"
    keymap: Mapping[str, str] = field(default_factory=dict)
    profile: str = "noc"
    note: str = ""
    held: Patience = field(default_factory=Patience)
    config: Callable[[], Config] = Config
    journal: Path | None = None
    clock: Callable[[], float] = time.time
    zone: tzinfo | None = None
    state: Callable[[], Path] | None = None
