"""What the command line names: a call and a leg, an agent, a queue, a flow, a phone; no guesses.

A whole id comes first, then a name that is whole, then the beginning of either, where only one
begins so. A number is never cut: ``…135.5`` may be the id of a call that is over, and is not the
beginning of ``…135.55``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pbxtui.config.nearest import nearest
from pbxtui.model import Agent, Call, Device, Flow, Kind, Leg, Queue, Snapshot, Thing, clean
from pbxtui.service.acting import Chosen, Refusal, Why
from pbxtui.service.acting.people import OVER, label, listed, party_of

SHORTEST = 4
"""Characters that a beginning must have."""
_MOST_NAMED = 4
_WORDS = {
    Kind.CALLS: "call",
    Kind.AGENTS: "agent",
    Kind.QUEUES: "queue",
    Kind.FLOWS: "flow",
    Kind.DEVICES: "phone",
}


def find(kind: Kind, name: str, leg: str, snapshot: Snapshot) -> Chosen | Refusal:
    """The row that is named, as it is now."""
    id = _find(kind, name, snapshot)
    if isinstance(id, Refusal):
        return id
    thing = snapshot.of(kind)[id]
    if not leg or not isinstance(thing, Call):
        return Chosen(thing)
    legs = {each.id: _leg_names(each, thing) for each in thing.legs}
    which = _pick(leg, legs, "the call has no leg", _legs_of(thing), near=False)
    return which if isinstance(which, Refusal) else Chosen(thing, which)


def find_queue(name: str, snapshot: Snapshot) -> str | Refusal:
    """The id of the queue that is named; empty where none is."""
    return _find(Kind.QUEUES, name, snapshot) if name else ""


def _find(kind: Kind, name: str, snapshot: Snapshot) -> str | Refusal:
    known = {id: _names(thing) for id, thing in snapshot.of(kind).items()}
    site, word = clean(snapshot.site), _WORDS[kind]
    where = f"pbxtui list {kind} --site {site} --json"
    return _pick(name, known, f"{site} shows no {word}", where)


def _names(thing: Thing) -> tuple[str, ...]:
    """What a thing is called beside its id. A call has its id alone."""
    match thing:
        case Agent() | Device():
            return thing.extension, thing.name
        case Flow():
            return thing.number, thing.name
        case Queue():
            return (thing.name,)
    return ()


def _leg_names(leg: Leg, call: Call) -> tuple[str, ...]:
    if leg.state in OVER:
        return ()
    return leg.extension, party_of(leg, call).number


def _legs_of(call: Call) -> str:
    return listed([f"{leg.id} ({label(party_of(leg, call))})" for leg in call.legs[:_MOST_NAMED]])


def _pick(
    text: str, known: Mapping[str, Sequence[str]], none: str, where: str, *, near: bool = True
) -> str | Refusal:
    """The id of the only thing that is meant.

    ``none`` begins the sentence when there is none; then the nearest is named with ``near``, and
    ``where`` says what there is.
    """
    if text in known:
        return text
    word = text.casefold()
    said = clean(text, 60)
    if word:
        found = [id for id, names in known.items() if _is_called(word, names)]
        if not found and len(text) >= SHORTEST:
            found = [id for id, names in known.items() if _begins(word, (id, *names))]
        if len(found) == 1:
            return found[0]
        if found:
            more = ["others"] if len(found) > _MOST_NAMED else []
            several = listed([*(_shown(id, known[id]) for id in found[:_MOST_NAMED]), *more])
            return Refusal(Why.NOT_SAID, f"“{said}” may be {several}", "name one of them whole")
    names = [name for id, names in known.items() for name in (id, *names) if name]
    like = nearest(text, names) if near else None
    hint = f'did you mean "{like}"?' if like is not None else f"there are: {where}"
    return Refusal(Why.GONE, f"{none} “{said}”", hint if known else "")


def _shown(id: str, names: Sequence[str]) -> str:
    more = " ".join(name for name in names if name and name != id)
    return f"{id} ({more})" if more else id


def _is_called(word: str, names: Sequence[str]) -> bool:
    return any(name.casefold() == word for name in names)


def _begins(word: str, names: Sequence[str]) -> bool:
    folded = [name.casefold() for name in names]
    return any(name.startswith(word) and not _cuts(word, name) for name in folded)


def _cuts(word: str, name: str) -> bool:
    """Whether ``word``, with which ``name`` begins, ends inside the number at the end of it."""
    return name[len(word) - 1 :].isdecimal()
