"""Who may do what: the only place where rights are checked.

The profile ``noc`` starts locked, ``reception`` unlocked. A site that is ``read_only`` cannot be
unlocked. The lists ``allow`` and ``deny`` of the config, and those of a site, narrow what is left;
what the PBX cannot do is refused here, too, with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pbxtui.backends.settings import SiteSettings
from pbxtui.model import Action, Capability, Transfer, Verb
from pbxtui.service.acting.refusal import Refusal, Why

Profile = str
"""``noc`` or ``reception``."""

GRACE = 2.0
"""Seconds for which an action that cannot be undone is kept back, where nobody says otherwise."""

_UNKNOWN = Capability(False, "This PBX does not say whether it can do this.")


def verb_of(action: Action) -> Verb:
    """The name of an action; an attended transfer has one of its own."""
    if isinstance(action, Transfer) and action.attended:
        return Verb.ATTENDED
    return action.verb


class Rights:
    """What may be done now. ``allow`` is None where every action is allowed."""

    def __init__(
        self,
        profile: Profile = "noc",
        *,
        allow: Iterable[Verb] | None = None,
        deny: Iterable[Verb] = (),
        grace: float | None = None,
    ) -> None:
        self.profile = profile
        self._allow = None if allow is None else frozenset(allow)
        self._deny = frozenset(deny)
        self._grace = grace
        self._locked = profile != "reception"
        self.unlocked_with = "L"
        """What unlocks the actions, for the refusal to say; the screens may have another key."""

    @property
    def locked(self) -> bool:
        return self._locked

    def lock(self) -> None:
        """Refuse every action until :meth:`unlock`."""
        self._locked = True

    def unlock(self) -> None:
        """Let actions through, except at sites that are read-only."""
        self._locked = False

    @property
    def grace(self) -> float:
        """Seconds for which an action that cannot be undone is kept back."""
        if self._grace is not None:
            return self._grace
        return 0.0 if self.profile == "reception" else GRACE

    def check(
        self, verb: Verb, site: SiteSettings, capabilities: Mapping[Verb, Capability]
    ) -> Refusal | None:
        """Why ``verb`` may not be done at a site; None when it may.

        What no key can change comes first, and the lock last.
        """
        name = site.name
        if site.read_only:
            return Refusal(
                Why.READ_ONLY,
                f"{name} is read-only: take read_only = true out of its [[site]] in the config",
            )
        listed = self._listed(verb, site)
        if listed is not None:
            return listed
        capability = capabilities.get(verb, _UNKNOWN)
        if not capability.possible:
            why = capability.why or _UNKNOWN.why
            return Refusal(Why.NOT_CAPABLE, why.rstrip("."), capability.nearest)
        if self._locked:
            return Refusal(
                Why.LOCKED, f"actions are locked: unlock them first, with {self.unlocked_with}"
            )
        return None

    def _listed(self, verb: Verb, site: SiteSettings) -> Refusal | None:
        own = f"[[site]] {site.name} in the config"
        if verb in self._deny:
            return _denied(verb, "take it out of deny at the top of the config")
        if verb in site.deny:
            return _denied(verb, f"take it out of deny of {own}")
        if self._allow is not None and verb not in self._allow:
            return _denied(verb, "put it into allow at the top of the config")
        if site.allow is not None and verb not in site.allow:
            return _denied(verb, f"put it into allow of {own}")
        return None


def _denied(verb: Verb, what_to_do: str) -> Refusal:
    return Refusal(Why.DENIED, f"“{verb}” is not allowed: {what_to_do}")
