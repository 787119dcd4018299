"""The keys that touch live calls, for every view: the row at the key press, the question, the send.

The row is taken as it is shown when the key is pressed, and nothing that comes later is put in its
place: the dispatcher compares it with what is true before it sends.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pbxtui.model import clean
from pbxtui.ui.actions import BY_ID, keys_of, sign
from pbxtui.ui.reception import key_shown
from pbxtui.ui.screens.touched import NO_ROW, Touched
from pbxtui.ui.widgets.columns import Row

if TYPE_CHECKING:
    from pbxtui.model import Verb
    from pbxtui.service.acting import Ask, Bulk, Chosen, Plan, Refusal, Ticket
    from pbxtui.ui.boxes import Asked, Desk


class Touching(Touched):
    """A list whose rows can be acted on."""

    _bulk: Mapping[Ticket, Row] = {}

    # --- keys --------------------------------------------------------------------------------

    def key_x(self) -> None:
        """``x`` hangs nothing up: too many programs delete with it."""
        keys = keys_of(BY_ID["call.hangup"], self.pbx.keymap)
        shown = sign(keys[0], ascii=self.looks.ascii)
        self.flash(
            f"hang up is {f'Shift+{shown}' if shown.isupper() and len(shown) == 1 else shown}"
        )

    def action_lock(self) -> None:
        dispatcher = self.hand.dispatcher
        if dispatcher is None:
            self.hand.say(self.hand.why_not)
            return
        if dispatcher.rights.locked:
            dispatcher.rights.unlock()
            self.hand.say("actions are unlocked: upper-case keys touch live calls")
        else:
            dispatcher.rights.lock()
            self.hand.say("actions are locked")

    def action_undo(self) -> None:
        if not self.hand.undo():
            self.hand.say("there is nothing to stop: whatever was agreed to has been sent")

    def action_touch(self, id: str, text: str = "") -> None:
        """Do what a key of the table stands for, to the row under the cursor or the marked ones."""
        hand, fleet = self.hand, self.fleet
        self.unflash()
        if hand.dispatcher is None or fleet is None:
            hand.say(hand.why_not)
            return
        shown = self.marks_shown()
        if shown and not (id == "call.dial" and text):
            self._several(id, [row for row in self.list.rows if row in shown], text)
            return
        row = self.list.cursor
        found = self.chosen(row) if row is not None else None
        if id == "call.dial":
            self._dial(found, text)
        elif row is None:
            self.selected()
        else:
            self._one(id, row, found, text)

    def words_touch(self, id: str) -> Sequence[str]:
        """What a command that acts can be given, for the row under the cursor."""
        if self.hand.recents is None or self.fleet is None or not self.fleet.sites:
            return ()
        from pbxtui.service.acting import Chosen
        from pbxtui.ui.boxes.offering import words

        row = self.list.cursor
        chosen = self.chosen(row) if row is not None else None
        return words(id, chosen if isinstance(chosen, Chosen) else None, self._desk())

    def selected(self) -> object:
        """The row under the cursor; says so when it has gone."""
        raise NotImplementedError

    # --- one row -----------------------------------------------------------------------------

    def _one(self, id: str, row: Row, chosen: Chosen | Refusal | None, text: str = "") -> None:
        from pbxtui.service.acting import Ask, Chosen, Refusal
        from pbxtui.ui.acting.hand import name_of
        from pbxtui.ui.acting.verbs import CONSULTS, pointed

        if not isinstance(chosen, Chosen):
            self.hand.say(str(chosen or NO_ROW))
            return
        site = self._site(chosen.site)
        verb, aimed = pointed(
            id,
            chosen,
            site.snapshot,
            own=site.settings.extension,
            paused=self.pause_shown(row),
            dispatcher=self.hand.dispatcher,
        )
        forbidden = self.hand.forbids(verb, chosen.site)
        if isinstance(aimed, Refusal):
            if forbidden is not None or not self._ask_leg(id, verb, row, chosen, aimed, text):
                self.hand.say(str(forbidden or aimed))
            return
        target = aimed.chosen or chosen
        rows = (name_of(chosen.thing, chosen.leg),)
        if forbidden is not None:
            self.hand.send(self._plan(aimed.action, target))
            return
        if id in CONSULTS:
            self._agree(self._plan(aimed.action, target), rows)
            return
        on = not self.hand.records(target, getattr(aimed.action, "leg", ""))
        self._ask_for(verb, target, Ask(on=on), rows, text)

    def _ask_leg(
        self, id: str, verb: Verb, row: Row, chosen: Chosen, why: Refusal, text: str
    ) -> bool:
        """Have a leg of the call chosen, where that is all that is missing."""
        from pbxtui.service.acting import Why
        from pbxtui.ui.boxes import box_for_leg

        box = None
        if why.why is Why.NOT_SAID:
            box = box_for_leg(verb, chosen, self._desk(chosen))
        if box is None:
            return False

        def said(asked: Asked | None) -> None:
            if asked is not None:
                self._one(id, row, replace(chosen, leg=asked.leg), text)

        self.app.push_screen(box, said)
        return True

    def _ask_for(
        self, verb: Verb, chosen: Chosen, usual: Ask, rows: Sequence[Hashable], text: str
    ) -> None:
        """Have said what the action needs, and go on with it."""
        from pbxtui.ui.boxes import box_for

        def said(asked: Asked | None) -> None:
            if asked is not None:
                self._go(asked.verb, chosen, asked.ask, rows)

        box = box_for(verb, chosen, self._desk(chosen), text)
        if box is None and text:
            self.hand.say(f"nothing was done: “{verb}” takes no “{clean(text, 40)}” here")
        elif box is None:
            self._go(verb, chosen, usual, rows)
        else:
            self.app.push_screen(box, said)

    def _go(self, verb: Verb, chosen: Chosen, ask: Ask, rows: Sequence[Hashable]) -> None:
        from pbxtui.service.acting import Refusal

        plan = self._planned(verb, chosen, ask)
        if isinstance(plan, Refusal):
            self.hand.say(str(plan))
        else:
            self._agree(plan, rows)

    def _planned(self, verb: Verb, chosen: Chosen, ask: Ask) -> Plan | Refusal:
        """What would be sent for a row as it was shown at the key press."""
        from pbxtui.service.acting import Refusal, aim

        site = self._site(chosen.site)
        aimed = aim(verb, chosen, site.snapshot, ask=ask, own=site.settings.extension)
        return aimed if isinstance(aimed, Refusal) else self._plan(aimed.action, aimed.chosen)

    def _dial(self, found: Chosen | Refusal | None, text: str) -> None:
        from pbxtui.model import Verb
        from pbxtui.service.acting import Ask, Chosen, Refusal, dial, number_of
        from pbxtui.ui.acting.verbs import UNSAID
        from pbxtui.ui.boxes import box_for

        fleet = self.fleet
        assert fleet is not None
        chosen = found if isinstance(found, Chosen) else None
        site = chosen.site if chosen is not None else fleet.sites[0].name
        if self.hand.forbids(Verb.DIAL, site) is not None:
            to = (number_of(chosen) if chosen is not None else "") or UNSAID
            self._dialled(site, Ask(to=to), UNSAID)
            return

        def said(asked: Asked | None) -> None:
            if asked is not None:
                self._dialled(asked.site, asked.ask)

        box = box_for(Verb.DIAL, chosen, self._desk(chosen), text)
        if box is not None:
            self.app.push_screen(box, said)
        elif chosen is not None:
            aimed = dial(site, number_of(chosen), self._site(site).settings.extension)
            if isinstance(aimed, Refusal):
                self.hand.say(str(aimed))
            else:
                self._agree(self._plan(aimed.action), ())

    def _dialled(self, site: str, ask: Ask, otherwise: str = "") -> None:
        from pbxtui.service.acting import Refusal

        plan = self._planned_dial(site, ask, otherwise)
        if isinstance(plan, Refusal):
            self.hand.say(str(plan))
        else:
            self._agree(plan, ())

    def _planned_dial(self, site: str, ask: Ask, otherwise: str = "") -> Plan | Refusal:
        from pbxtui.service.acting import Refusal, dial

        own = ask.extension or self._site(site).settings.extension or otherwise
        aimed = dial(site, ask.to, own)
        return aimed if isinstance(aimed, Refusal) else self._plan(aimed.action)

    def _agree(self, plan: Plan, rows: Sequence[Hashable]) -> None:
        """Ask where somebody must agree, or should know something first; else send."""
        from pbxtui.ui.acting.question import Question

        def agreed() -> None:
            self.hand.send(plan, rows)

        if plan.refused is not None or not (plan.needs_yes or plan.warnings or plan.name):
            agreed()
            return
        what = f"type {plan.name}" if plan.name else ""
        self.ask(Question(plan.sentence, agreed, plan.warnings, plan.note, plan.name, what))

    # --- the marked rows ---------------------------------------------------------------------

    def _several(self, id: str, rows: Sequence[Row], text: str = "") -> None:
        """One action on every marked row: what it needs is asked once, for all of them."""
        from pbxtui.service.acting import Ask, Chosen, Refusal
        from pbxtui.service.acting.people import listed
        from pbxtui.ui.acting.verbs import OF_ONE_SITE, ONE_BY_ONE, pointed
        from pbxtui.ui.boxes import box_for

        aims: list[tuple[Row, Verb, Chosen]] = []
        out: list[str] = []
        for row in rows:
            chosen = self.chosen(row)
            if not isinstance(chosen, Chosen):
                out.append(str(chosen or NO_ROW))
                continue
            site = self._site(chosen.site)
            verb, aimed = pointed(
                id, chosen, site.snapshot, own=site.settings.extension, paused=self.pause_shown(row)
            )
            if verb in ONE_BY_ONE:
                off = f"take the marks off, with {key_shown('row.mark', self.pbx)}"
                self.hand.say(f"“{verb}” is for one row at a time: {off}")
                return
            if isinstance(aimed, Refusal):
                out.append(str(aimed))
            else:
                aims.append((row, verb, aimed.chosen or chosen))
        if not aims:
            self.hand.say(f"none of the {len(rows)} marked rows: {out[0]}")
            return
        usual = Ask()

        def said(asked: Asked | None) -> None:
            if asked is not None:
                self._together([(row, asked.verb, one) for row, _, one in aims], asked.ask, out)

        first = aims[0]
        sites = list(dict.fromkeys(chosen.site for _, _, chosen in aims))
        if len(sites) > 1 and first[1] in OF_ONE_SITE:
            self.hand.say(
                f"the marked rows are at {listed(sites)}, where a number or a queue may be "
                "another: mark rows of one PBX"
            )
            return
        free = self.hand.forbids(first[1], first[2].site) is None
        desk = self._desk(many=len(aims))
        box = box_for(first[1], first[2], desk, text) if free else None
        if box is None:
            self._together(aims, usual, out)
        else:
            self.app.push_screen(box, said)

    def _together(
        self, aims: Sequence[tuple[Row, Verb, Chosen]], ask: Ask, out: Sequence[str]
    ) -> None:
        from pbxtui.service.acting import Refusal, aim
        from pbxtui.ui.acting.question import Question

        assert self.hand.dispatcher is not None
        plans: dict[int, tuple[Plan, Row]] = {}
        refused = list(out)
        for row, verb, chosen in aims:
            site = self._site(chosen.site)
            aimed = aim(verb, chosen, site.snapshot, ask=ask, own=site.settings.extension)
            if isinstance(aimed, Refusal):
                refused.append(str(aimed))
            else:
                plan = self._plan(aimed.action, aimed.chosen)
                plans[id(plan)] = plan, row
        bulk = self.hand.dispatcher.bulk(plan for plan, _ in plans.values())
        warnings = list(bulk.warnings)
        if refused:
            reasons = "; ".join(dict.fromkeys(refused))
            rows = "1 marked row" if len(refused) == 1 else f"{len(refused)} marked rows"
            warnings.append(f"left out: {rows}: {reasons}")
        if not bulk.count:
            self.hand.send_bulk(bulk)
            self.hand.say(bulk.sentence if plans else warnings[-1])
            return
        count = str(bulk.count)

        def agreed() -> None:
            self._bulk = {**self._bulk, **self._send_bulk(bulk, plans)}

        self.ask(Question(bulk.sentence, agreed, warnings, "", count, f"type {count}"))

    def _send_bulk(self, bulk: Bulk, plans: Mapping[int, tuple[Plan, Row]]) -> Mapping[Ticket, Row]:
        tickets = self.hand.send_bulk(bulk).tickets
        return {ticket: plans[id(ticket.plan)][1] for ticket in tickets}

    def _unmark(self) -> None:
        """Take the marks off the rows that were done; they stay on the others."""
        from pbxtui.ui.acting.steps import accepted

        for ticket, row in tuple(self._bulk.items()):
            if accepted(ticket):
                self._table.marks.discard(row)
        self._bulk = {
            ticket: row
            for ticket, row in self._bulk.items()
            if not ticket.over and not accepted(ticket)
        }

    def acted(self) -> None:
        if self._bulk:
            self._unmark()
        super().acted()

    def _plan(self, action: Any, chosen: Chosen | None = None) -> Plan:
        assert self.hand.dispatcher is not None
        return self.hand.dispatcher.plan(action, chosen)

    def _desk(self, chosen: Chosen | None = None, *, many: int = 1) -> Desk:
        """What a box knows; ``chosen`` is the row that it is for, where it is one."""
        from pbxtui.model import Verb
        from pbxtui.ui.boxes import Desk

        def foretell(asked: Asked) -> Plan | Refusal:
            if asked.verb is Verb.DIAL or chosen is None:
                return self._planned_dial(asked.site, asked.ask)
            row = replace(chosen, leg=asked.leg) if asked.leg else chosen
            return self._planned(asked.verb, row, asked.ask)

        assert self.fleet is not None
        assert self.hand.recents is not None
        return Desk(
            self.fleet,
            self.looks,
            self.hand.recents,
            self.hand.met,
            foretell if many == 1 else None,
            many,
        )
