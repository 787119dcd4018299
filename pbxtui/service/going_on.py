"""The stories of all calls, also of those that go on under another id.

Some PBXs give a call a new id when it is transferred. That the new call is the old one is taken
from facts alone, and only where one call fits: a leg that is on both; the caller's number and the
start of the call, which are the same; a phone that leaves two calls at once, the caller of one of
which is then on the other; or a transfer that was sent from here and accepted, to the very phone
that now has the caller. Somebody who hangs up and calls again is another call.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from pbxtui.model import Call, Key
from pbxtui.service.acting.people import ends, far_side, same_number
from pbxtui.service.handover import (
    LINGER,
    Fate,
    Handover,
    continued,
    follow,
    let_go,
    live,
    own_legs,
)

WINDOW = 10.0
"""Seconds between the end of a call under one id and its going on under another."""
SAME_START = 2.0
"""Seconds by which two tellings of one start may differ."""
_OUTSIDE = 7
"""Digits from which on a number is one of outside, which tells one caller from another."""


class _Seen(NamedTuple):
    """A call as it was when it ended, or when somebody came, and when that was seen.

    ``left`` is the extension that left as somebody came to a call that was there before.
    """

    call: Call
    at: float
    left: str = ""


class _Window:
    """The calls of the last seconds, found by what one has in common with itself elsewhere."""

    def __init__(self) -> None:
        self.seen: dict[Key, _Seen] = {}
        self.fresh: list[Key] = []
        """Those that came since the last look."""
        self._by: dict[str, set[Key]] = {}

    def add(self, key: Key, seen: _Seen) -> None:
        if key in self.seen:
            self.pop(key)
        self.seen[key] = seen
        self.fresh.append(key)
        for word in _words(seen.call):
            self._by.setdefault(word, set()).add(key)

    def pop(self, key: Key) -> Call:
        call = self.seen.pop(key).call
        for word in _words(call):
            keys = self._by[word]
            keys.discard(key)
            if not keys:
                del self._by[word]
        return call

    def near(self, call: Call) -> set[Key]:
        """Those that may be the same call."""
        return {key for word in _words(call) for key in self._by.get(word, ())}

    def forget(self, now: Callable[[str], float]) -> None:
        """Let go of what is past; the oldest stand first."""
        while self.seen:
            key, seen = next(iter(self.seen.items()))
            if now(key.site) - seen.at <= WINDOW:
                return
            self.pop(key)


@dataclass(frozen=True, slots=True)
class _Sent:
    """A transfer that was accepted: to whom, the id that the PBX gave, when."""

    to: str
    created: str
    at: float


class Handovers:
    """The stories of all calls; those that have ended stay for a while."""

    def __init__(self) -> None:
        self.stories: dict[Key, Handover] = {}
        self._ended = _Window()
        self._came = _Window()
        self._sent: dict[Key, _Sent] = {}
        self._news: set[str] = set()
        self._known: set[str] = set()
        """The sites whose calls were there before: what they have now and not then has come."""

    def take(self, key: Key, before: Call | None, after: Call | None, now: float) -> None:
        """Take one change of a call; :meth:`join` after the last. ``now`` is on the PBX's clock."""
        known = self.stories.get(key)
        story = follow(before, after, known, now) if after is not None else None
        if story is None:
            self.stories.pop(key, None)
        else:
            self.stories[key] = story
        self._note(key, before, after, now)

    def transferred(self, key: Key, to: str, created: str, now: float) -> None:
        """The PBX has accepted a transfer of a call; ``created`` is the new call's id, if told."""
        self._sent[key] = _Sent(to, created, now)

    def lapsed(self, now: float, site: str) -> list[Key]:
        """The calls of a site whose story is over and was there to be read."""
        return [
            key
            for key, story in self.stories.items()
            if key.site == site and story.settled and now - story.since > LINGER
        ]

    def _note(self, key: Key, before: Call | None, after: Call | None, now: float) -> None:
        """Note a call that ends under its id, or to which somebody came."""
        if before is not None and not before.over and (after is None or after.over):
            self._ended.add(key, _Seen(before, now))
        elif after is not None and not after.over:
            left = _left(before, after) if before is not None else ""
            if before is not None and not left:
                return
            if key.site in self._known:
                self._came.add(key, _Seen(after, now, left))
        else:
            return
        self._news.add(key.site)

    def join(self, now: Callable[[str], float]) -> list[Key]:
        """After all changes of a reading: the calls in which others go on, with their stories.

        ``now(site)`` is epoch seconds on that PBX's clock.
        """
        sites, self._news = self._news, set()
        if not sites:
            return []
        self._known |= sites
        self._forget(now)
        pairs = self._pairs()
        olds, news = Counter(old for old, _ in pairs), Counter(new for _, new in pairs)
        return [
            new
            for old, new in pairs
            if olds[old] == news[new] == 1 and self._join(old, new, now(new.site))
        ]

    def _pairs(self) -> set[tuple[Key, Key]]:
        """The calls that may have gone on in others, of those that ended or came just now."""
        ended, came = self._ended, self._came
        ended_now, ended.fresh = ended.fresh, []
        came_now, came.fresh = came.fresh, []
        near = {(old, new) for old in ended_now for new in self._near(old)}
        for new in came_now:
            if new in came.seen:
                near |= {(old, new) for old in ended.near(came.seen[new].call)}
        return {
            (old, new) for old, new in near if self._goes_on(ended.seen[old].call, came.seen[new])
        }

    def _near(self, old: Key) -> set[Key]:
        if old not in self._ended.seen:
            return set()
        found = self._came.near(self._ended.seen[old].call)
        sent = self._sent.get(old)
        created = Key(old.site, sent.created) if sent is not None else None
        return found | {created} if created in self._came.seen and created is not None else found

    def _forget(self, now: Callable[[str], float]) -> None:
        self._ended.forget(now)
        self._came.forget(now)
        past = [key for key, sent in self._sent.items() if now(key.site) - sent.at > WINDOW]
        for key in past:
            del self._sent[key]

    def _goes_on(self, old: Call, came: _Seen) -> bool:
        new = came.call
        if old.site != new.site or old.id == new.id or not own_legs(old):
            return False
        if came.left:
            phones = {leg.extension for leg in own_legs(old)}
            return came.left in phones and bool(_shared(old, new))
        if {leg.id for leg in live(old)} & {leg.id for leg in live(new)}:
            return True
        sent = self._sent.get(old.key)
        if sent is not None and sent.created == new.id:
            return True
        if not _shared(old, new):
            return False
        if sent is not None:
            return any(same_number(end.party.number, sent.to) for end in ends(new))
        if old.started is None or new.started is None:
            return False
        return abs(old.started - new.started) <= SAME_START

    def _join(self, old: Key, new: Key, now: float) -> bool:
        """Have the story of a call go on in another; False where nobody was let go."""
        before, after = self._ended.pop(old), self._came.pop(new)
        known, gone = self.stories.pop(old, None), own_legs(before)[0]
        legs = live(after)
        here = own_legs(after)
        own = {leg.id for leg in here} | {leg.id for leg in legs if leg.extension}
        stayed = [leg for leg in legs if leg.id not in own]
        if known is None or known.settled:
            if known is not None and known.fate is not Fate.GONE:
                return False
            if any(leg.extension == gone.extension for leg in here):
                return False
            known = let_go(before, gone, stayed, now)
            if not known.who.number:
                known = replace(known, who=far_side(gone))
        else:
            known = replace(known, stayed=frozenset(leg.id for leg in stayed))
        self.stories[new] = continued(after, legs, known, now)
        return True


def _words(call: Call) -> list[str]:
    """What a call has in common with itself under another id: a leg, the end of a number."""
    words = [leg.id for leg in call.legs]
    for number in (call.from_.number, call.to.number):
        if len(number) >= _OUTSIDE:
            words.append(number[-_OUTSIDE:])
    return words


def _left(before: Call, after: Call) -> str:
    """The extension that left a call as somebody of outside came to it; mostly nobody."""
    if before.over or {leg.id for leg in live(before)} <= {leg.id for leg in live(after)}:
        return ""
    gone = {leg.extension for leg in own_legs(before)} - {leg.extension for leg in live(after)}
    new = [one for one in _outside(after) if not any(same_number(one, w) for w in _outside(before))]
    return next(iter(gone)) if len(gone) == 1 and new else ""


def _shared(one: Call, other: Call) -> list[str]:
    """The numbers of outside that are on both calls."""
    known = _outside(other)
    return [number for number in _outside(one) if any(same_number(number, k) for k in known)]


def _outside(call: Call) -> list[str]:
    """The numbers of outside on a call: of whoever is no phone of ours."""
    found = [end.party.number for end in ends(call) if not end.own]
    return [number for number in found if sum(char.isdigit() for char in number) >= _OUTSIDE]
