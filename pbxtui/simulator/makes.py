"""Every make of simulated PBX by its name, with its switches set from words.

Imports a face only when it is asked for.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Literal, Protocol, get_args, get_type_hints

from starlette.types import ASGIApp

from pbxtui.simulator.faults import Faults
from pbxtui.simulator.office import Office

KINDS = ("vonage", "mirta", "telphin")


class Simulated(Protocol):
    """What every make has: the app, what lives behind it, and a config for it."""

    @property
    def app(self) -> ASGIApp: ...

    @property
    def office(self) -> Office: ...

    @property
    def faults(self) -> Faults: ...

    def config_toml(self, url: str, *, name: str = ...) -> str: ...


def build(
    kind: str,
    *,
    seed: int = 1,
    calls: int = 12,
    phones: int | None = None,
    clock: Callable[[], float] = time.time,
    faults: Faults | None = None,
    profile: Literal["live", "documented"] = "live",
    switches: Mapping[str, str] | None = None,
    office: Office | None = None,
) -> Simulated:
    """A simulated PBX of that kind. Raises ``ValueError`` for what it cannot be."""
    said = switches or {}
    match kind:
        case "vonage":
            from pbxtui.simulator.vonage import VonageSwitches, build_vonage

            return build_vonage(
                seed,
                calls,
                phones,
                profile,
                clock,
                faults,
                _set(VonageSwitches, said),
                office=office,
            )
        case "mirta":
            from pbxtui.simulator.mirta import MirtaSwitches, build_mirta

            return build_mirta(
                seed, calls, phones, clock, faults, _set(MirtaSwitches, said), office=office
            )
        case "telphin":
            from pbxtui.simulator.telphin import TelphinSwitches, build_telphin

            return build_telphin(
                seed, calls, phones, clock, faults, _set(TelphinSwitches, said), office=office
            )
    raise ValueError(f"there is no simulated {kind!r}; there are {', '.join(KINDS)}")


def _set(switches: type[Any], said: Mapping[str, str]) -> Any:
    hints = get_type_hints(switches)
    known = [field.name for field in fields(switches)]
    values: dict[str, Any] = {}
    for name, word in said.items():
        if name not in known:
            raise ValueError(f"there is no switch {name!r}; there are {', '.join(sorted(known))}")
        values[name] = _value(name, word, hints[name])
    return switches(**values)


def _value(name: str, word: str, hint: Any) -> Any:
    choices = _choices(hint)
    if bool in choices and word.lower() in ("true", "false", "yes", "no", "on", "off"):
        return word.lower() in ("true", "yes", "on")
    if word in choices:
        return word
    if int in choices and word.lstrip("-").isdigit():
        return int(word)
    if float in choices:
        try:
            return float(word)
        except ValueError:
            pass
    if str in choices:
        return word
    if tuple in choices:
        return tuple(part for part in word.split(",") if part)
    listed = [repr(one) if isinstance(one, str) else one.__name__ for one in choices if one]
    raise ValueError(f"the switch {name} takes {' or '.join(listed)}, not {word!r}")


def _choices(hint: Any) -> Sequence[Any]:
    inner = get_args(hint)
    if getattr(hint, "__origin__", None) is tuple:
        return (tuple,)
    if not inner:
        return () if hint is type(None) else (hint,)
    found: list[Any] = []
    for one in inner:
        found += [one] if isinstance(one, str) else _choices(one)
    return found
