"""From the file to a :class:`Config`, or to one message with everything that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pbxtui.backends.settings import Seconds, SiteSettings
from pbxtui.config import file
from pbxtui.config.checking import check
from pbxtui.config.file import Contents
from pbxtui.config.mistakes import ConfigError, Mistakes, quoted
from pbxtui.config.said import LONGEST_GRACE, Config, Patience, Profile
from pbxtui.config.sites import SiteReader
from pbxtui.config.values import MAX_KEY, flat
from pbxtui.model import Verb

Word = Annotated[str, Field(min_length=1, max_length=MAX_KEY)]
Grace = Annotated[float, Field(ge=0, le=LONGEST_GRACE)]


class _Held(BaseModel):
    """How long somebody may be held, in seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    warn: Seconds = Patience().warn
    alarm: Seconds = Patience().alarm

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.alarm < self.warn:
            raise ValueError(
                f"alarm ({self.alarm:g} s) comes before warn ({self.warn:g} s); set both in order"
            )
        return self


class _General(BaseModel):
    """What the config says beside the sites."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    profile: Profile = "noc"
    theme: Word | None = None
    ascii: bool | None = None
    mouse: bool = True
    keys: dict[Word, Word] = {}
    held: _Held = _Held()
    allow: tuple[Verb, ...] | None = None
    deny: tuple[Verb, ...] = ()
    grace: Grace | None = None


def load(path: Path | None = None) -> Config:
    """Read the config at ``path``, or at the default place, and resolve its secrets.

    Raises :class:`ConfigError` whose text is the whole message, and its subclass ``NoConfig``
    when there is no file at the default place.
    """
    return _load(file.find(path), ask=True)


def general(path: Path | None = None) -> Config:
    """What the config says beside its sites, which are neither checked nor returned.

    Raises as :func:`load` does.
    """
    contents = file.find(path)
    table = file.parse(contents)
    return _general({**table, "site": []}, contents, Mistakes(contents.path), ())


def problems(path: Path | None = None) -> str:
    """What is wrong with the config, as a message; empty when nothing is.

    Secrets stay where they are: no command runs and no keyring is asked.
    """
    try:
        _load(file.find(path), ask=False)
    except ConfigError as error:
        return str(error)
    return ""


def _load(contents: Contents, *, ask: bool) -> Config:
    table = file.parse(contents)
    mistakes = Mistakes(contents.path)
    sites = _sites(table.get("site", []), contents, mistakes, ask=ask)
    return _general(table, contents, mistakes, sites)


def _general(
    table: Mapping[str, object],
    contents: Contents,
    mistakes: Mistakes,
    sites: tuple[SiteSettings, ...],
) -> Config:
    rest = {key: value for key, value in table.items() if key != "site"}
    if "keys" in rest:
        rest["keys"] = flat(rest["keys"])
    said = check(_General, rest, "", mistakes, also=("site",))
    if mistakes or said is None:
        raise mistakes.error()
    return Config(
        path=contents.path,
        sites=sites,
        keys=said.keys,
        profile=said.profile,
        theme=said.theme,
        ascii=said.ascii,
        mouse=said.mouse,
        held=Patience(said.held.warn, said.held.alarm),
        allow=None if said.allow is None else frozenset(said.allow),
        deny=frozenset(said.deny),
        grace=said.grace,
    )


def _sites(
    value: object, contents: Contents, mistakes: Mistakes, *, ask: bool
) -> tuple[SiteSettings, ...]:
    if isinstance(value, Mapping):
        mistakes.add("", "[site] has two pairs of brackets: [[site]]")
        value = [value]
    if not isinstance(value, list) or not all(isinstance(site, Mapping) for site in value):
        mistakes.add("", "site: expected one table for each PBX, each starting with [[site]]")
        return ()
    reader = SiteReader(contents, mistakes, ask)
    found = [reader.read(number, site) for number, site in enumerate(value, start=1)]
    _refuse_twins([site.get("name") for site in value], mistakes)
    return tuple(site for site in found if site is not None)


def _refuse_twins(names: list[object], mistakes: Mistakes) -> None:
    places: dict[str, list[int]] = {}
    for number, name in enumerate(names, start=1):
        if isinstance(name, str):
            places.setdefault(name, []).append(number)
    for name, numbers in places.items():
        if len(numbers) > 1:
            listed = ", ".join(str(number) for number in numbers)
            mistakes.add(
                f"site {quoted(name)}",
                f"name: is used {len(numbers)} times (sites {listed} of the file); "
                "each site needs a name of its own",
            )
