"""Rows of Telphin's list of calls, made to measure."""

from __future__ import annotations

import json
from typing import Any

from tests.backends.telphin.bodies import RINGING_ROW

PREFIX = "2566*"
DOMAIN = "@sipproxy.telphin.ru"
OUTSIDE = "+79161112233"
Row = dict[str, Any]


def phone(id: int, number: str, kind: str = "phone") -> Row:
    name = f"{PREFIX}{number}{DOMAIN}"
    return {"id": id, "type": kind, "name": name, "client_id": 9593, "extension_group_id": None}


def row(api_id: str = "1-a", **changes: Any) -> Row:
    """The captured row with some fields changed; ``...`` removes one."""
    value: Row = json.loads(RINGING_ROW) | {"call_api_id": api_id} | changes
    return {key: each for key, each in value.items() if each is not ...}


def body(*rows: Row) -> str:
    return json.dumps({"call_list": rows})


def inbound(api_id: str, id: int = 85219, number: str = "102", **changes: Any) -> Row:
    """Somebody outside rings a phone, without any queue."""
    return row(
        api_id,
        extension_id=id,
        called_number=f"{PREFIX}{number}",
        caller_extension=None,
        called_extension=phone(id, number),
        **changes,
    )


def internal(answered: str | None = None) -> tuple[Row, Row]:
    """102 phones 103: both rows."""
    sides = {
        "caller_id_number": f"{PREFIX}102",
        "caller_id_name": "Front desk",
        "called_number": f"{PREFIX}103",
        "called_did": None,
        "caller_extension": phone(85219, "102"),
        "called_extension": phone(85220, "103"),
        "answer_time_gmt": answered,
    }
    return (
        row("1-a", extension_id=85219, call_flow="OUT", **sides),
        row("2-b", extension_id=85220, call_flow="IN", **sides),
    )
