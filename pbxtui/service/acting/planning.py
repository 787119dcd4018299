"""Plans: whether an action may be sent now, and what is said before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pbxtui.model import TOPIC_OF, Action, Freshness, Kind, Topic, Verb, clean
from pbxtui.service.acting.people import NAME_LIMIT, listed
from pbxtui.service.acting.permission import Rights, verb_of
from pbxtui.service.acting.plans import IRREVERSIBLE, NAMED, Bulk, Plan
from pbxtui.service.acting.recheck import recheck, witness
from pbxtui.service.acting.refusal import Refusal, Why
from pbxtui.service.acting.sentence import sentence
from pbxtui.service.acting.target import Chosen
from pbxtui.service.fleet import Fleet
from pbxtui.service.site import Site

_KIND = {
    Verb.PAUSE: Kind.AGENTS,
    Verb.UNPAUSE: Kind.AGENTS,
    Verb.LOGIN: Kind.AGENTS,
    Verb.LOGOUT: Kind.AGENTS,
    Verb.FLOW: Kind.FLOWS,
    Verb.UNREGISTER: Kind.DEVICES,
    Verb.REBOOT: Kind.DEVICES,
}
_DOES = {
    Verb.HANGUP: "Hang up",
    Verb.DTMF: "Send tones to",
    Verb.LOGIN: "Log in",
    Verb.LOGOUT: "Log out",
    Verb.ATTENDED: "Transfer, attended,",
    Verb.COMPLETE: "Complete the transfer of",
    Verb.CANCEL: "Cancel the transfer of",
}


def topic_of(verb: Verb) -> Topic:
    """The reading that shows what an action is done to."""
    return TOPIC_OF[_KIND.get(verb, Kind.CALLS)]


class Planner:
    """Makes plans for the sites of a fleet, with the rights as they are."""

    def __init__(self, fleet: Fleet, rights: Rights) -> None:
        self._fleet = fleet
        self._rights = rights

    def site(self, name: str) -> Site | None:
        try:
            return self._fleet.site(name)
        except KeyError:
            return None

    def plan(self, action: Action, chosen: Chosen | None = None) -> Plan:
        """What will be sent and said. ``chosen`` is the row as it was at the key press.

        Without it the action is for what the site shows now. Never raises.
        """
        site = self.site(action.site)
        verb = verb_of(action)
        if site is None:
            name = clean(action.site, NAME_LIMIT)
            refused = Refusal(Why.UNREADY, f"there is no site “{name}” in the config")
            return Plan(action, f"{verb} at {name}", refused=refused)
        snapshot = site.snapshot
        refused_here = self.forbidden(action)
        if refused_here is None and chosen is None:
            found = witness(action, snapshot)
            if isinstance(found, Refusal):
                refused_here = found
            else:
                chosen = found
        if refused_here is None:
            refused_here = recheck(action, chosen, snapshot)
        said = sentence(action, snapshot)
        aged = old(site, topic_of(verb))
        capability = site.backend.capabilities.get(verb) if site.backend is not None else None
        careful = verb in IRREVERSIBLE
        return Plan(
            action,
            said.text,
            said.warnings + ((aged,) if aged else ()),
            capability.why if capability is not None and capability.possible else "",
            careful,
            self._name(action, verb, site),
            refused_here,
            chosen,
            self._rights.grace if careful else 0.0,
        )

    def forbidden(self, action: Action) -> Refusal | None:
        """Why an action may not be sent to its site; None when it may."""
        site = self.site(action.site)
        if site is None:
            return Refusal(Why.UNREADY, f"there is no site “{clean(action.site, NAME_LIMIT)}”")
        if site.backend is None:
            if site.settings.read_only:
                return self._rights.check(verb_of(action), site.settings, {})
            return Refusal(Why.UNREADY, f"{site.name} has not been opened yet: wait, or read it")
        return self._rights.check(verb_of(action), site.settings, site.backend.capabilities)

    def bulk(self, plans: Iterable[Plan]) -> Bulk:
        """Several plans as one: those that are refused are left out and counted."""
        every = tuple(plans)
        good = tuple(plan for plan in every if plan.refused is None)
        left_out = tuple(plan for plan in every if plan.refused is not None)
        return Bulk(good, _together(good, left_out), left_out, _gathered(good), self._rights.grace)

    @staticmethod
    def _name(action: Action, verb: Verb, site: Site) -> str:
        if verb not in NAMED:
            return ""
        id = getattr(action, "device", "")
        device = site.snapshot.devices.get(id)
        return (device.extension if device is not None else "") or id


def old(site: Site, topic: Topic) -> str:
    """A warning where what is shown of a site may have changed long since; else empty."""
    health, now = site.health[topic], site.clock()
    if health.freshness(now) in (Freshness.LIVE, Freshness.LATE):
        return ""
    age = health.age(now)
    if age is None:
        return f"{topic} of {site.name} have not been read yet"
    return f"{topic} of {site.name} were read {age:.0f} s ago: it may be different by now"


def _together(good: tuple[Plan, ...], left_out: tuple[Plan, ...]) -> str:
    if not good:
        first = left_out[0].refused if left_out else None
        return f"Nothing can be sent: {first}" if first is not None else "Nothing is marked"
    sites = Counter(plan.site for plan in good)
    where = listed([f"{count} at {site}" for site, count in sites.items()])
    verbs = list(dict.fromkeys(plan.verb for plan in good))
    does = listed([_DOES.get(verb, verb.value.capitalize()) for verb in verbs])
    rows = "1 row" if len(good) == 1 else f"{len(good)} rows"
    out = ""
    if left_out:
        reasons = list(dict.fromkeys(str(plan.refused) for plan in left_out))
        out = f"; left out: {len(left_out)}, {listed(reasons[:2])}"
    said = f"{does} {rows} ({where}), one after the other, until one is refused{out}"
    return clean(f"{said}. First: {good[0].sentence}", 1200)


def _gathered(plans: tuple[Plan, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(warning for plan in plans for warning in plan.warnings))
