"""What the faults of shape make of a row."""

from __future__ import annotations

from pbxtui.simulator import bodies
from pbxtui.simulator.bodies import Object
from pbxtui.simulator.faults import Faults

_WRONG: tuple[Object, ...] = (
    {"caller_id_name": ["Harbour", "Taxi"], "label": {"text": 1}, "registrations": 7},
    {"init_time_gmt": {}, "answer_time_gmt": ["soon"], "registered": "perhaps"},
    {"call_api_id": {"id": 1}, "id": "eighty-five thousand", "extension_id": "none"},
    {"caller_extension": 7, "called_extension": "2566*102", "status": [1]},
    {"call_flow": None, "caller_id_number": {"number": 1}, "name": 3.5},
)
_NAMES = frozenset(
    {"caller_id_name", "caller_id_number", "called_number", "label", "name", "device",
     "real_address", "strategy", "comment", "call_api_id", "registration_id"}
)  # fmt: skip


def spoiled(faults: Faults, item: Object, serial: int) -> Object:
    """The item as the faults which are on would have it."""
    return bodies.spoiled(faults, item, serial, wrong=_WRONG, named=_with_names)


def lists_are_numbers(faults: Faults) -> bool:
    """Whether a number comes in place of a list."""
    fault = faults.strikes("wrong-types")
    return fault is not None and fault.options.get("where", "list") == "list"


def _with_names(item: Object, text: str) -> Object:
    spoiled: Object = {}
    for key, value in item.items():
        if isinstance(value, dict):
            spoiled[key] = _with_names(value, text)
        elif isinstance(value, list):
            spoiled[key] = [_with_names(v, text) if isinstance(v, dict) else v for v in value]
        elif key in _NAMES and isinstance(value, str):
            spoiled[key] = text
        else:
            spoiled[key] = value
    return spoiled
