"""One ``[[site]]`` of the config, checked with the settings class of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import SecretStr

from pbxtui.backends import registry
from pbxtui.backends.base import Plugin
from pbxtui.backends.settings import SiteSettings
from pbxtui.config.checking import check
from pbxtui.config.file import Contents
from pbxtui.config.mistakes import MASK, Mistakes, quoted
from pbxtui.config.nearest import nearest
from pbxtui.config.secrets import SOURCES, SecretError, resolve
from pbxtui.config.values import kind_of
from pbxtui.model import clean

GENERAL_KEYS = frozenset(
    {
        *("site", "profile", "theme", "ascii", "mouse", "keys", "held"),
        *("allow", "deny", "grace"),
    }
)
"""The keys of the top level, which TOML wants before the first site."""

Table = Mapping[str, object]


def is_secret(annotation: Any) -> bool:
    """Whether a field of a settings class is a ``SecretStr``, perhaps optional."""
    if get_origin(annotation) is Annotated:
        return is_secret(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return any(is_secret(inner) for inner in get_args(annotation))
    return annotation is SecretStr


def secret_keys(settings: type[SiteSettings]) -> frozenset[str]:
    """The keys of a settings class that hold secrets."""
    return frozenset(
        field.alias or name
        for name, field in settings.model_fields.items()
        if is_secret(field.annotation)
    )


@dataclass(frozen=True, slots=True)
class SiteReader:
    """Reads the sites of one file. With ``ask`` unset, secrets stay where they are."""

    contents: Contents
    mistakes: Mistakes
    ask: bool

    def read(self, number: int, site: Table) -> SiteSettings | None:
        """The settings of the n-th site; None when something is wrong, noted in ``mistakes``."""
        where = _place(number, site)
        plugin = self._plugin(site, where)
        if plugin is None:
            return None
        settings = plugin.settings
        secrets = secret_keys(settings)
        values: dict[str, object] = {}
        unknown: set[str] = set()
        for key, value in site.items():
            if key in secrets:
                found = self._secret(key, value, where)
                values[key] = MASK if found is None else found
                if found is None:
                    unknown.add(key)
            elif key in GENERAL_KEYS - settings.model_fields.keys():
                self.mistakes.add(
                    where, f"{quoted(key)} is not of a site; it goes above the first [[site]]"
                )
            else:
                values[key] = value
                if _names_a_source(value) and key in settings.model_fields:
                    listed = ", ".join(sorted(secrets)) or "this kind has none"
                    self.mistakes.add(
                        where,
                        f"{key}: only a secret ({listed}) can be read from elsewhere; "
                        "write the text here",
                    )
                    unknown.add(key)
        return check(settings, values, where, self.mistakes, unknown=unknown)

    def _secret(self, key: str, value: object, where: str) -> str | None:
        """The secret; None when it cannot be had, or is not to be asked for."""
        if isinstance(value, str):
            self.mistakes.hide(value)
        try:
            secret = resolve(key, value, self.contents, ask=self.ask)
        except SecretError as error:
            self.mistakes.add(where, str(error))
            return None
        if secret is not None:
            self.mistakes.hide(secret)
        return secret

    def _plugin(self, site: Table, where: str) -> Plugin[Any] | None:
        installed = registry.kinds()
        kind = site.get("kind")
        if not isinstance(kind, str):
            wrong = (
                "is missing" if kind is None else f"expected text in quotes, not {kind_of(kind)}"
            )
            self.mistakes.add(where, f"kind: {wrong}; installed: {', '.join(installed)}")
            return None
        if kind not in installed:
            guess = nearest(kind, installed)
            hint = f'; did you mean "{guess}"?' if guess else ";"
            listed = f"installed: {', '.join(installed)}"
            self.mistakes.add(where, f"unknown kind {quoted(kind)}{hint} {listed}")
            return None
        try:
            return registry.plugin(kind)
        except Exception as error:  # somebody else's plug-in may fail in any way
            self.mistakes.add(
                where,
                f"the plug-in for kind {quoted(kind)} cannot be loaded "
                f"({type(error).__name__}: {clean(str(error))}); install it again",
            )
            return None


def _place(number: int, site: Table) -> str:
    """``site "hq"``, or ``site 2`` where it has no name."""
    name = site.get("name")
    return f"site {quoted(name)}" if isinstance(name, str) and name.strip() else f"site {number}"


def _names_a_source(value: object) -> bool:
    return isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in SOURCES
