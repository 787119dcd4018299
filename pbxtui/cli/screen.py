"""Opening the screens: on the configured sites, or on the demo."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from pbxtui.cli.arguments import Options
from pbxtui.cli.choosing import chosen
from pbxtui.cli.offices import demo_opener
from pbxtui.cli.output import UsageError, say
from pbxtui.config import Config, ConfigError, NoConfig, did_you_mean, find

if TYPE_CHECKING:
    from pbxtui.service import Fleet

Opener = Callable[[], "Fleet"]
"""Builds the fleet; called beside the event loop, after the first frame."""


def open_sites(options: Options) -> int:
    """Open the configured sites; the demo where there are none.

    The sites are checked after the first frame; a mistake in them ends the screens and is said
    where they were opened from.
    """
    _need_terminal()
    from pbxtui.config import glance

    try:
        config, any_site = glance(options.config)
    except NoConfig:
        return _demo(options, Config(), "demo: no config yet; pbxtui init writes one")
    if not any_site:
        from pbxtui.config import load

        config = load(options.config)
        return _demo(options, config, "demo: no [[site]] in the config yet; pbxtui config shows it")

    loaded = config

    def opener() -> Fleet:
        from pbxtui.config import load
        from pbxtui.service import open_fleet

        nonlocal loaded
        loaded = load(options.config)
        return open_fleet(chosen(loaded, options.site))

    return run_app(opener, config, options, checked=lambda: loaded)


def open_demo(options: Options) -> int:
    """Open simulated PBXs. A config, if there is one, still says how things look."""
    _need_terminal()
    try:
        find(options.config)
    except NoConfig:
        config = Config()
    else:
        from pbxtui.config import general

        config = general(options.config)
    return _demo(options, config, "demo")


def _demo(options: Options, config: Config, note: str) -> int:
    opener = demo_opener(options)
    journal = Path(platformdirs.user_state_dir("pbxtui", appauthor=False)) / "demo"
    return run_app(opener, config, options, note, checked=lambda: config, journal=journal)


def _need_terminal() -> None:
    """Refuse to open without a terminal; else hurry: the app turns the collector on again."""
    screen = sys.__stdout__ if os.name == "nt" else sys.__stderr__
    for stream in (sys.__stdin__, screen):
        if stream is None or not stream.isatty():
            raise UsageError("the screens need a terminal; for a script: pbxtui list calls")
    gc.disable()


def run_app(
    opener: Opener,
    config: Config,
    options: Options,
    note: str = "",
    *,
    checked: Callable[[], Config],
    journal: Path | None = None,
) -> int:
    """Show the screens until they are left; the exit status. ``note`` stands in the header.

    ``checked`` gives the whole config once ``opener`` was called; ``journal`` is the folder of
    the journal, None for the user's.
    """
    from pbxtui.ui.app import PbxApp
    from pbxtui.ui.options import Options as Look

    _refuse_unknown(config)
    look = Look(
        ascii=config.ascii if options.ascii is None else options.ascii,
        theme=config.theme or Look().theme,
        keymap=config.keys,
        profile=config.profile,
        note=note,
        held=config.held,
        state=partial(_kept_in, "demo" if note.startswith("demo") else "screens"),
        config=checked,
        journal=journal,
    )

    def logged() -> Fleet:
        from pbxtui.cli.logfile import log_to_file

        log_to_file()
        return opener()

    app = PbxApp(logged, look)
    try:
        app.run(mouse=config.mouse if options.mouse is None else options.mouse)
    except Exception as error:
        app.crash = app.crash or error
    app.left()
    if app.crash is not None:
        from pbxtui.cli.logfile import broken

        return broken(app.crash, "the screens")
    if isinstance(app.failure, ConfigError | UsageError):
        raise app.failure
    if app.failure is not None:
        say(f"pbxtui: the sites cannot be opened: {app.failure}")
    return app.return_code or 0


def _kept_in(name: str) -> Path:
    """The file in the user's state folder that keeps what is chosen on the screens."""
    from pbxtui.service.acting.audit import default_folder

    return default_folder() / f"{name}.json"


def _refuse_unknown(config: Config) -> None:
    """Keys and themes are the screens' own; the config could not know them."""
    from pbxtui.ui.actions import problems
    from pbxtui.ui.themes import NAMES

    wrong = problems(config.keys)
    if config.theme is not None and config.theme not in NAMES:
        wrong.append(
            f'theme: expected {" or ".join(NAMES)}, not "{config.theme}"; '
            f"{did_you_mean(config.theme, NAMES)}"
        )
    if wrong:
        name = config.path.name if config.path is not None else "config"
        raise UsageError("\n".join(f"{name}: {words}" for words in wrong))
