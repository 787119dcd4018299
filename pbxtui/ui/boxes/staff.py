"""The boxes for agents: why they pause, and in which queue."""

from __future__ import annotations

from collections.abc import Sequence

from pbxtui.model import Agent, Snapshot, Verb, clean
from pbxtui.service.acting import Ask, Chosen
from pbxtui.service.acting.people import listed
from pbxtui.service.acting.phrases import callers_wait, queue_name
from pbxtui.ui.boxes.choice import Choice, ChoiceBox, Picked, Verdict
from pbxtui.ui.boxes.desk import Asked, Box, Desk
from pbxtui.ui.boxes.whom import whom

REASONS = ("break", "lunch", "meeting", "training", "back office", "private")
"""The usual reasons for a pause."""
NO_REASON = "no reason"
LONGEST_REASON = 60
"""Characters of a reason, at the most."""


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


def _queue_note(id_: str, shot: Snapshot, serves: bool) -> str:
    waits = callers_wait(shot.queues.get(id_))
    said = ["serves it already" if serves else "", waits]
    return ", ".join(filter(None, said))
