"""The sites that a command is about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from pbxtui.cli.arguments import Options
from pbxtui.cli.output import UsageError
from pbxtui.config import Config, did_you_mean

if TYPE_CHECKING:
    from pbxtui.backends.settings import SiteSettings


def configured(options: Options) -> tuple[SiteSettings, ...]:
    """The configured sites, or those named with ``--site``.

    Raises ``ConfigError`` for a wrong config and ``UsageError`` for a site that is not in it, or
    a config without any.
    """
    from pbxtui.config import load

    config = load(options.config)
    if not config.sites:
        raise UsageError(f"{config.path} has no site yet; add a [[site]] for each PBX")
    return chosen(config, options.site)


def one(config: Config, name: str, named: Collection[str] = ()) -> SiteSettings:
    """The site of that name. ``named`` are those of ``--site``, which it must be among.

    Raises ``UsageError``.
    """
    known = [site.name for site in config.sites]
    if not known:
        raise UsageError(f"{config.path} has no site yet; add a [[site]] for each PBX")
    if name not in known:
        raise UsageError(f"no site is called {name!r}; {did_you_mean(name, known)}")
    if named and name not in named:
        raise UsageError(f"--site says {' and '.join(named)}, and the action is for {name}")
    return next(site for site in config.sites if site.name == name)


def chosen(config: Config, names: Collection[str]) -> tuple[SiteSettings, ...]:
    """The sites of those names in the order of the config; all of them for no names."""
    if not names:
        return config.sites
    known: Sequence[str] = [site.name for site in config.sites]
    for name in names:
        if name not in known:
            raise UsageError(f"--site: no site is called {name!r}; {did_you_mean(name, known)}")
    return tuple(site for site in config.sites if site.name in names)
