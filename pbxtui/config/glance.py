"""What the config says at a first glance, so that the first frame need not wait for its check."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast, get_args

from pbxtui.config import file
from pbxtui.config.said import LONGEST_GRACE, Config, Patience, Profile
from pbxtui.config.values import flat
from pbxtui.model import Verb


def glance(path: Path | None = None) -> tuple[Config, bool]:
    """The looks that the config asks for, and whether it has any site.

    What is of a wrong type is left out: ``load`` says so later, with everything else that is
    wrong. Raises as ``load`` does where there is no file, or where it is not TOML.
    """
    contents = file.find(path)
    table = file.parse(contents)
    keys = flat(table.get("keys", {}))
    profile, theme = table.get("profile"), table.get("theme")
    ascii, mouse = table.get("ascii"), table.get("mouse")
    known = profile if profile in get_args(Profile) else "noc"
    config = Config(
        path=contents.path,
        keys={key: value for key, value in keys.items() if isinstance(value, str)}
        if isinstance(keys, Mapping)
        else {},
        profile=cast("Profile", known),
        theme=theme if isinstance(theme, str) else None,
        ascii=ascii if isinstance(ascii, bool) else None,
        mouse=mouse if isinstance(mouse, bool) else True,
        held=_patience(table.get("held")),
        allow=_verbs(table["allow"]) if "allow" in table else None,
        deny=_verbs(table.get("deny")),
        grace=_grace(table.get("grace")),
    )
    return config, bool(table.get("site"))


def _verbs(value: object) -> frozenset[Verb]:
    words = value if isinstance(value, list) else []
    return frozenset(verb for verb in Verb if verb in words)


def _grace(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= LONGEST_GRACE else None


def _patience(held: object) -> Patience:
    """What ``held`` says, as far as it holds together."""
    usual = Patience()
    if not isinstance(held, Mapping):
        return usual
    said = Patience(
        _seconds(held.get("warn"), usual.warn), _seconds(held.get("alarm"), usual.alarm)
    )
    return said if said.warn <= said.alarm else usual


def _seconds(value: object, usual: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return usual
    return float(value) if 0 < value <= 86400 else usual
