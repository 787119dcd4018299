"""Somebody at a desk who watches the office of the real Asterisk and acts."""

from __future__ import annotations

import asyncio
from typing import Any

from pbxtui.model import Action, Answered, LegState, Outcome
from tests.asterisk.phones import Phone, PhoneCall
from tests.asterisk.waiting import soon
from tests.asterisk.watching import Watch, talking

TALKING, RINGING = LegState.TALKING, LegState.RINGING


class Desk:
    """Somebody at a desk who watches the office and acts."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch

    async def does(self, action: Action) -> Outcome:
        """Carry an action out, which must be accepted."""
        outcome = await self.watch.backend.act(action)
        assert outcome.answered is Answered.ACCEPTED, outcome
        return outcome

    async def sees(self, **states: LegState) -> None:
        """Wait for the calls to have these legs, by extension (``_1001``) or device."""
        wanted = {name.removeprefix("_"): state for name, state in states.items()}
        await soon(lambda: self.watch.states() == wanted)

    def on(self, extension: str = "", *, of: str = "", by: str = "") -> dict[str, Any]:
        """The names of a leg, or of the whole call of the phone ``of``.

        With ``by`` it is that phone's leg on the call of ``extension``.
        """
        call = self.watch.call_of(extension or of)
        legs = [leg for leg in call.legs if leg.extension == (by or extension)]
        return {"site": "lab", "call": call.id, "leg": legs[0].id if legs else ""}


async def rung(phone: Phone) -> PhoneCall:
    """The next call to a phone, which rings."""
    return await asyncio.to_thread(phone.incoming)


async def both_talk(desk: Desk, caller: Phone, called: Phone) -> tuple[PhoneCall, PhoneCall]:
    calls = await talking(caller, called)
    await desk.sees(**{f"_{phone.extension}": TALKING for phone in (caller, called)})
    return calls
