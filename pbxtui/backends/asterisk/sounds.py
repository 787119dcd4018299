"""Keys pressed into a call, and recordings of it."""

from __future__ import annotations

from collections.abc import Sequence

from pbxtui.backends.asterisk.numbers import is_plain, keys
from pbxtui.backends.asterisk.pairing import LOOK_AGAIN, Graph, handle
from pbxtui.backends.asterisk.part import Part
from pbxtui.backends.asterisk.sending import together
from pbxtui.backends.base import Conflict, NotFound
from pbxtui.model import Answered, Call, Leg, Outcome, Record, SendDtmf

RECORDING = "PBXTUI_RECORDING"
"""The channel variable that keeps the id of a recording which was begun here."""


class Sounds(Part):
    """Sends digits, and begins and ends recordings."""

    async def act(self, action: SendDtmf | Record) -> Outcome:
        """Send an action once. Raises :class:`BackendError` where nothing has been sent."""
        call = self._office.live_call(action.call, self._now)
        graph = Graph(call, self._office.channel)
        if isinstance(action, SendDtmf):
            return await self._press(graph, action)
        legs = [graph.leg(action.leg)] if action.leg else list(filter(graph.up, graph.legs))
        if not legs:
            raise Conflict("nobody talks yet on this call", LOOK_AGAIN)
        return await (self._record(legs[0]) if action.on else self._stop(legs))

    async def _press(self, graph: Graph, action: SendDtmf) -> Outcome:
        """One PlayDTMF a digit.

        They are received, as if the keys of that leg's phone were pressed: whoever it talks with
        hears them, be it a menu of this Asterisk (CAPTURED). Without ``Receive`` Asterisk would
        play them to the phone itself.
        """
        pressed = keys(action.digits)
        leg = graph.leg(action.leg) if action.leg else self._presses(graph.call)
        channel = handle(leg)
        many = [{"Channel": channel, "Digit": digit, "Receive": "true"} for digit in pressed]
        outcomes = await self._sender.each("PlayDTMF", many, on=False)
        return together(outcomes, len(pressed), "digits")

    def _presses(self, call: Call) -> Leg:
        """Whose keys are meant where no leg is given."""
        own = [leg for leg in call.legs if leg.extension == self._settings.extension != ""]
        for candidates in (own, call.legs, [leg for leg in call.legs if leg.extension]):
            if len(candidates) == 1:
                return candidates[0]
        raise Conflict("several phones are on this call", "choose the leg whose keys are meant")

    async def _record(self, leg: Leg) -> Outcome:
        if not is_plain(leg.id):
            raise Conflict("the PBX gave this leg a name that no file can have")
        file = f"pbxtui-{int(self._now)}-{leg.id}.wav"
        outcome = await self._sender.send(
            "MixMonitor", Channel=handle(leg), File=file, Options=f"i({RECORDING})"
        )
        if outcome.answered is not Answered.ACCEPTED:
            return outcome
        words = f"recorded as {file} in Asterisk's monitor folder"
        return Outcome(outcome.answered, words, outcome.at)

    async def _stop(self, legs: Sequence[Leg]) -> Outcome:
        """End the recording that was begun here, and no other (MixMonitorID, CAPTURED)."""
        for leg in legs:
            id_ = await self._sender.asked(RECORDING, handle(leg))
            if id_:
                return await self._sender.send(
                    "StopMixMonitor", Channel=handle(leg), MixMonitorID=id_
                )
        raise NotFound(
            "no recording was begun here on this call",
            "one that the dialplan began is left alone",
        )
