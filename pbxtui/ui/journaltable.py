"""The rows of the journal: every action that was asked for here, what came back, what was seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from pbxtui.model import Change, Key, Kind
from pbxtui.ui.looks import Tone
from pbxtui.ui.recordtable import RecordTable
from pbxtui.ui.table import Field
from pbxtui.ui.widgets.columns import Cell

if TYPE_CHECKING:
    from pbxtui.service.acting import Entry

KEEP = 5000
"""The newest actions, which are shown."""

Said = tuple[str, str, str, Tone]
"""A sign, the sign in ASCII, a word, the tone."""

_CAME: dict[str, Said] = {
    "accepted": ("●", "+", "accepted", Tone.GOOD),
    "refused": ("!", "!", "refused", Tone.ALARM),
    "not_confirmed": ("?", "?", "unconfirmed", Tone.WARN),
    "undone": ("×", "x", "taken back", Tone.GONE),
    "intent": ("…", ".", "sent", Tone.SETUP),
}
_AFTER: dict[str, Said] = {
    "observed": ("●", "+", "seen", Tone.GOOD),
    "not_observed": ("!", "!", "not seen", Tone.WARN),
    "not_observable": ("·", "-", "not shown", Tone.DIM),
}
_STEPS = {
    "intent": "written down, then sent",
    "result": "the PBX's answer",
    "seen": "what the readings showed",
    "refused": "refused: nothing was sent",
    "undone": "taken back: nothing was sent",
}


def came(entry: Entry) -> str:
    """What came back, as a key of the words for it."""
    if entry.step == "undone":
        return "undone"
    return entry.outcome or entry.step


def moment(when: str) -> float | None:
    """A time of the journal as epoch seconds."""
    try:
        return datetime.fromisoformat(when).timestamp()
    except (ValueError, OverflowError):
        return None


class JournalTable(RecordTable["Entry"]):
    """The actions of all sites."""

    kind = Kind.CALLS
    noun = "actions"
    fields: ClassVar[tuple[Field, ...]] = (
        Field("when", "when", 12),
        Field("site", "site", 8, 10),
        Field("who", "who", 8, 10, drop=2),
        Field("came", "came back", 13),
        Field("after", "then", 11),
        Field("what", "what was asked for"),
        Field("words", "its words", 24, 40, drop=1),
    )
    filters = frozenset({"site", "who", "verb", "state", "what", "call"})
    flexible = 50
    widest = 400

    newest_first = True
    _order: Mapping[Key, int] = {}

    def fill(self, found: Sequence[Entry]) -> None:
        """Show these actions, oldest first, and no others."""
        self.things = {Key(entry.site, entry.id): entry for entry in found[-KEEP:]}
        self._order = {key: number for number, key in enumerate(self.things)}
        self.marks &= set(self.things)
        self.replace_all()

    def take(self, changes: Iterable[Change]) -> None:
        """The journal does not come from the readings."""

    def texts(self, thing: Entry) -> dict[str, str]:
        said = [key for key in (came(thing), thing.observed, thing.step) if key]
        words = [known[key][2] for known in (_CAME, _AFTER) for key in said if key in known]
        return {
            "site": thing.site.lower(),
            "who": f"{thing.who} {thing.host}".lower(),
            "verb": thing.verb.lower(),
            "state": " ".join([*said, *words]).replace("_", " "),
            "what": f"{thing.what} {thing.words} {thing.target}".lower(),
            "call": f"{thing.call} {thing.leg}".lower(),
        }

    def place(self, key: Key, thing: Entry) -> object:
        match self.sort:
            case "site":
                return thing.site
            case "who":
                return thing.who.lower()
            case "came":
                return came(thing)
            case "after":
                return thing.observed
            case "what":
                return thing.what.lower()
            case "words":
                return thing.words.lower()
        return ""

    def tie(self, key: Key, thing: Entry) -> object:
        return self._order[key]

    def cell(self, column: str, key: Key, thing: Entry) -> Cell:
        plain, dim = self.looks.style(Tone.PLAIN), self.looks.style(Tone.DIM)
        match column:
            case "when":
                return self._when(thing.when), dim
            case "site":
                return key.site, plain
            case "who":
                return thing.who, dim
            case "came":
                return self._said(_CAME, came(thing))
            case "after":
                return self._said(_AFTER, thing.observed)
            case "what":
                return thing.what, plain
            case "words":
                return thing.words, dim
        return "", plain

    def _when(self, when: str) -> str:
        at = moment(when)
        return when if at is None else self._clock(at)

    def _said(self, words: dict[str, Said], key: str) -> Cell:
        if key not in words:
            return key, self.looks.style(Tone.PLAIN)
        sign, plain, word, tone = words[key]
        return f"{plain if self.looks.ascii else sign} {word}", self.looks.style(tone)

    def whole(self, entry: Entry) -> list[tuple[str, str]]:
        """All of an action, as fields and what they hold; each of its steps has its time."""
        found = [
            ("asked at", self._when(entry.when)),
            ("who", f"{entry.who} at {entry.host}"),
            ("site", entry.site),
            ("action", entry.verb),
            ("what", entry.what),
            ("call", entry.call),
            ("leg", entry.leg),
            ("for", entry.target),
        ]
        said = ""
        for step in entry.steps:
            parts = [_STEPS.get(step.step, step.step)]
            if step.step != "seen":
                parts += [step.outcome.replace("_", " ")] if step.step == "result" else []
                parts += [step.words] if step.words != said else []
                said = step.words or said
            else:
                parts.append(_AFTER[step.observed][2] if step.observed in _AFTER else "")
            found.append((self._when(step.when), ": ".join(part for part in parts if part)))
        if entry.sent and entry.step == "intent":
            found.append(("", "no answer is written yet"))
        found += [("process", f"{entry.pid} {entry.run}".rstrip()), ("id", entry.id)]
        return [(field, text) for field, text in found if text]
