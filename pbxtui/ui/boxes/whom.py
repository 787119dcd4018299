"""For whom a box asks, in its title."""

from __future__ import annotations

from pbxtui.model import Call, Flow, Party, Queue, clean
from pbxtui.service.acting import Chosen
from pbxtui.service.acting.people import label
from pbxtui.service.parties import at_leg, beside, party, sides
from pbxtui.ui.boxes.desk import Desk


def whom(row: Chosen, desk: Desk) -> str:
    """The row for a title; of several rows their number."""
    if desk.many > 1:
        return f"{desk.many} marked rows"
    thing = row.thing
    match thing:
        case Call() as call:
            leg = next((each for each in call.legs if each.id == row.leg), None)
            named = sides(call)
            ends = f"{party(named.first)} with {beside(named.second, named.more)}"
            said = ends if leg is None else f"{party(at_leg(leg, call))}, of the call {ends}"
        case Flow():
            said = label(Party(thing.number, thing.name), thing.id)
        case Queue():
            said = thing.name or thing.id
        case _:
            said = label(Party(thing.extension, thing.name), thing.id)
    return f"{clean(said, 120)}  at {row.site}"
