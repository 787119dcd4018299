"""What can follow a command that acts, from those whom its box would show."""

from __future__ import annotations

from collections.abc import Sequence

from pbxtui.model import Agent, Party
from pbxtui.service.acting import Chosen
from pbxtui.service.acting.people import label
from pbxtui.service.acting.phrases import queue_name
from pbxtui.ui.boxes.calls import dial_site
from pbxtui.ui.boxes.desk import Desk
from pbxtui.ui.boxes.flows import STATES
from pbxtui.ui.boxes.search import Search
from pbxtui.ui.boxes.staff import REASONS

_NUMBERS = ("call.dial", "call.transfer")


def words(id: str, row: Chosen | None, desk: Desk) -> Sequence[str]:
    """The words for an action by its id; none where nothing can be offered."""
    if id in _NUMBERS:
        site = dial_site(row, desk, "0") if id == "call.dial" or row is None else row.site
        return _people(site, desk)
    if row is None:
        return ()
    if id == "agent.pause":
        return REASONS
    if id == "flow.set":
        return [str(state) for state in STATES]
    if id in ("agent.login", "agent.logout") and isinstance(row.thing, Agent):
        shot = desk.fleet.site(row.site).snapshot
        queues = row.thing.queues if id == "agent.logout" else shot.queues
        return [queue_name(queue, shot) for queue in queues]
    return ()


def _people(site: str, desk: Desk) -> Sequence[str]:
    search = Search(desk.fleet, desk.recents, [site], lambda: None, desk.met)
    found = (label(Party(one.number, one.name)) for one in search.everybody())
    return list(dict.fromkeys(found))
