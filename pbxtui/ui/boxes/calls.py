"""The boxes for calls: whose leg, which number, at which phone, which tones."""

from __future__ import annotations

from dataclasses import replace

from pbxtui.model import Call, Listening, Transfer, Verb
from pbxtui.service.acting import Aim, Ask, Chosen, Refusal, aim, number_of
from pbxtui.service.acting.finding import dialled
from pbxtui.service.acting.legs import candidates
from pbxtui.service.acting.people import label
from pbxtui.service.acting.wording_moves import moved
from pbxtui.ui.boxes.choice import Choice, ChoiceBox, Picked, Verdict
from pbxtui.ui.boxes.desk import Asked, Box, Desk
from pbxtui.ui.boxes.number import NumberBox
from pbxtui.ui.boxes.tones import TonesBox
from pbxtui.ui.boxes.whom import whom

_LISTENING = {
    Listening.LISTEN: "both are heard, and hear nobody new",
    Listening.WHISPER: "the phone of the house hears who listens, the other side does not",
    Listening.BARGE: "everybody hears everybody",
}
_WORDS = {Verb.DTMF: "Send tones", Verb.ATTENDED: "Attended transfer"}
_SENDS_ON = (Verb.TRANSFER, Verb.PARK)
_AT_ONCE = (Verb.HOLD, Verb.RESUME, Verb.PARK)
"""What is sent as soon as the leg is known: nothing else is asked."""


def leg_box(verb: Verb, row: Chosen, desk: Desk) -> Box | None:
    """Whose leg is meant, where the row is a whole call; None where there is nothing to choose."""
    call = row.thing
    if not isinstance(call, Call) or row.leg:
        return None
    shot = desk.fleet.site(row.site).snapshot
    meant = {
        end.leg.id: end for end in candidates(verb, call, desk.own(row.site)) if end.leg is not None
    }
    if not meant:
        return None

    def verdict(picked: Picked) -> Verdict:
        return Asked(verb, row.site, Ask(), picked.key)

    def says(picked: Picked) -> str:
        return f"goes on with the leg of {label(meant[picked.key].party)}"

    def note(id: str) -> str:
        going = moved(call, id, shot) if verb in _SENDS_ON else ""
        return f"sends {going}" if going else ""

    choices = [Choice(id, label(end.party), note(id)) for id, end in meant.items()]
    if verb not in _AT_ONCE:
        desk = replace(desk, foretell=None)
    return ChoiceBox(
        desk,
        (f"{_WORDS.get(verb, verb.capitalize())}: whose leg?", whom(row, desk)),
        choices,
        verdict,
        says,
    )


def dial_box(row: Chosen | None, desk: Desk, text: str) -> Box | None:
    names = [site.name for site in desk.fleet.sites]
    if not names:
        return None
    first = dial_site(row, desk, text)
    sites = [first, *(name for name in names if name != first)]
    number = text or (number_of(row) if row is not None else "")
    kept = not text and bool(number)
    return NumberBox(desk, Verb.DIAL, sites, "", number=number, kept=kept)


def dial_site(row: Chosen | None, desk: Desk, text: str) -> str:
    """Where a number is dialled: at the row's site, unless it was typed and the own phone is not
    there. There must be a site.
    """
    names = [site.name for site in desk.fleet.sites]
    first = next((name for name in names if desk.own(name)), names[0])
    if row is not None and (not text or desk.own(row.site) or not desk.own(first)):
        return row.site
    return first


def transfer_box(verb: Verb, row: Chosen, desk: Desk, text: str) -> Box | None:
    return NumberBox(desk, verb, [row.site], _sent_on(row, desk), number=text)


def _sent_on(row: Chosen, desk: Desk) -> str:
    """Who is sent on, and whose call it leaves: not whoever the row names first."""
    shot = desk.fleet.site(row.site).snapshot
    aimed = aim(Verb.TRANSFER, row, shot, ask=Ask(to="0"), own=desk.own(row.site))
    if desk.many > 1 or not isinstance(aimed, Aim) or not isinstance(aimed.action, Transfer):
        return whom(row, desk)
    chosen = aimed.chosen or row
    said = moved(chosen.thing, aimed.action.leg, shot) if isinstance(chosen.thing, Call) else ""
    return f"{said}  at {row.site}" if said else whom(row, desk)


def phone_box(verb: Verb, row: Chosen, desk: Desk, text: str) -> Box | None:
    """Where nothing but the phone is missing."""
    if not _lacks_phone(verb, row, desk):
        return None
    return NumberBox(desk, verb, [row.site], whom(row, desk), asks_number=False)


def _lacks_phone(verb: Verb, row: Chosen, desk: Desk) -> bool:
    """Whether an action could be aimed if only it were said at which phone."""
    shot = desk.fleet.site(row.site).snapshot
    without = aim(verb, row, shot, own=desk.own(row.site))
    there = aim(verb, row, shot, ask=Ask(extension="0"), own=desk.own(row.site))
    return isinstance(without, Refusal) and not isinstance(there, Refusal)


def monitor_box(verb: Verb, row: Chosen, desk: Desk, text: str) -> Box | None:
    asks = not desk.own(row.site)

    def verdict(picked: Picked) -> Verdict:
        phone = dialled(picked.typed) if asks else None
        if phone is not None and not phone.number:
            return "type the phone that listens"
        ask = Ask(how=Listening(picked.key), extension=phone.number if phone is not None else "")
        return Asked(Verb.MONITOR, row.site, ask)

    def says(picked: Picked) -> str:
        phone = dialled(picked.typed).number if asks else desk.own(row.site)
        return f"rings {phone} first; then {_LISTENING[Listening(picked.key)]}"

    choices = [Choice(how.value, how.value, words) for how, words in _LISTENING.items()]
    known = desk.recents.phones.get(row.site, "")
    line = "phone" if asks else ""
    return ChoiceBox(
        desk,
        ("Monitor", whom(row, desk)),
        choices,
        verdict,
        says,
        line=line,
        value=known if asks else "",
    )


def tones_box(verb: Verb, row: Chosen, desk: Desk, text: str) -> Box | None:
    return TonesBox(desk, row.site, whom(row, desk), text)
