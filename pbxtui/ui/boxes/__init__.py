"""The boxes in which the operator says what an action needs: a number, tones, a reason, a queue.

A box sends nothing. It says what was asked for, and who pushed it aims, plans and sends::

    box = box_for(Verb.TRANSFER, chosen, desk)
    if box is not None:
        app.push_screen(box, said)        # said(Asked | None)
"""

from __future__ import annotations

from pbxtui.model import Verb
from pbxtui.service.acting import Chosen
from pbxtui.ui.boxes.desk import Asked, Box, Desk

__all__ = ["Asked", "Box", "Desk", "box_for", "box_for_leg"]


def box_for(verb: Verb, row: Chosen | None, desk: Desk, text: str = "") -> Box | None:
    """The box that an action needs for a row; None where nothing need be asked.

    ``row`` is None for dialling from nowhere; ``text`` is what already stands in the line. A row
    that cannot be acted on gets its box all the same: :func:`aim` says why not.
    """
    from pbxtui.ui.boxes.asks import MAKERS
    from pbxtui.ui.boxes.calls import dial_box

    if verb is Verb.DIAL:
        return dial_box(row, desk, text)
    maker = MAKERS.get(verb)
    box = maker(verb, row, desk, text) if maker is not None and row is not None else None
    return _about(box, row, desk)


def _about(box: Box | None, row: Chosen | None, desk: Desk) -> Box | None:
    from pbxtui.ui.boxes.asking import Asking

    if isinstance(box, Asking) and desk.many == 1:
        box.row = row
    return box


def box_for_leg(verb: Verb, row: Chosen, desk: Desk) -> Box | None:
    """The box in which one leg of a call is chosen for an action; None where there is no choice.

    What was chosen is the answer's ``leg``.
    """
    from pbxtui.ui.boxes.calls import leg_box

    return _about(leg_box(verb, row, desk), row, desk)
