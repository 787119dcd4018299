"""The box in which a number or a name is typed: to dial, to transfer to, or a phone of one's own.

What Enter takes is always under the cursor of the list: the number as it was typed, unless it is
somebody's own, or the best of those whose name was typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding

from pbxtui.model import Verb, clean
from pbxtui.service.acting import Ask, Refusal
from pbxtui.service.acting.finding import Match, Where, dialled
from pbxtui.service.acting.people import label
from pbxtui.service.recents import Recent
from pbxtui.ui.boxes import listing
from pbxtui.ui.boxes.asking import Asking, Line
from pbxtui.ui.boxes.desk import Asked, Desk
from pbxtui.ui.boxes.search import Search, exact
from pbxtui.ui.boxes.standing import standing
from pbxtui.ui.looks import Tone
from pbxtui.ui.widgets.columns import Cell, Column, Row

if TYPE_CHECKING:
    from textual.binding import BindingType

TO, PHONE = "to", "phone"
AS_TYPED = "as typed"
"""The row of the list that is the line itself."""

_ENTER = {Verb.DIAL: "dials", Verb.TRANSFER: "blind", Verb.ATTENDED: "attended"}
_DOES = {
    Verb.DIAL: "Dial",
    Verb.TRANSFER: "Transfer",
    Verb.ATTENDED: "Attended transfer",
    Verb.ANSWER: "Answer",
    Verb.RETRIEVE: "Take back",
}


class Target(NamedTuple):
    """What a row of the list stands for: a number at a site, as it is sent."""

    site: str
    number: str
    name: str = ""


class NumberBox(Asking):
    """Asks for a number, for a phone, or for both.

    ``whom`` says for whom in the title; ``sites`` are those that can be chosen, the row's first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t,f5", "attended", show=False),
        Binding("ctrl+n", "next_site", show=False),
    ]

    def __init__(
        self,
        desk: Desk,
        verb: Verb,
        sites: Sequence[str],
        whom: str,
        *,
        number: str = "",
        kept: bool = False,
        asks_number: bool = True,
    ) -> None:
        super().__init__(desk)
        self._verb = verb
        self._whom = whom
        self._first = Line(TO, "to", number, kept, "a number or a name")
        self._asks_number = asks_number
        self._search = Search(desk.fleet, desk.recents, sites, self._heard, desk.met)
        self._all = tuple(sites)
        self._matches: dict[Row, Match] = {}
        self._target: Target | None = None
        self._others = len(sites) > 1
        self._found_for = ""

    @property
    def site(self) -> str:
        """The site at which it is done."""
        return self._search.sites[0]

    # --- the lines ---------------------------------------------------------------------------

    def lines(self) -> Sequence[Line]:
        label, hint = ("from", "which phone dials") if self._asks_number else ("phone", "at which")
        phone = Line(PHONE, label, self._known_phone(), True, hint)
        return [self._first, phone] if self._asks_number else [phone]

    def _known_phone(self) -> str:
        return self.desk.recents.phones.get(self.site, "")

    def _asks_phone(self) -> bool:
        asked = self._verb is Verb.DIAL or not self._asks_number
        return asked and not self.desk.own(self.site)

    def start(self) -> None:
        self.show_line(PHONE, self._asks_phone())
        self.refind()

    def typed(self, line: str, text: str) -> None:
        if line == TO:
            self._target = None
        if line == self._line:
            self.refind()
            self._search.look_up("" if self._line == PHONE else text)

    def catch_up(self) -> None:
        super().catch_up()
        if self.laid_out and self._found_for != self._line:
            self.refind()
            self.list.rearrange()
            self.frame()

    @property
    def _line(self) -> str:
        """The line for which people are found."""
        return self.at_line or self.lines()[0].id

    # --- the list ----------------------------------------------------------------------------

    def refind(self) -> None:
        """Find anew for what stands in the line, the cursor on what Enter takes."""
        self._found_for = self._line
        self.list.show(self._rows())
        self.list.move_to(0)

    def _heard(self) -> None:
        """The phone book said something: more rows, and the cursor stays where it is."""
        if self.laid_out:
            self.list.show(self._rows())
            self.frame()

    def tick(self) -> None:
        rows = self._rows()
        if rows != self.list.rows:
            self.list.show(rows)
        super().tick()

    def _rows(self) -> tuple[Row, ...]:
        text = self.text(self._line)
        found = self._search.find(text)
        if self._line == PHONE:
            found = [m for m in found if m.person.site == self.site and _has_phone(m)]
        self._matches = {match.person.key: match for match in found}
        rows: list[Row] = list(self._matches)
        whole = exact(found, self.site)
        if whole is not None:
            return tuple(rows)
        if rows and text.strip() and not dialled(text).number:
            return tuple(rows)
        return (AS_TYPED, *rows)

    def columns(self, width: int) -> Sequence[Column]:
        return listing.columns(width, wide=self._wide, sites=self._others and self._line == TO)

    @property
    def _wide(self) -> bool:
        return self.size.width >= listing.WIDE

    def cells(self, row: Row, columns: Sequence[Column]) -> Sequence[Cell]:
        match = self._matches.get(row)
        if match is None:
            number = dialled(self.text(self._line)).number
            cells = listing.typed(number, self._why_none(), self.looks)
        else:
            person = match.person
            near = self._search.roll(person.site).near(person.number)
            known = self._search.calls_known(person.site)
            state = standing(self.looks, person.number, near, known)
            cells = listing.cells(person, state, self.looks, wide=self._wide)
        blank = "", self.looks.style(Tone.DIM)
        return [cells.get(column.key, blank) for column in columns]

    def _why_none(self) -> str:
        if self.text(self._line).strip():
            return "no such number or name"
        return "type it, or choose somebody"

    # --- what is said ------------------------------------------------------------------------

    def title_words(self) -> tuple[str, str]:
        if self._verb is not Verb.DIAL:
            return _DOES[self._verb], self._whom
        phone = self.desk.own(self.site)
        where = f"at {self.site}, from {phone}" if phone else f"at {self.site}"
        if self._others:
            where += f"  (site {self._all.index(self.site) + 1} of {len(self._all)})"
        return _DOES[self._verb], where

    def keys(self) -> Sequence[tuple[str, str]]:
        keys = [("enter", _ENTER.get(self._verb, self.enter))]
        if self._verb is Verb.TRANSFER:
            keys.append(("ctrl+t", "attended"))
        keys.append(("up down", "choose"))
        if self._verb is Verb.DIAL and self._others:
            keys.append(("ctrl+n", "next site"))
        if sum(self.shows(line.id) for line in self.lines()) > 1:
            keys.append(("tab", "number, phone"))
        return [*keys, ("escape", "leaves")]

    def chosen(self) -> Target | None:
        """What is under the cursor; None where that is no number."""
        row = self.list.cursor
        match = self._matches.get(row) if row is not None else None
        if match is not None:
            person = match.person
            return Target(person.site, dialled(person.number).number or person.number, person.name)
        if row != AS_TYPED:
            return None
        number = dialled(self.text(self._line)).number
        if not number:
            return None
        return Target(self.site, number, self._search.name(self.site, number))

    def says(self) -> Sequence[tuple[str, Tone]]:
        target = self.chosen()
        if target is None:
            text = self.text(self._line)
            why = [(dialled(text).why, Tone.DIM)] if text.strip() else []
            return [*why, *([(self._search.said, Tone.WARN)] if self._search.said else [])]
        said = [self._sends(target)]
        foretold = self._foretold(target)
        if foretold:
            said += foretold
        elif self._line == TO:
            known = self._search.roll(target.site).reach(target.number)
            words = f"{label(known.party)} {known.words}"
            said.append((known.warning or words, Tone.WARN if known.warning else Tone.DIM))
        notes = [note for note in (self._search.said, self._search.old(target.site)) if note]
        said += [(note, Tone.WARN) for note in notes]
        return [*said, *self._otherwise(target, said)]

    def _otherwise(
        self, target: Target, said: Sequence[tuple[str, Tone]]
    ) -> Sequence[tuple[str, Tone]]:
        """What the key for an attended transfer would do, where there is room to say it whole."""
        if self._verb is not Verb.TRANSFER or self.desk.foretell is None:
            return []
        plan = self.desk.foretell(Asked(Verb.ATTENDED, target.site, Ask(to=target.number)))
        if isinstance(plan, Refusal) or plan.refused is not None:
            return []
        also = [(f"or {plan.sentence[:1].lower()}{plan.sentence[1:]}", Tone.DIM)]
        return also if len(self.wrapped([*said, *also])) <= self.room else []

    def _foretold(self, target: Target) -> Sequence[tuple[str, Tone]]:
        """What Enter would do, in the words said before it; nothing while something is missing."""
        if self._line == PHONE:
            phone, to = target.number, ""
            if self._asks_number:
                to = self._target.number if self._target else dialled(self.text(TO)).number
                if not to:
                    return []
        else:
            phone, to = self._phone(target), target.number
            if self._verb is Verb.DIAL and not phone:
                return []
        return self.foretold(Asked(self._verb, target.site, Ask(to=to, extension=phone)))

    def _phone(self, target: Target) -> str:
        """The phone that dials, as far as it is said; empty for the operator's own."""
        phone = self.desk.own(target.site) if self._verb is Verb.DIAL else ""
        if self._verb is Verb.DIAL and not phone and target.site == self.site:
            phone = dialled(self.text(PHONE)).number
        return phone

    def _sends(self, target: Target) -> tuple[str, Tone]:
        if self._line == PHONE:
            return f"the phone {target.number} {target.name}".strip(), Tone.PLAIN
        said = f"sends {target.number}"
        if self._verb is Verb.DIAL:
            phone = self._phone(target)
            told = f"from {phone}" if phone else "from which phone is not said"
            said += f" at {target.site}, {told}"
        return said, Tone.PLAIN

    # --- the keys ----------------------------------------------------------------------------

    def take(self) -> None:
        self._take(self._verb)

    def action_attended(self) -> None:
        self.catch_up()
        if self._verb not in (Verb.TRANSFER, Verb.ATTENDED):
            return
        backend = self._search.site(self.site).backend
        can = backend.capabilities.get(Verb.ATTENDED) if backend is not None else None
        if can is not None and not can.possible:
            self.flash(can.why)
            return
        self._take(Verb.ATTENDED)

    def _take(self, verb: Verb) -> None:
        target = self.chosen()
        if target is None:
            self.flash(self._nothing())
        elif self._line == PHONE:
            self._phone_taken(target)
        elif self._verb is Verb.DIAL and not self.desk.own(target.site):
            self._ask_phone(target)
        elif (refused := self._refused(verb, target)) is not None:
            self.flash(str(refused))
        else:
            self._done(verb, target, "")

    def _refused(self, verb: Verb, target: Target) -> Refusal | None:
        """Why a number cannot be meant for the row at all: another one may be typed."""
        if self.desk.foretell is None:
            return None
        plan = self.desk.foretell(Asked(verb, target.site, Ask(to=target.number)))
        return plan if isinstance(plan, Refusal) else None

    def _nothing(self) -> str:
        if self.list.cursor is None and self.list.rows:
            return "whoever was under the cursor has gone: choose again"
        return dialled(self.text(self._line)).why or "choose somebody"

    def _ask_phone(self, target: Target) -> None:
        """It is known whom to ring, and not from where."""
        if target.site != self.site:
            self._go_to(target.site)
        phone = dialled(self.text(PHONE))
        if self.text(PHONE).strip() and phone.number:
            self._done(self._verb, target, phone.number)
            return
        self._target = target
        self.go_to_line(PHONE)
        self.flash(f"which phone of {target.site} dials {target.number}?")

    def _phone_taken(self, phone: Target) -> None:
        if not self._asks_number:
            self._done(self._verb, phone, phone.number)
            return
        line = self.line(PHONE)
        line.value = phone.number
        self._values[PHONE] = phone.number
        if self._target is not None:
            self._done(self._verb, self._target, phone.number)
        else:
            self.go_to_line(TO)

    def _done(self, verb: Verb, target: Target, phone: str) -> None:
        if phone:
            self.desk.recents.phones[target.site] = phone
        if not self._asks_number:
            self.dismiss(Asked(verb, target.site, Ask(extension=phone)))
            return
        self.desk.recents.note(Recent(target.site, target.number, clean(target.name)))
        self.dismiss(Asked(verb, target.site, Ask(to=target.number, extension=phone)))

    def action_next_site(self) -> None:
        self.catch_up()
        if self._verb is Verb.DIAL and self._others:
            at = self._all.index(self.site)
            self._go_to(self._all[(at + 1) % len(self._all)])
            self._search.look_up(self.text(TO))
            self.refind()
            self.frame()

    def _go_to(self, site: str) -> None:
        self._search.begin_at(site)
        self._target = None
        self.line(PHONE).value = self._values[PHONE] = self._known_phone()
        self.show_line(PHONE, self._asks_phone())
        if not self._asks_phone() or self.at_line != PHONE:
            self.go_to_line(TO)

    def on_unmount(self) -> None:
        self._search.stop()


def _has_phone(match: Match) -> bool:
    return Where.PHONE in match.person.where or Where.LAMP in match.person.where
