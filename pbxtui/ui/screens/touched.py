"""What a view shows of acting: which keys suit the row, the signs of the rows, the steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pbxtui.ui.actions import BY_ID, TOUCHES, keys_of, sign, with_own_keys
from pbxtui.ui.looks import Tone
from pbxtui.ui.screens.asking import Asking
from pbxtui.ui.table import Table
from pbxtui.ui.widgets.columns import Cell, Row
from pbxtui.ui.widgets.lines import Piece, TextLines

if TYPE_CHECKING:
    from pbxtui.model import LegState
    from pbxtui.service import Fleet, Site
    from pbxtui.service.acting import Chosen, Refusal
    from pbxtui.ui.acting.hand import Hand

NO_ROW = "this row is none that can be acted on"
MOST = 5
"""Keys of live calls in the footer, at the most."""


class Touched(Asking):
    """A list whose rows are what actions are for."""

    fleet: Fleet | None
    _table: Table[Any]

    @property
    def hand(self) -> Hand:
        return self.pbx.hand

    # --- what a row stands for; the views know ------------------------------------------------

    def chosen(self, row: Row) -> Chosen | Refusal | None:
        """The thing of a row as it is shown now; None where it can't be acted on."""
        from pbxtui.service.acting import Chosen

        thing = self._table.thing_of(row)
        return Chosen(thing) if thing is not None else None

    def leg_shown(self, row: Row) -> LegState | None:
        """The state of the leg that is shown for a phone's row."""
        return None

    def pause_shown(self, row: Row) -> bool:
        """Whether a row shows an agent as paused."""
        return False

    # --- what is shown -----------------------------------------------------------------------

    def steps_line(self) -> TextLines:
        """The lines that say how far an action is; there only while there is something to say."""
        line = TextLines(id="steps", ascii=self.looks.ascii)
        line.display = False
        return line

    def acted(self) -> None:
        """Something was told of an action: say it, and mark its row."""
        if self.ready.is_set() and self.query_one_optional("#footer") is not None:
            self.frame()
            self.list.repaint_changed()

    def frame(self) -> None:
        super().frame()
        if not self.is_mounted:
            return
        steps, lines = self.query_one("#steps", TextLines), []
        if self.hand.talks:
            from pbxtui.ui.acting.steps import lines as told

            keymap, plain = self.pbx.keymap, self.looks.ascii
            undo = sign(keys_of(BY_ID["call.undo"], keymap)[0], ascii=plain)
            said = [
                replace(one, text=with_own_keys(one.text, keymap, ascii=plain))
                for one in self.hand.said(undo)
            ]
            lines = told(self.looks, said, self.size.width)
        if bool(lines) != bool(steps.display):
            steps.display = bool(lines)
        if lines:
            steps.say(lines)

    def sign_of(self, row: Row) -> Cell | None:
        """The sign of a row that was acted on; the list shows it before the state."""
        if not self.hand.marked:
            return None
        from pbxtui.service.acting import Chosen
        from pbxtui.ui.acting.hand import name_of

        found = self.chosen(row)
        if not isinstance(found, Chosen):
            return None
        mark = self.hand.mark(name_of(found.thing, found.leg))
        if mark is None:
            return None
        return (mark.plain if self.looks.ascii else mark.glyph), self.looks.style(mark.tone)

    def touchable(self) -> Sequence[str]:
        """The ids of the keys that act on the row under the cursor in its present state.

        While the actions are locked it is the key that unlocks them, and leaves room for the rest.
        """
        row = self.list.cursor
        if self.fleet is None or not self.fleet.sites:
            return ()
        if self._locked():
            return ("app.lock",)
        from pbxtui.service.acting import Chosen
        from pbxtui.ui.acting.verbs import ONE_BY_ONE, VERBS, suited

        chosen = self.chosen(row) if row is not None else None
        if not isinstance(chosen, Chosen):
            return ("call.dial",)
        dispatcher = self.hand.dispatcher
        if dispatcher is None:
            return ()
        site = self._site(chosen.site)
        own = site.settings.extension
        leg = self.leg_shown(row)
        if leg is not None and not self._on_one_call(chosen, site):
            leg = None
        found = suited(chosen, site.snapshot, leg, own, dispatcher)
        if self.marks_shown():
            found = [id for id in found if VERBS[id] not in ONE_BY_ONE]
        return sorted(found, key=lambda id: BY_ID[id].footer)[:MOST]

    def _on_one_call(self, chosen: Chosen, site: Site) -> bool:
        """Whether it is clear which call of a phone is meant."""
        from pbxtui.service.acting import Chosen, on_call
        from pbxtui.service.acting.roll import roll_of

        number = getattr(chosen.thing, "extension", "")
        return isinstance(on_call(chosen, roll_of(site).near(number)), Chosen)

    def marks_shown(self) -> frozenset[Row]:
        """The marked rows that are in the list: a key acts on all of them, wherever the cursor is.

        Those that the filter or the choice of sites hides are left alone.
        """
        if not self._table.marks:
            return frozenset()
        return frozenset(row for row in self.list.rows if row in self._table.marks)

    def marks_counted(self) -> Sequence[Piece]:
        """How many rows are marked, for the header."""
        marked = len(self.marks_shown()) if self.is_mounted else 0
        return [(f"{marked} marked", self.looks.style(Tone.WARN))] if marked else []

    def _locked(self) -> bool:
        dispatcher = self.hand.dispatcher
        return dispatcher is not None and dispatcher.rights.locked

    def labels(self) -> Mapping[str, str]:
        """Holding and pausing are called by what they would do to the row under the cursor."""
        if self._locked():
            return {"app.lock": "unlock"}
        row = self.list.cursor
        if row is None or self.fleet is None:
            return {}
        from pbxtui.model import Verb
        from pbxtui.service.acting import Chosen
        from pbxtui.ui.acting.verbs import meant

        chosen = self.chosen(row)
        if not isinstance(chosen, Chosen):
            return {}
        resumes = meant("call.hold", chosen, False) is Verb.RESUME
        ends = self.pause_shown(row)
        found = {"call.hold": "resume"} if resumes else {}
        return {**found, "agent.pause": "end pause"} if ends else found

    def greyed(self, ids: Sequence[str]) -> frozenset[str]:
        """Those of some keys that the site of the row under the cursor can't do, or may not."""
        touching = {act.id for act in TOUCHES}.intersection(ids)
        return frozenset(id for id in touching if self._forbidden(id) is not None)

    def unable(self) -> Mapping[str, str]:
        """Why keys that touch can do nothing to the row under the cursor, by their ids."""
        from pbxtui.service.acting import Chosen, Refusal
        from pbxtui.ui.acting.verbs import pointed

        row = self.list.cursor
        chosen = self.chosen(row) if row is not None else None
        reasons = {}
        for act in TOUCHES:
            why = self._forbidden(act.id)
            if why is None and act.id != "call.dial":
                if isinstance(chosen, Chosen) and self.fleet is not None:
                    site = self._site(chosen.site)
                    own, paused = site.settings.extension, self.pause_shown(row)
                    _, aimed = pointed(
                        act.id,
                        chosen,
                        site.snapshot,
                        own=own,
                        paused=paused,
                        dispatcher=self.hand.dispatcher,
                    )
                    why = aimed if isinstance(aimed, Refusal) else None
                else:
                    reasons[act.id] = str(chosen or NO_ROW)
            if why is not None:
                reasons[act.id] = with_own_keys(str(why), self.pbx.keymap, ascii=self.looks.ascii)
        return reasons

    def _forbidden(self, id: str) -> Refusal | None:
        from pbxtui.service.acting import Chosen
        from pbxtui.ui.acting.verbs import meant

        if self.fleet is None or not self.fleet.sites:
            return None
        row = self.list.cursor
        chosen = self.chosen(row) if row is not None else None
        site = chosen.site if isinstance(chosen, Chosen) else self.fleet.sites[0].name
        its = chosen if isinstance(chosen, Chosen) else None
        return self.hand.forbids(meant(id, its, self.pause_shown(row)), site)

    def _site(self, name: str) -> Site:
        assert self.fleet is not None
        return self.fleet.site(name)
