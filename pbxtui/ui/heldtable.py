"""The rows of the held screen: whoever waits on hold, in a parking place or between two phones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, NamedTuple, cast

from pbxtui.config import Patience
from pbxtui.model import Call, Certainty, Change, Direction, Key, Kind, Leg, LegState, Snapshot
from pbxtui.service.acting.consulting import within_one_call
from pbxtui.service.going_on import Handovers
from pbxtui.service.handover import Fate, Handover, live, short, waiting_party
from pbxtui.service.parties import own_party, party, person
from pbxtui.ui.looks import Looks, Tone
from pbxtui.ui.table import Field, Table, natural
from pbxtui.ui.widgets.columns import Cell

_ORDER = {state: rank for rank, state in enumerate(LegState)}
_STATES = {
    Fate.PARKED: LegState.PARKED,
    Fate.RINGING: LegState.RINGING,
    Fate.BACK: LegState.RINGING,
    Fate.QUEUED: LegState.QUEUED,
    Fate.ANSWERED: LegState.TALKING,
    Fate.TAKEN_BACK: LegState.TALKING,
    Fate.GONE: LegState.ENDED,
}


class Wait(NamedTuple):
    """Somebody who waits.

    ``since`` is when the waiting began and ``until`` when it ended (None while it goes on), on the
    PBX's clock; either may be unknown. ``by`` is the extension that put the call there, ``by_whom``
    that with its name.
    """

    state: LegState
    certainty: Certainty
    since: float | None
    until: float | None
    who: str
    by: str
    by_whom: str
    place: str


class HeldTable(Table[Call]):
    """Calls of all sites in which somebody waits.

    ``clock(site)`` is the PBX's clock, which goes on while the picture is frozen; ``skew(site)``
    is that clock minus ours. ``patience`` says from when on a wait is too long.
    """

    kind = Kind.CALLS
    noun = "held calls"
    fields: ClassVar[tuple[Field, ...]] = (
        Field("number", "  #", 5),
        Field("site", "site", 9, 10, drop=2),
        Field("state", "state", 8, 9),
        Field("waits", "waits", 8, right=True),
        Field("who", "who waits"),
        Field("by", "put by", 7, 8),
        Field("name", "", 14, 18, drop=1),
        Field("place", "where it is now"),
    )
    filters = frozenset({"site", "state", "who", "by", "place"})
    flexible = 20

    def __init__(
        self,
        number: Callable[[Key], int],
        now: Callable[[str], float],
        looks: Looks,
        empty: Callable[[], str],
        clock: Callable[[str], float],
        skew: Callable[[str], float],
        patience: Callable[[], Patience],
    ) -> None:
        super().__init__(now, looks, empty)
        self.sort = "waits"
        self.stories: dict[Key, Handover] = {}
        self._handovers = Handovers()
        self._number = number
        self._clock = clock
        self._skew = skew
        self._patience = patience

    # --- the rows ----------------------------------------------------------------------------

    def reset(self, snapshots: Iterable[Snapshot]) -> None:
        self.stories = dict(self._handovers.stories)
        super().reset(snapshots)

    def note(self, changes: Iterable[Change]) -> None:
        for change in changes:
            if change.kind is Kind.CALLS:
                before, after = (
                    cast("Call | None", change.before),
                    cast("Call | None", change.after),
                )
                self._handovers.take(change.key, before, after, self._clock(change.key.site))
        self._handovers.join(self._clock)

    def transferred(self, key: Key, to: str, created: str) -> None:
        """The PBX has accepted a blind transfer; ``created`` is the new call's id, if told."""
        self._handovers.transferred(key, to, created, self._clock(key.site))

    def _take(self, key: Key, thing: Call | None) -> None:
        story = self._handovers.stories.get(key)
        if story is not None:
            self.stories[key] = story
        else:
            self.stories.pop(key, None)
        super()._take(key, thing)

    def lapse(self) -> None:
        """Let go of stories that were there long enough to be read."""
        for site in {key.site for key in self.stories}:
            for key in self._handovers.lapsed(self._clock(site), site):
                del self._handovers.stories[key]
                if key in self.things:
                    self._take(key, self.things[key])

    def _shows(self, thing: Call) -> bool:
        return self.wait_of(thing) is not None and super()._shows(thing)

    def total(self) -> int:
        return sum(1 for thing in self.things.values() if self.wait_of(thing) is not None)

    def wait_of(self, call: Call) -> Wait | None:
        """Who waits in a call; None where nobody does."""
        story = self.stories.get(call.key)
        if call.over:
            gone = story is not None and story.fate is Fate.GONE
            return _told(call, story) if gone and story is not None else None
        legs = live(call)
        held = [leg for leg in legs if leg.state is LegState.HELD]
        if held:
            return _consulted(call) or _held(call, legs, held)
        if story is not None and story.fate is not Fate.LEFT:
            return _told(call, story)
        parked = [leg for leg in legs if leg.state is LegState.PARKED]
        if parked or call.state is LegState.PARKED:
            return _parked(call, parked or legs)
        return None

    def waits(self) -> Sequence[float | None]:
        """How long each of those who wait now has waited, in seconds."""
        found = []
        for key in self._places:
            wait = self.wait_of(self.things[key])
            if wait is not None and wait.until is None:
                now = self.now(key.site)
                found.append(now - wait.since if wait.since is not None else None)
        return found

    def texts(self, thing: Call) -> dict[str, str]:
        wait = self.wait_of(thing)
        if wait is None:
            return {}
        word = "hold held" if wait.state is LegState.HELD else wait.state.value
        shown, _ = self.looks.leg(wait.state, wait.certainty, Direction.UNKNOWN)
        place = self.place_of(thing.key, wait)
        return {
            "site": thing.site.lower(),
            "state": f"{word} {shown}".lower(),
            "who": wait.who.lower(),
            "by": wait.by_whom.lower(),
            "place": place.lower(),
        }

    def place(self, key: Key, thing: Call) -> object:
        wait = self.wait_of(thing)
        if wait is None:
            return 0
        match self.sort:
            case "site":
                return thing.site
            case "state":
                return _ORDER[wait.state]
            case "waits":
                began = (wait.since or 0.0) - self._skew(key.site)
                return wait.until is not None, wait.since is None, began
            case "who":
                return wait.who.lower()
            case "by":
                return natural(wait.by)
            case "name":
                return wait.by_whom.lower()
            case "place":
                return wait.place.lower()
        return 0

    def tie(self, key: Key, thing: Call) -> object:
        return self._number(key)

    # --- what a row says ---------------------------------------------------------------------

    def urgency(self, seconds: float | None) -> tuple[str, Tone]:
        """The sign of a wait and its tone."""
        patience = self._patience()
        if seconds is None or seconds < patience.warn:
            return "", Tone.PLAIN
        return ("!", Tone.WARN) if seconds < patience.alarm else ("!!", Tone.ALARM)

    def place_of(self, key: Key, wait: Wait) -> str:
        """Where somebody waits, or what became of it."""
        story = self.stories.get(key)
        if story is None or wait.place or wait.state is LegState.HELD:
            return wait.place
        ago = self.span(key.site, story.since)
        match story.fate:
            case Fate.RINGING:
                return f"rings at {story.to} {ago}"
            case Fate.BACK:
                return f"back at {story.to} {ago}"
            case Fate.QUEUED:
                return f"queue {story.to}".rstrip()
            case Fate.ANSWERED:
                return f"answered by {story.to}"
            case Fate.TAKEN_BACK:
                return f"taken back by {story.to}"
            case Fate.GONE:
                return f"hung up at {story.to}" if story.to else "hung up"
        return ""

    def cell(self, column: str, key: Key, thing: Call) -> Cell:
        looks = self.looks
        wait = self.wait_of(thing)
        dim = looks.style(Tone.DIM)
        if wait is None:
            return "", dim
        plain = looks.style(Tone.PLAIN if wait.until is None else Tone.GONE)
        match column:
            case "number":
                return f"{self._number(key):>4}", dim
            case "site":
                return key.site, dim
            case "state":
                text, tone = looks.leg(wait.state, wait.certainty, Direction.UNKNOWN)
                return text, looks.style(tone)
            case "waits":
                return self._waits(key, wait)
            case "who":
                return wait.who, plain
            case "by":
                return wait.by, plain
            case "name":
                return wait.by_whom.removeprefix(wait.by).strip(), dim
            case "place":
                return self.place_of(key, wait), plain
        return "", plain

    def _waits(self, key: Key, wait: Wait) -> Cell:
        if wait.since is None:
            return "", self.looks.style(Tone.DIM)
        seconds = (wait.until if wait.until is not None else self.now(key.site)) - wait.since
        sign, tone = self.urgency(seconds)
        if wait.until is not None:
            sign, tone = "", Tone.GONE
        return f"{sign} {self.span(key.site, wait.since, wait.until)}", self.looks.style(tone)


def _held(call: Call, legs: Sequence[Leg], held: Sequence[Leg]) -> Wait:
    """A call that somebody put on hold: its oldest hold."""
    known = [leg for leg in held if leg.since is not None]
    holder = min(known, key=lambda leg: leg.since or 0.0) if known else held[0]
    others = [leg for leg in legs if leg.id != holder.id]
    beside = [leg for leg in others if leg.bridge and leg.bridge == holder.bridge]
    who = person(waiting_party(call, beside or others, holder.extension))
    return Wait(
        LegState.HELD,
        holder.certainty,
        holder.since,
        None,
        who,
        short(holder),
        own_party(holder),
        f"held at {short(holder)}",
    )


def _consulted(call: Call) -> Wait | None:
    """A call of which one end waits while the phone asks somebody else, on the same call."""
    found = within_one_call(call)
    if found is None:
        return None
    by, to = found.by.number, found.to.number or found.to.name
    place = f"{by} asks {to}" if found.answered else f"{by} rings {to}"
    who = person(found.waiting[0])
    return Wait(LegState.HELD, found.certainty, found.since, None, who, by, party(found.by), place)


def _parked(call: Call, waits: Sequence[Leg]) -> Wait:
    """A parked call that was never seen before it was parked."""
    since = min((leg.since for leg in waits if leg.since is not None), default=call.since)
    who = person(waiting_party(call, waits, ""))
    place = f"parked at {call.parked_at}" if call.parked_at else ""
    return Wait(LegState.PARKED, call.certainty, since, None, who, "", "", place)


def _told(call: Call, story: Handover) -> Wait:
    waits = [leg for leg in call.legs if leg.id in story.stayed]
    who = person(story.who) or person(waiting_party(call, waits, story.by))
    place = ""
    if story.fate is Fate.PARKED:
        place = f"parked at {story.to}" if story.to else "parked"
    return Wait(
        _STATES[story.fate],
        call.certainty,
        story.waiting,
        story.since if story.settled else None,
        who,
        story.by,
        story.by_whom,
        place,
    )
