"""Which box each action needs, made for the row that was chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

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
    Verb,
    clean,
)
from pbxtui.service.acting import Ask, Chosen, Refusal, aim, number_of
from pbxtui.service.acting.finding import dialled
from pbxtui.service.acting.people import label, listed
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


def whom(row: Chosen) -> str:
    """The row for a title."""
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


# --- numbers and phones --------------------------------------------------------------------------


def dial_box(row: Chosen | None, desk: Desk, text: str) -> Box | None:
    names = [site.name for site in desk.fleet.sites]
    if not names:
        return None
    first = next((name for name in names if desk.own(name)), names[0])
    if row is not None:
        first = row.site
    sites = [first, *(name for name in names if name != first)]
    number = text or (number_of(row) if row is not None else "")
    kept = not text and bool(number)
    return NumberBox(desk, Verb.DIAL, sites, "", number=number, kept=kept)


def transfer_box(verb: Verb, row: Chosen, desk: Desk, text: str) -> Box | None:
    return NumberBox(desk, verb, [row.site], whom(row), number=text)


def phone_box(verb: Verb, row: Chosen, desk: Desk, text: str) -> Box | None:
    """Where nothing but the phone is missing."""
    if not lacks_phone(verb, row, desk):
        return None
    return NumberBox(desk, verb, [row.site], whom(row), asks_number=False)


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
        if phone is not None:
            desk.recents.phones[row.site] = phone.number
        ask = Ask(how=Listening(picked.key), extension=phone.number if phone is not None else "")
        return Asked(Verb.MONITOR, row.site, ask)

    def says(picked: Picked) -> str:
        phone = dialled(picked.typed).number if asks else desk.own(row.site)
        return f"rings {phone} first; then {_LISTENING[Listening(picked.key)]}"

    choices = [Choice(how.value, how.value, words) for how, words in _LISTENING.items()]
    known = desk.recents.phones.get(row.site, "")
    line = "phone" if asks else ""
    return ChoiceBox(
        desk, ("Monitor", whom(row)), choices, verdict, says, line=line, value=known if asks else ""
    )


def tones_box(verb: Verb, row: Chosen, desk: Desk, text: str) -> Box | None:
    return TonesBox(desk, row.site, whom(row), text)


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
        ("Pause", whom(row)),
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
        key=lambda queue: (_queue_name(queue, shot).casefold(), queue),
    )
    return _queue_box(verb, "Log in", row, desk, [*own, *others], every=False)


def logout_box(verb: Verb, row: Chosen, desk: Desk, text: str) -> Box | None:
    agent = row.thing
    if not isinstance(agent, Agent) or len(agent.queues) < 2:
        return None
    return _queue_box(verb, "Log out", row, desk, agent.queues, every=True)


def _queue_box(
    verb: Verb, title: str, row: Chosen, desk: Desk, queues: Sequence[str], *, every: bool
) -> Box:
    shot = desk.fleet.site(row.site).snapshot
    serves = row.thing.queues if isinstance(row.thing, Agent) else ()
    choices = [
        Choice(queue, _queue_name(queue, shot), _queue_note(queue, shot, queue in serves))
        for queue in queues
    ]
    if every:
        names = listed([choice.text for choice in choices])
        choices.insert(0, Choice("", "every queue", names))

    def verdict(picked: Picked) -> Verdict:
        return Asked(verb, row.site, Ask(queue=picked.key))

    def says(picked: Picked) -> str:
        name = _queue_name(picked.key, shot) if picked.key else "every queue"
        preposition = {Verb.LOGIN: "in to", Verb.LOGOUT: "out of"}.get(verb, "in")
        does = "ends the pause" if verb is Verb.UNPAUSE else "logs"
        return f"{does} {preposition} {name}"

    return ChoiceBox(desk, (title, whom(row)), choices, verdict, says, line="queue", narrows=True)


def _queue_turns(queues: Sequence[str], shot: Snapshot) -> list[Choice]:
    if len(queues) < 2:
        return []
    return [
        Choice("", "every queue of the agent"),
        *(Choice(queue, _queue_name(queue, shot)) for queue in queues),
    ]


def _queue_name(id_: str, shot: Snapshot) -> str:
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
        ("Set", whom(row)),
        choices,
        verdict,
        says,
        line="value" if valued else "",
        value=text or flow.value,
        first=(LampState.IDLE if flow.state in _ON else LampState.IN_USE).value,
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
