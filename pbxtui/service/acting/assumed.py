"""States that a PBX accepted and does not show, kept over its readings until they are over.

A hold at Vonage or Telphin stays ``held`` with :attr:`Certainty.ASSUMED`, also after a restart. It
is dropped when the call ends, when a resume is accepted, and when the PBX itself shows a state
that proves it wrong. Somebody who was parked, or sent on to a number outside, may leave the list
altogether; they are kept for a while, and never longer than :data:`LONGEST` says.

An attended transfer that was accepted is kept, too, until it is completed or cancelled: by us, or
as the legs show. :mod:`consulting` makes of it who asks whom; whoever waits meanwhile is held, as
long as the PBX shows that somebody is asked.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from pbxtui.model import (
    Action,
    Call,
    CancelTransfer,
    Certainty,
    CompleteTransfer,
    Hangup,
    Hold,
    LegState,
    Park,
    Resume,
    Retrieve,
    Transfer,
)
from pbxtui.service.acting import keeping
from pbxtui.service.acting.audit import default_folder
from pbxtui.service.acting.consulting import Consultation, by_ticket
from pbxtui.service.acting.keeping import Assumption, Kept, What
from pbxtui.service.acting.legs import leg_of
from pbxtui.service.acting.people import UP
from pbxtui.service.acting.shaping import (
    LONGEST,
    is_another,
    only_phone,
    shaped,
    shown_by_pbx,
    while_asked,
    with_leaving,
)
from pbxtui.service.files import Later, alone, at_once
from pbxtui.service.site import Overlay

log = logging.getLogger(__name__)

_DOUBTS = 2
"""Full readings in a row that must contradict an assumption."""


class Assumed:
    """The assumptions of this user, over all sites. ``path`` is where they are kept."""

    def __init__(self, path: Path | None = None, *, later: Later = at_once) -> None:
        self.path = default_folder() / "assumed.json" if path is None else path
        self.later = later
        self._writing = threading.Lock()
        self._changing = threading.Lock()
        self._pending: list[Mapping[str, Assumption | None]] = []
        self._kept = keeping.read(self.path)
        self._doubts: dict[str, int] = {}
        self._asking: set[str] = set()
        """Which consultations the PBX has shown."""

    def of(self, site: str) -> list[Assumption]:
        """What is assumed at a site."""
        return [one for one in self._kept.assumptions.values() if one.call.site == site]

    def consultations(self, site: str) -> list[Assumption]:
        """The attended transfers at a site that were accepted and are not known to be over."""
        return [one for one in self.of(site) if one.what is What.CONSULTING]

    def was_shown(self, one: Assumption) -> bool:
        """Whether the PBX has shown a consultation since we watch."""
        return one.name in self._asking

    def overlay(self, site: str) -> Overlay:
        """What a :class:`pbxtui.service.Site` puts over each list of its calls."""
        return partial(self._over, site)

    # --- learning ----------------------------------------------------------------------------

    def accepted(
        self,
        action: Action,
        call: Call | None,
        now: float,
        *,
        shown: bool,
        consults: bool = False,
    ) -> None:
        """Learn from an action that the PBX accepted.

        ``call`` is the call as it was at sending, ``now`` the PBX's time; ``shown`` is whether
        this PBX shows the effect, so that nothing need be assumed; ``consults`` whether an attended
        transfer only begins with it.
        """
        match action:
            case Resume():
                self._drop(action.site, action.call, action.leg, {What.HELD})
            case Retrieve():
                self._drop(action.site, action.call, "", {What.PARKED})
            case Hangup():
                self._drop(action.site, action.call, action.leg, set(What))
            case Transfer(attended=False) | Park():
                self._drop(action.site, action.call, "", set(What))
            case CompleteTransfer() | CancelTransfer():
                self._end_consultation(action)
        if isinstance(action, Transfer) and action.attended and consults and call is not None:
            leg = action.leg or only_phone(call)
            if leg:
                self._keep(Assumption(What.CONSULTING, call, leg, now, action.to))
        if call is None or shown:
            return
        match action:
            case Hold():
                leg = action.leg or only_phone(call)
                if leg:
                    self._keep(Assumption(What.HELD, call, leg, now))
            case Park():
                self._keep(with_leaving(Assumption(What.PARKED, call, action.leg, now)))
            case Transfer(attended=False):
                self._keep(with_leaving(Assumption(What.MOVED, call, action.leg, now, action.to)))

    def _end_consultation(self, action: CompleteTransfer | CancelTransfer) -> None:
        """The phone may be on another call by then; so it is its leg that tells."""
        mine = self.consultations(action.site)
        gone: dict[str, Assumption | None] = {
            one.name: None for one in mine if one.leg == action.leg
        }
        if gone:
            self._change(gone)
        if isinstance(action, CompleteTransfer):
            self._drop(action.site, action.call, action.leg, {What.HELD})

    def _keep(self, one: Assumption) -> None:
        self._change({one.name: one})

    def _drop(self, site: str, call: str, leg: str, whats: set[What]) -> None:
        gone = {
            name: None
            for name, one in self._kept.assumptions.items()
            if (one.call.site, one.call.id) == (site, call)
            and one.what in whats
            and (not leg or one.leg in ("", leg))
        }
        if gone:
            self._change(gone)

    def _change(self, changes: Mapping[str, Assumption | None]) -> None:
        """Take some assumptions in or out, here at once and on the disk as soon as may be."""
        with self._changing:
            self._pending.append(changes)
            _apply(self._kept.assumptions, changes)
        for name in changes:
            self._doubts.pop(name, None)
            self._asking.discard(name)
        self.later(self._save)

    def _save(self) -> None:
        """Carry the changes over to the disk, beside those of other processes."""
        with self._writing, alone(self.path.parent):
            with self._changing:
                pending = list(self._pending)
            kept = keeping.read(self.path)
            for changes in pending:
                _apply(kept.assumptions, changes)
            keeping.thin_out(kept.assumptions)
            try:
                written = keeping.write(self.path, kept.assumptions.values())
            except OSError as error:
                log.warning("what is assumed cannot be kept in %s: %s", self.path, error)
                return
            self._take(Kept(kept.assumptions, written), len(pending))

    def _take(self, kept: Kept, saved: int = 0) -> None:
        """Go on from what is on the disk, and what is still to be saved."""
        with self._changing:
            del self._pending[:saved]
            for changes in self._pending:
                _apply(kept.assumptions, changes)
            self._kept = kept

    # --- showing -----------------------------------------------------------------------------

    def _over(
        self, site: str, listed: Mapping[str, Call], now: float, full: bool
    ) -> Mapping[str, Call]:
        if keeping.stamp(self.path) not in (self._kept.stamp, None):
            self._take(keeping.read(self.path))
        mine = self.of(site)
        if not mine:
            return listed
        shown = dict(listed)
        over: dict[str, Assumption | None] = {}
        for one in mine:
            if one.what is What.CONSULTING:
                consultation = by_ticket(one, listed)
                if self._is_over(one, consultation, now, full):
                    over[one.name] = None
                elif consultation is not None:
                    waiting = while_asked(consultation, shown)
                    if waiting is not None:
                        shown[waiting.id] = waiting
                continue
            call = shown.get(one.call.id)
            if is_another(one, call):
                over[one.name] = None
                continue
            found = None if shown_by_pbx(one, call) else shaped(one, call, now)
            if found is not None:
                shown[one.call.id] = found
                self._doubts.pop(one.name, None)
            elif self._refuted(one, call, now, full):
                over[one.name] = None
        if over:
            self._change(over)
        return shown

    def _is_over(self, one: Assumption, found: Consultation | None, now: float, full: bool) -> bool:
        """Whether nobody is asked any more: the legs say so twice, or nothing for too long."""
        if found is not None and found.certainty is not Certainty.ASSUMED:
            self._asking.add(one.name)
            self._doubts.pop(one.name, None)
            return False
        if found is not None and one.name not in self._asking:
            return now - one.since > LONGEST[one.what]
        return full and self._doubted(one)

    def _doubted(self, one: Assumption) -> bool:
        """Count one more full reading against an assumption; whether that is enough."""
        doubts = self._doubts[one.name] = self._doubts.get(one.name, 0) + 1
        return doubts >= _DOUBTS

    def _refuted(self, one: Assumption, call: Call | None, now: float, full: bool) -> bool:
        """Whether an assumption that does not fit is over: at once, or after some readings."""
        if call is not None and (call.state is LegState.ENDED or shown_by_pbx(one, call)):
            return True
        leg = leg_of(call, one.leg) if call is not None else None
        if leg is not None and leg.state not in UP and one.what is What.HELD:
            return True
        if call is None and now - one.since > LONGEST.get(one.what, float("inf")):
            return True
        return full and self._doubted(one)


def _apply(kept: dict[str, Assumption], changes: Mapping[str, Assumption | None]) -> None:
    for name, one in changes.items():
        if one is None:
            kept.pop(name, None)
        else:
            kept[name] = one
