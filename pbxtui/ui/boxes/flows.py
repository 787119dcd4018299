"""The box for a flow: its state, and its value where the PBX has one."""

from __future__ import annotations

from pbxtui.model import Flow, Kind, LampState, Verb, clean
from pbxtui.service.acting import Ask, Chosen
from pbxtui.service.acting.people import listed
from pbxtui.service.acting.phrases import spaced
from pbxtui.ui.boxes.choice import Choice, ChoiceBox, Picked, Verdict
from pbxtui.ui.boxes.desk import Asked, Box, Desk
from pbxtui.ui.boxes.whom import whom

STATES = (LampState.IDLE, LampState.IN_USE, LampState.RINGING, LampState.UNAVAILABLE)
"""The states that every PBX with flows takes."""
AS_IT_IS = ""
_ON = frozenset({LampState.IN_USE, LampState.BUSY})
_NOTES = {LampState.IDLE: "off", LampState.IN_USE: "on"}


def flow_box(verb: Verb, row: Chosen, desk: Desk, text: str) -> Box | None:
    """``text`` is a state, or else the value."""
    flow = row.thing
    if not isinstance(flow, Flow):
        return None
    backend = desk.fleet.site(row.site).backend
    origin = backend.origins.get(Kind.FLOWS, {}).get("value", "") if backend is not None else ""
    valued = bool(flow.value) or (bool(origin) and not origin.startswith("not on the wire"))
    now = spaced(flow.state)
    wanted = spaced(text.strip().lower())
    state = next((state for state in STATES if spaced(state) == wanted), None)
    toggled = LampState.IDLE if flow.state in _ON else LampState.IN_USE
    first = AS_IT_IS if text and state is None else (state or toggled).value

    def verdict(picked: Picked) -> Verdict:
        state = LampState(picked.key) if picked.key != AS_IT_IS else None
        value = clean(picked.typed) if valued and picked.typed != flow.value else None
        if state is None and value is None:
            return "nothing is changed so: choose a state" + (", or type a value" * valued)
        return Asked(Verb.FLOW, row.site, Ask(state=state, value=value))

    def says(picked: Picked) -> str:
        said = [] if picked.key == AS_IT_IS else [f"sets the state to {spaced(picked.key)}"]
        if valued and picked.typed != flow.value:
            said.append(
                f"sets the value to “{picked.typed}”" if picked.typed else "clears the value"
            )
        return f"{listed(said)} (now {now})"

    choices = [
        Choice(AS_IT_IS, "as it is", f"{now}, the state stays"),
        *(Choice(state.value, spaced(state), _NOTES.get(state, "")) for state in STATES),
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
