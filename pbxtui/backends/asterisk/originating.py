"""What begins with a phone ringing: dial, retrieve, pick up, listen in.

Each is one Originate that rings the phone of whoever asked, and goes on where somebody answers:
in the dialplan (dial), or in an application of Asterisk's (ParkedCall, PickupChan, ChanSpy). Until
then nothing changes for anybody else: who is parked stays parked, what rings goes on ringing, and
nobody is lost in a dialplan when nobody answers. The call that was meant may be over by then; the
phone hears that, and nothing happens to another.
"""

from __future__ import annotations

import re

from pbxtui.backends.asterisk.numbers import is_interface, is_plain
from pbxtui.backends.asterisk.pairing import LOOK_AGAIN, Graph, handle, party_at
from pbxtui.backends.asterisk.part import Part
from pbxtui.backends.base import BackendError, Conflict, NotFound
from pbxtui.backends.dialling import dialable
from pbxtui.model import (
    Answer,
    Dial,
    Leg,
    LegState,
    Listening,
    Monitor,
    Outcome,
    Party,
    Retrieve,
    clean,
)

_HEARING = {
    Listening.LISTEN: "quES",
    Listening.WHISPER: "quESw",
    Listening.BARGE: "quESB",
}
"""ChanSpy's options: u for the Uniqueid that is given, q without a beep, E and S to end with it."""
_NUMBER = re.compile(r"[+*#0-9A-Za-z_.-]{1,40}", re.ASCII)


class Originating(Part):
    """Sends the actions that ring a phone first."""

    async def act(self, action: Dial | Retrieve | Answer | Monitor) -> Outcome:
        """Send an action once. Raises :class:`BackendError` where nothing has been sent.

        Comes back when the phone has been answered, or was not (CAPTURED: OriginateResponse).
        """
        if isinstance(action, Dial):
            return await self._dial(action)
        graph = Graph(self._office.live_call(action.call, self._now), self._office.channel)
        match action:
            case Retrieve():
                return await self._retrieve(graph, action)
            case Answer():
                return await self._pick_up(graph, action)
            case Monitor():
                return await self._listen(graph, action)

    async def _dial(self, action: Dial) -> Outcome:
        device = self._phone(action.from_, "dials")
        to = dialable(action.to)
        return await self._sender.ring(
            device, to, Context=self._settings.context, Exten=to, Priority="1"
        )

    async def _retrieve(self, graph: Graph, action: Retrieve) -> Outcome:
        legs = [graph.leg(action.leg)] if action.leg else list(graph.legs)
        parked = next((leg for leg in legs if leg.state is LegState.PARKED), None)
        spot = self._office.parked(parked.id) if parked is not None else None
        if parked is None or spot is None:
            raise Conflict("the call is not parked", LOOK_AGAIN)
        device = self._phone(action.extension, "takes the call back")
        if not (is_plain(spot.name) and is_plain(spot.lot or "default")):
            raise Conflict("the PBX gave this parking space a name that cannot be sent back to it")
        return await self._sender.ring(
            device,
            _shown(party_at(parked)),
            Application="ParkedCall",
            Data=f"{spot.lot or 'default'},{spot.name}",
        )

    async def _pick_up(self, graph: Graph, action: Answer) -> Outcome:
        """AMI can make no phone answer; another phone can take over what rings (PickupChan)."""
        device = self._phone(action.extension, "picks up")
        ringing = [leg for leg in graph.legs if graph.rings(leg)]
        if any(leg.device == device for leg in ringing):
            raise Conflict(f"it rings at {device} already", "answer it there")
        if action.leg:
            chosen = graph.leg(action.leg)
            ringing = [chosen] if chosen in ringing else ringing
        if not ringing:
            raise Conflict(
                "no phone rings on this call, so that there is nothing to pick up",
                "T sends the caller to your own extension",
            )
        channel = handle(ringing[0])
        if not is_plain(channel.replace("/", "", 1)):
            raise Conflict("the PBX gave this leg a name that cannot be sent back to it")
        return await self._sender.ring(
            device, _shown(graph.call.from_), Application="PickupChan", Data=channel
        )

    async def _listen(self, graph: Graph, action: Monitor) -> Outcome:
        """ChanSpy on one leg; in a whisper, only this leg hears the supervisor."""
        device = self._phone(action.extension, "listens")
        leg = graph.leg(action.leg) if action.leg else _heard(graph, action.how)
        if not graph.up(leg) or leg.state is LegState.PARKED:
            raise Conflict("nobody talks yet on this leg", LOOK_AGAIN)
        if any(one.device == device for one in graph.legs):
            raise Conflict(f"{device} is on this call already", "choose another phone")
        if not is_plain(leg.id):
            raise Conflict("the PBX gave this leg a name that cannot be sent back to it")
        return await self._sender.ring(
            device,
            _shown(party_at(leg)),
            Application="ChanSpy",
            Data=f"{leg.id},{_HEARING[action.how]}",
        )

    def _phone(self, extension: str, does: str) -> str:
        """The device of an extension, else of the operator's own. Raises where there is none."""
        wanted = extension.strip() or self._settings.extension
        if not wanted:
            raise BackendError(
                f"it is not said which phone {does}",
                'name it, or set extension = "…" for this site in the config',
            )
        device = self._office.phone(wanted)
        if not device or not is_interface(device):
            raise NotFound(
                f"there is no phone {clean(wanted, 40)} on this Asterisk",
                "check the extension, and extension = … of this site in the config",
            )
        return device


def _heard(graph: Graph, how: Listening) -> Leg:
    up = [leg for leg in graph.legs if graph.up(leg)]
    phones = [leg for leg in up if leg.extension]
    if len(phones) == 1:
        return phones[0]
    if up and how is not Listening.WHISPER:
        return phones[0] if phones else up[0]
    if not up:
        raise Conflict("nobody talks yet on this call", LOOK_AGAIN)
    raise Conflict("a whisper is heard by one leg", "choose the leg that is to hear it")


def _shown(party: Party) -> str:
    """The number that the ringing phone shows; empty where it could not stand in a variable."""
    return party.number if _NUMBER.fullmatch(party.number) else ""
