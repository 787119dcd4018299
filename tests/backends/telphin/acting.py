"""Where actions upon the captured call go."""

from __future__ import annotations

from typing import Any

from tests.backends.telphin.bodies import HANDLE
from tests.backends.telphin.conftest import API, Site
from tests.backends.telphin.rows import body, row

API_ID = HANDLE.partition("/")[2]
CONTROL = f"{API}/extension/85219/current_calls/{API_ID}"
DIAL = f"{API}/extension/85219/callback/"
AGENT = f"{API}/client/@me/agent/local/12"
ANSWERED = "2017-08-23 15:58:00,25"
ON: dict[str, Any] = {"site": "cloud", "call": HANDLE, "leg": HANDLE}


async def talking(site: Site) -> None:
    """The captured call, answered, in the last reading."""
    await site.calls(body(row(API_ID, answer_time_gmt=ANSWERED)))
