"""Which box each action needs, made for the row that was chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pbxtui.model import Verb
from pbxtui.service.acting import Chosen
from pbxtui.ui.boxes.calls import monitor_box, phone_box, tones_box, transfer_box
from pbxtui.ui.boxes.desk import Box, Desk
from pbxtui.ui.boxes.flows import flow_box
from pbxtui.ui.boxes.staff import login_box, logout_box, pause_box, unpause_box

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
