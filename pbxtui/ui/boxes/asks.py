"""Which box each action needs, made for the row that was chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from pbxtui.model import (
    Agent,
    Call,
    Flow,
    Kind,
    LampState,
    Listening,
    Party,
    Queue,
    Snapshot,
    Transfer,
    Verb,
    clean,
)
from pbxtui.service.acting import Aim, Ask, Chosen, Refusal, aim, number_of
from pbxtui.service.acting.finding import dialled
from pbxtui.service.acting.legs import candidates
from pbxtui.service.acting.people import label, listed
from pbxtui.service.acting.wording_moves import moved
from pbxtui.service.parties import at_leg, beside, party, sides
from pbxtui.ui.boxes.choice import Choice, ChoiceBox, Picked, Verdict
from pbxtui.ui.boxes.desk import Asked, Box, Desk
from pbxtui.ui.boxes.number import NumberBox
from pbxtui.ui.boxes.tones import TonesBox

REASONS = ("break", "lunch", "meeting", "training", "back office", "private")
"""The usual reasons for a pause."""
NO_REASON = "no reason"
LONGEST_REASON = 60

STATES = (LampState.IDLE, LampState.IN_USE, LampState.RINGING, LampState.UNAVAILABLE)
"""The states that every PBX with flows takes."""
AS_IT_IS = ""

_LISTENING = {
    Listening.LISTEN: "both are heard, and hear nobody new",
    Listening.WHISPER: "the phone of the house hears who listens, the other side does not",
    Listening.BARGE: "everybody hears everybody",
}


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
        case Agent():
            said = label(Party(thing.extension, thing.name), thing.id)
        case Flow():
            said = label(Party(thing.number, thing.name), thing.id)
        case Queue():
            said = thing.name or thing.id
        case _:
            said = label(Party(thing.extension, thing.name), thing.id)
    return f"{clean(said, 120)}  at {row.site}"


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


_WORDS = {Verb.DTMF: "Send tones", Verb.ATTENDED: "Attended transfer"}
_SENDS_ON = (Verb.TRANSFER, Verb.PARK)
_AT_ONCE = (Verb.HOLD, Verb.RESUME, Verb.PARK)
"""What is sent as soon as the leg is known: nothing else is asked."""


# --- numbers and phones --------------------------------------------------------------------------


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
    if not lacks_phone(verb, row, desk):
        return None
    return NumberBox(desk, verb, [row.site], whom(row, desk), asks_number=False)


def lacks_phone(verb: Verb, row: Chosen, desk: Desk) -> bool:
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


# --- agents --------------------------------------------------------------------------------------


def pause_box(verb: Verb, row: Chosen, desk: Desk, text: str) -> Box | None:
    agent = row.thing
    if not isinstance(agent, Agent):
        return None
    shot = desk.fleet.site(row.site).snapshot

    def verdict(picked: Picked) -> Verdict:
        reason = "" if picked.key == NO_REASON else clean(picked.key, LONGEST_REASON)
        return Asked(Verb.PAUSE, row.site, Ask(reason=reason, queue=picked.turn))

    def says(picked: Picked) -> str:
        return "pauses" if picked.key == NO_REASON else f"pauses, the reason is “{picked.key}”"

    choices = [Choice(reason, reason) for reason in (*REASONS, NO_REASON)]
    return ChoiceBox(
        desk,
        ("Pause", whom(row, desk)),
        choices,
        verdict,
        says,
        line="reason",
        value=text,
        own=True,
        narrows=True,
        turns=_queue_turns(agent.queues, shot),
    )


def unpause_box(verb: Verb, row: Chosen, desk: Desk, text: str) -> Box | None:
    """Only where the agent is paused in some of several queues there is something to choose."""
    agent = row.thing
    if not isinstance(agent, Agent) or len(agent.paused_in) < 2:
        return None
    return _queue_box(verb, "End the pause of", row, desk, agent.paused_in, every=True)


def login_box(verb: Verb, row: Chosen, desk: Desk, text: str) -> Box | None:
    """None where this PBX logs an agent in to all queues at once."""
    agent = row.thing
    shot = desk.fleet.site(row.site).snapshot
    by_queue = any(other.queues for other in shot.agents.values())
    if not isinstance(agent, Agent) or not by_queue or not shot.queues:
        return None
    own = [queue for queue in agent.queues if queue in shot.queues]
    others = sorted(
        (queue for queue in shot.queues if queue not in own),
        key=lambda queue: (queue_name(queue, shot).casefold(), queue),
    )
    return _queue_box(verb, "Log in", row, desk, [*own, *others], every=False, text=text)


def logout_box(verb: Verb, row: Chosen, desk: Desk, text: str) -> Box | None:
    agent = row.thing
    if not isinstance(agent, Agent) or len(agent.queues) < (1 if text else 2):
        return None
    return _queue_box(verb, "Log out", row, desk, agent.queues, every=True, text=text)


def _queue_box(
    verb: Verb,
    title: str,
    row: Chosen,
    desk: Desk,
    queues: Sequence[str],
    *,
    every: bool,
    text: str = "",
) -> Box:
    shot = desk.fleet.site(row.site).snapshot
    serves = row.thing.queues if verb is Verb.LOGIN and isinstance(row.thing, Agent) else ()
    choices = [
        Choice(queue, queue_name(queue, shot), _queue_note(queue, shot, queue in serves))
        for queue in queues
    ]
    if every:
        names = listed([choice.text for choice in choices])
        choices.insert(0, Choice("", "every queue", names))

    def verdict(picked: Picked) -> Verdict:
        return Asked(verb, row.site, Ask(queue=picked.key))

    def says(picked: Picked) -> str:
        name = queue_name(picked.key, shot) if picked.key else "every queue"
        preposition = {Verb.LOGIN: "in to", Verb.LOGOUT: "out of"}.get(verb, "in")
        does = "ends the pause" if verb is Verb.UNPAUSE else "logs"
        return f"{does} {preposition} {name}"

    return ChoiceBox(
        desk,
        (title, whom(row, desk)),
        choices,
        verdict,
        says,
        line="queue",
        value=text,
        narrows=True,
    )


def _queue_turns(queues: Sequence[str], shot: Snapshot) -> list[Choice]:
    if len(queues) < 2:
        return []
    return [
        Choice("", "every queue of the agent"),
        *(Choice(queue, queue_name(queue, shot)) for queue in queues),
    ]


def queue_name(id_: str, shot: Snapshot) -> str:
    """What a queue is called, on one line."""
    queue = shot.queues.get(id_)
    return clean(queue.name if queue is not None and queue.name else id_, LONGEST_REASON)


def _queue_note(id_: str, shot: Snapshot, serves: bool) -> str:
    queue = shot.queues.get(id_)
    waiting = queue.callers if queue is not None else None
    said = ["serves it already"] if serves else []
    if waiting:
        said.append("1 caller waits" if len(waiting) == 1 else f"{len(waiting)} callers wait")
    return ", ".join(said)


# --- flows ---------------------------------------------------------------------------------------


def flow_box(verb: Verb, row: Chosen, desk: Desk, text: str) -> Box | None:
    flow = row.thing
    if not isinstance(flow, Flow):
        return None
    backend = desk.fleet.site(row.site).backend
    told = backend.origins.get(Kind.FLOWS, {}).get("value", "") if backend is not None else ""
    valued = bool(flow.value) or (bool(told) and not told.startswith("not on the wire"))
    now = _state_words(flow.state)
    told = _state_words(text.strip().lower())
    state = next((state for state in STATES if _state_words(state) == told), None)
    toggled = LampState.IDLE if flow.state in _ON else LampState.IN_USE
    first = AS_IT_IS if text and state is None else (state or toggled).value

    def verdict(picked: Picked) -> Verdict:
        state = LampState(picked.key) if picked.key != AS_IT_IS else None
        value = clean(picked.typed) if valued and picked.typed != flow.value else None
        if state is None and value is None:
            return "nothing is changed so: choose a state" + (", or type a value" * valued)
        return Asked(Verb.FLOW, row.site, Ask(state=state, value=value))

    def says(picked: Picked) -> str:
        said = [] if picked.key == AS_IT_IS else [f"sets the state to {_state_words(picked.key)}"]
        if valued and picked.typed != flow.value:
            said.append(
                f"sets the value to “{picked.typed}”" if picked.typed else "clears the value"
            )
        return f"{listed(said)} (now {now})"

    choices = [
        Choice(AS_IT_IS, "as it is", f"{now}, the state stays"),
        *(
            Choice(state.value, _state_words(state), _STATE_NOTES.get(state, ""))
            for state in STATES
        ),
    ]
    return ChoiceBox(
        desk,
        ("Set", whom(row, desk)),
        choices,
        verdict,
        says,
        line="value" if valued else "",
        value=text if text and state is None else flow.value,
        first=first,
    )


_ON = frozenset({LampState.IN_USE, LampState.BUSY})
_STATE_NOTES = {LampState.IDLE: "off", LampState.IN_USE: "on"}


def _state_words(state: str) -> str:
    return str(state).replace("_", " ")


# --- the table -----------------------------------------------------------------------------------

Maker = Callable[[Verb, Chosen, Desk, str], Box | None]
MAKERS: Mapping[Verb, Maker] = {
    Verb.TRANSFER: transfer_box,
    Verb.ATTENDED: transfer_box,
    Verb.ANSWER: phone_box,
    Verb.RETRIEVE: phone_box,
    Verb.MONITOR: monitor_box,
    Verb.DTMF: tones_box,
    Verb.PAUSE: pause_box,
    Verb.UNPAUSE: unpause_box,
    Verb.LOGIN: login_box,
    Verb.LOGOUT: logout_box,
    Verb.FLOW: flow_box,
}
