"""The channels of the office as ``core show channels concise`` would list them.

Fourteen items by position (INFERRED from Asterisk, confirmed by a client in production for 0, 1,
2, 4, 5, 6, 7 and 13): channel, context, exten, priority, state, application, data, caller's
number, account, peer account, AMA flags, duration, bridge, unique id. What is not bridged, not
ringing and not in a queue does not show; a hold does not either.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import NAMESPACE_OID, uuid5

from pbxtui.simulator.mirta.replies import Json
from pbxtui.simulator.mirta.switches import MirtaSwitches
from pbxtui.simulator.office import Office
from pbxtui.simulator.things import Call, Direction, Extension, Leg, LegState

PARK = "700"
"""The number that parks, as in the office."""
_BRIDGED = (LegState.TALKING, LegState.HELD)


class Channels:
    """The rows of CHANNELS; a channel keeps its unique id for as long as it lives."""

    def __init__(
        self, office: Office, switches: MirtaSwitches, hostile: Callable[[str, int], str]
    ) -> None:
        self._office = office
        self._switches = switches
        self._hostile = hostile
        self._unique: dict[str, str] = {}
        self.asking: dict[str, Leg] = {}
        """For each leg of a phone that asks somebody first, the leg by which it asks."""
        self._nodes: dict[str, str] = {}
        """The node of a call on which somebody is asked: that of the phone's first call."""

    def asks(self, leg: Leg, own: Leg) -> None:
        """A phone asks somebody: from now on its channel is in a bridge with whoever is asked."""
        alive = {id_: one for id_, one in self.asking.items() if one.alive}
        self.asking = {**alive, leg.id: own}
        self._nodes[own.call.id] = self.node(leg.call)

    # --- names -------------------------------------------------------------------------------

    def is_pjsip(self, extension: Extension) -> bool:
        every = self._switches.pjsip_every
        return bool(every) and extension.serial % every == 0

    def name(self, leg: Leg) -> str:
        if leg.extension is not None and self.is_pjsip(leg.extension):
            return "PJ" + leg.channel
        return leg.channel

    def peer(self, leg: Leg) -> str:
        """What Dial calls it by: the channel without its serial number."""
        return self.name(leg).rpartition("-")[0]

    def node(self, call: Call) -> str:
        known = self._nodes.get(call.id)
        return known or self._switches.nodes[call.serial % len(self._switches.nodes)]

    def unique(self, leg: Leg) -> str:
        """Its unique id: the node at which it was first seen, when it began, its serial."""
        known = self._unique.get(leg.id)
        if known is None:
            known = f"{self.node(leg.call)}-{int(leg.started)}.{leg.serial * 10 + 5}"
            if len(self._unique) > 4 * len(self._office.legs) + 1000:
                legs = self._office.legs
                self._unique = {id_: uid for id_, uid in self._unique.items() if id_ in legs}
            self._unique[leg.id] = known
        return known

    def find(self, text: str) -> Leg | None:
        """The live leg of a channel's name or unique id."""
        for leg in self._office.legs.values():
            if leg.alive and text in (self.name(leg), self._unique.get(leg.id)):
                return leg
        return None

    def number(self, number: str) -> str:
        return number if self._switches.plus else number.removeprefix("+")

    # --- rows --------------------------------------------------------------------------------

    def rows(self, node: str = "") -> list[list[Json]]:
        """Every channel, or those of one node."""
        rows: list[list[Json]] = []
        for call in self._office.calls.values():
            if call.alive:
                rows += self._of(call, node)
        return rows

    def _of(self, call: Call, node: str) -> list[list[Json]]:
        legs = call.live_legs()
        if node:
            legs = [leg for leg in legs if self.unique(leg).startswith(f"{node}-")]
        if not legs:
            return []
        if any(leg in legs for leg in self.asking.values() if leg.alive):
            return self._asked(call, legs)
        ringing = [leg for leg in legs if _is_rung(leg)]
        bridged = [leg for leg in legs if leg.state in _BRIDGED]
        bridge = str(uuid5(NAMESPACE_OID, call.id)) if len(bridged) > 1 else ""
        served = call.queue is not None and (
            bool(call.queued)
            or any(leg.extension and _agent_call(leg.extension) is call for leg in legs)
        )
        rows = []
        for number, leg in enumerate(legs):
            own = bridge if leg.state in _BRIDGED else ""
            asking = self.asking.get(leg.id)
            if asking is not None and asking.alive:
                own = _consulting(asking.call)
            if _is_rung(leg) or number:
                rows.append(self._called(leg, own, legs[0], served))
            else:
                rows.append(self._calling(leg, own, ringing, served))
        if self._switches.helpers and served:
            rows += [row for leg in ringing for row in self._helpers(leg)]
        return rows

    def _asked(self, call: Call, legs: list[Leg]) -> list[list[Json]]:
        """Whoever is asked, and the Local channel between them and the phone that asks.

        The phone has one channel, which is listed with the call that it holds (INFERRED from
        Asterisk's Atxfer).
        """
        asked = [leg for leg in legs if leg not in self.asking.values()]
        if not asked:
            return []
        first, here = asked[0], _consulting(call)
        there = str(uuid5(NAMESPACE_OID, f"{call.id} asked"))
        up = first.state in _BRIDGED
        number = first.party.number
        rows = []
        states = ("Up", "Up") if up else ("Ringing", "Ring")
        for half, bridge, state in zip((1, 2), (here, there if up else ""), states, strict=True):
            row = self._row(first, "authenticated", number, state, "(None)", "", bridge)
            row[0] = f"Local/{number}@authenticated-{first.serial & 0xFFFFFFFF:08x};{half}"
            row[13] = f"{self.unique(first)[:-1]}{half}"
            if half == 2:
                peers = "&".join(dict.fromkeys(self._dialled(leg) for leg in asked))
                row[5], row[6] = "Dial", f"{peers},30,tT"
            rows.append(row)
        return rows + [
            self._called(leg, there if leg.state in _BRIDGED else "", legs[0], False)
            for leg in asked
        ]

    def _calling(self, leg: Leg, bridge: str, ringing: list[Leg], served: bool) -> list[Json]:
        """The channel that began the call, or is left of those who did."""
        call = leg.call
        context = "authenticated" if leg.extension is not None else "fromtrunk"
        exten = self.number(call.callee.number)
        up = "Up" if leg.answered else "Ring"
        if served and call.queue is not None:
            queue = str(call.queue.id)
            return self._row(leg, "queues", queue, up, "Queue", f"{queue},tT,,,60", bridge)
        if ringing:
            peers = "&".join(dict.fromkeys(self._dialled(other) for other in ringing))
            return self._row(leg, context, exten, up, "Dial", f"{peers},30,tT", bridge)
        if leg.state is LegState.PARKED:
            lot = PARK if self._switches.parking_exten == "lot" else call.slot
            lots = str(uuid5(NAMESPACE_OID, "parking")) if self._switches.bridges else ""
            return self._row(leg, "parkedcalls", lot, "Up", "Park", "", lots)
        if bridge:
            other = next((o for o in call.live_legs() if o is not leg), leg)
            kept = self._switches.answered_data == "kept"
            data = f"{self._dialled(other)},30,tT" if kept else ",30,tT"
            return self._row(leg, context, exten, "Up", "Dial", data, bridge)
        return self._row(leg, context, exten, up, "(None)", "", "")

    def _called(self, leg: Leg, bridge: str, first: Leg, served: bool) -> list[Json]:
        """A channel by which the PBX rings, or rang, somebody."""
        state = "Up" if leg.answered else "Ringing" if leg.state is LegState.RINGING else "Down"
        exten = ""
        if self._switches.dialled_exten == "inherited":
            queue = leg.call.queue
            exten = str(queue.id) if served and queue else self.number(leg.call.callee.number)
        application = "AppDial2" if first is leg else "AppDial"
        context = "authenticated" if leg.extension is not None else "totrunk"
        return self._row(leg, context, exten, state, application, "(Outgoing Line)", bridge)

    def _dialled(self, leg: Leg) -> str:
        peer = self.peer(leg)
        return peer if leg.extension is not None else f"{peer}/{self.number(leg.party.number)}"

    def _row(
        self,
        leg: Leg,
        context: str,
        exten: str,
        state: str,
        application: str,
        data: str,
        bridge: str,
    ) -> list[Json]:
        account = self._office.tenant if self._switches.account else ""
        number = self._hostile(self.number(leg.party.number), leg.serial)
        seconds = max(0, int(self._office.now - leg.started))
        row: list[Json] = [
            self.name(leg),
            context,
            exten,
            "1",
            state,
            application,
            data,
            number,
            account,
            account if application == "AppDial" else "",
            "3",
            str(seconds),
            bridge if self._switches.bridges else "",
            self.unique(leg),
        ]
        if self._switches.channel_numbers == "ints":
            row[3], row[10], row[11] = 1, 3, seconds
        return row

    def _helpers(self, leg: Leg) -> list[list[Json]]:
        """The two halves of the Local channel by which a queue rings its member."""
        stem, number = self.unique(leg)[:-1], leg.party.number
        rows = []
        for half in (1, 2):
            row = self._row(leg, "queue-member", number, "Ring", "(None)", "", "")
            row[0] = f"Local/{number}@queue-member-{leg.serial & 0xFFFFFFFF:08x};{half}"
            row[13] = f"{stem}{half}"
            if half == 1:
                row[4], row[5], row[6] = "Down", "AppQueue", "(Outgoing Line)"
            else:
                row[5], row[6] = "Dial", f"{self.peer(leg)},30,tT"
            rows.append(row)
        return rows


def _consulting(call: Call) -> str:
    """The bridge in which a phone waits for, or talks with, whoever it asks."""
    return str(uuid5(NAMESPACE_OID, f"{call.id} asking"))


def _is_rung(leg: Leg) -> bool:
    return leg.state is LegState.RINGING and leg.direction is Direction.OUTBOUND


def _agent_call(extension: Extension) -> Call | None:
    return extension.agent.call if extension.agent is not None else None
