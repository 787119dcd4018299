"""Hang up, transfer and park. Which channel is named follows from the graph of :mod:`pairing`.

CAPTURED on Asterisk 22, with real phones:

- *BlindTransfer* names the phone that transfers, and Asterisk finds the other side at that very
  moment; the queue learns of it, too. *Redirect* names the channel that moves. The first is used
  where a phone was chosen that hears the other directly, the second for everybody else: behind a
  Local channel BlindTransfer would leave the queue's agent busy for as long as the caller talks.
- Both hang up whomever they send to a number that the dialplan does not have. So it is asked for
  first (``DIALPLAN_EXISTS``), where the login may ask.
- *Bridge* lets two hear each other and frees both phones that were with them: so the phone that
  transfers, where it has both on two calls.
- *Atxfer* presses the keys of features.conf on the phone that transfers. Where its Dial or Queue
  does not allow that (options t and T), the other side would hear the tones instead.
- *Park* takes the channel that is parked, and as TimeoutChannel the phone that parks it: this one
  is told the space and is free then.
- While *Atxfer* asks, the phone that transfers has one channel, in a bridge with whoever is asked.
  It is hung up to join the others, and *CancelAtxfer* on it brings it back to whoever waits, also
  while the phone of whoever is asked still rings.
- A phone that comes back from whoever it asked, by *CancelAtxfer* or because they declined, hears
  a tone first (xferfailsound, 0.66 s as it is delivered), and Asterisk throws away the keys that it
  is pressed meanwhile: an *Atxfer* of that moment is accepted and rings nobody. What the tone keeps
  back, too, is NewConnectedLine, which tells the phone whom it hears again.
"""

from __future__ import annotations

import re

from pbxtui.backends.asterisk.channel import Channel
from pbxtui.backends.asterisk.numbers import keys, same
from pbxtui.backends.asterisk.pairing import LOOK_AGAIN, Graph, Pair, handle, party_at
from pbxtui.backends.asterisk.part import Part
from pbxtui.backends.asterisk.sending import is_gone, together
from pbxtui.backends.base import Conflict, NotFound
from pbxtui.backends.dialling import dialable
from pbxtui.model import (
    Answered,
    Call,
    CancelTransfer,
    CompleteTransfer,
    Hangup,
    Leg,
    LegState,
    Outcome,
    Park,
    Transfer,
)

NORMAL = "16"
"""The cause of a hangup by a person (Q.850)."""

_TONE = 3.0
"""Seconds that the tone of a phone that comes back is given: where the dialplan keeps whom it hears
from it (option I of Dial), nothing tells its end."""

_OPTIONS = {"Dial": 2, "Queue": 1}
"""Which argument of an application holds the options t (who is called may transfer) and T."""
_BRACKETS = re.compile(r"\([^()]*\)")


class Control(Part):
    """Ends, transfers and parks calls."""

    async def act(
        self, action: Hangup | Transfer | CompleteTransfer | CancelTransfer | Park
    ) -> Outcome:
        """Send an action once. Raises :class:`BackendError` where nothing has been sent."""
        call = self._office.live_call(action.call, self._now)
        graph = Graph(call, self._office.channel)
        match action:
            case Hangup():
                return await self._hang_up(graph, action.leg)
            case Park():
                return await self._park(graph, action.leg)
            case Transfer(attended=True):
                return await self._attended(await self._listening(graph, action.leg), action)
            case CompleteTransfer():
                return await self._complete(graph, action)
            case CancelTransfer():
                return await self._cancel(graph, action)
            case _:
                return await self._blind(graph, action)

    async def _hang_up(self, graph: Graph, leg: str) -> Outcome:
        """One channel, or all of a call: the caller's first, or its dialplan would go on.

        The others mostly end with the first, so that "no such channel" is good news from then on.
        """
        legs = [graph.leg(leg)] if leg else sorted(graph.legs, key=graph.dialled)
        many = [{"Channel": handle(one), "Cause": NORMAL} for one in legs]
        outcomes = await self._sender.each("Hangup", many)
        unsent = len(many) - len(outcomes)
        if any(outcome.answered is Answered.ACCEPTED for outcome in outcomes):
            outcomes = [outcome for outcome in outcomes if not is_gone(outcome)]
        return together(outcomes, len(outcomes) + unsent, "channels")

    async def _blind(self, graph: Graph, action: Transfer) -> Outcome:
        to = dialable(action.to)
        who = graph.pair(action.leg, self._settings.extension)
        _not_together(who, to)
        channel = handle(who.moved)
        await self._known_number(to)
        there = {"Context": self._settings.context, "Exten": to}
        if who.by is not None and who.chosen is who.by and graph.direct(who.by, who.moved):
            return await self._sender.send("BlindTransfer", Channel=handle(who.by), **there)
        return await self._sender.send("Redirect", Channel=channel, **there, Priority="1")

    async def _listening(self, graph: Graph, leg: str) -> Graph:
        """Wait for the end of the tone that the phone hears; the call as it is then."""
        by = graph.pair(leg, self._settings.extension).by
        channel = self._office.channel(by.id) if by is not None else None
        if channel is None or channel.returned is None:
            return graph

        def over() -> bool:
            return channel.returned is None or self._office.channel(channel.id) is not channel

        left = channel.returned + _TONE - self._now
        await self._sender.until(over, min(max(left, 0.0), _TONE))
        return Graph(self._office.live_call(graph.call.id, self._now), self._office.channel)

    async def _attended(self, graph: Graph, action: Transfer) -> Outcome:
        phones = [leg for leg in graph.legs if leg.extension]
        own = [leg for leg in phones if leg.extension == self._settings.extension]
        if not action.leg and not own and len(phones) > 1:
            raise Conflict("several phones are on this call", "choose the leg that transfers")
        who = graph.pair(action.leg, self._settings.extension)
        if who.by is None or not graph.up(who.by) or not graph.up(who.moved):
            raise Conflict(
                "an attended transfer needs a phone of the house that talks and transfers",
                f"choose its leg; {LOOK_AGAIN}",
            )
        far = self._second(who.by, action.to, graph.call)
        if far is not None:
            channels = {"Channel1": handle(who.moved), "Channel2": handle(far)}
            return await self._sender.send("Bridge", **channels, Tone="no")
        to = keys(dialable(action.to))
        _not_together(who, to)
        self._allows_transfer(who.by, who.moved)
        await self._known_number(to)
        return await self._sender.send(
            "Atxfer", Channel=handle(who.by), Context=self._settings.context, Exten=to
        )

    async def _complete(self, graph: Graph, action: CompleteTransfer) -> Outcome:
        """Asterisk joins the others when the phone hangs up; so they must surely be there."""
        by = graph.leg(action.leg)
        if action.second:
            far = self._second(by, action.second, graph.call)
            waiting = graph.mates(by) if graph.up(by) else []
            if far is None or len(waiting) != 1:
                raise Conflict("the phone does not have both on two calls any more", LOOK_AGAIN)
            channels = {"Channel1": handle(waiting[0]), "Channel2": handle(far)}
            return await self._sender.send("Bridge", **channels, Tone="no")
        asked, _ = self._consulting(graph, by)
        if asked is None:
            raise Conflict("whoever is asked has not answered yet", "wait, or cancel the transfer")
        return await self._sender.send("Hangup", Channel=handle(by), Cause=NORMAL)

    async def _cancel(self, graph: Graph, action: CancelTransfer) -> Outcome:
        if action.second:
            legs = [leg for call in self._office.live_calls(self._now) for leg in call.legs]
            second = next((leg for leg in legs if leg.id == action.second), None)
            if second is None:
                raise NotFound("the call on which the phone asks is over", LOOK_AGAIN)
            return await self._sender.send("Hangup", Channel=handle(second), Cause=NORMAL)
        by = graph.leg(action.leg)
        self._consulting(graph, by)
        return await self._sender.send("CancelAtxfer", Channel=handle(by))

    def _consulting(self, graph: Graph, by: Leg) -> tuple[Leg | None, Leg]:
        """Who is asked, where they talk already, and who waits.

        Raises :class:`Conflict` where this phone is not about to transfer anybody: what it is told
        then would be done to somebody else.
        """
        heard = graph.mates(by) if by.bridge and graph.up(by) else []
        waiting = [
            leg
            for leg in graph.legs
            if leg is not by and graph.up(leg) and leg.bridge and not graph.mates(leg)
        ]
        ringing = any(graph.rings(leg) for leg in graph.legs)
        if not by.bridge or len(waiting) != 1 or len(heard) > 1 or not (heard or ringing):
            raise Conflict(f"{party_at(by)} asks nobody about a transfer any more", LOOK_AGAIN)
        return (heard[0] if heard else None), waiting[0]

    async def _park(self, graph: Graph, leg: str) -> Outcome:
        who = graph.pair(leg, self._settings.extension)
        if who.moved.state is LegState.PARKED:
            raise Conflict("the call is parked already", "U retrieves it")
        if who.by is None or not graph.up(who.by) or not graph.up(who.moved):
            raise Conflict("no phone of the house talks here that could park the call", LOOK_AGAIN)
        return await self._sender.send(
            "Park", Channel=handle(who.moved), TimeoutChannel=handle(who.by)
        )

    def _second(self, by: Leg, to: str, call: Call) -> Leg | None:
        """Whom a phone talks with on another call, where that is who is meant by ``to``.

        That is also meant by the id of the phone's own leg there.
        """
        for other in self._office.live_calls(self._now):
            if other.id == call.id:
                continue
            graph = Graph(other, self._office.channel)
            for own in other.legs:
                mates = graph.mates(own) if own.extension == by.extension and own.bridge else []
                meant = len(mates) == 1 and same(party_at(mates[0]).number, to)
                if meant or (mates and to == own.id):
                    return mates[0]
        return None

    async def _known_number(self, to: str) -> None:
        """Raise :class:`NotFound` for a number that would only end the call."""
        context = self._settings.context
        if await self._sender.asked(f"DIALPLAN_EXISTS({context},{to},1)") == "0":
            raise NotFound(
                f"there is no {to} in the dialplan's context {context}: whoever is sent there is "
                "hung up, so it was not sent",
                "check the number, and context = … of this site in the config",
            )

    def _allows_transfer(self, by: Leg, other: Leg) -> None:
        """Raise :class:`Conflict` where the dialplan gives this phone no right to transfer.

        INFERRED from the options of the Dial or Queue that joined the two, where there is one.
        """
        one, two = self._office.channel(by.id), self._office.channel(other.id)
        for channel, letter in ((one, "T"), (two, "t")):
            options = _options(channel) if channel is not None else None
            if options is not None and letter not in options:
                app = channel.application if channel is not None else ""
                raise Conflict(
                    f"the dialplan's {app} does not let {by.extension} transfer this call (it has "
                    f"no {letter} among its options): the other side would hear the tones",
                    f"T transfers blind; else add {letter} to that {app}",
                )


def _not_together(who: Pair, to: str) -> None:
    if who.by is not None and same(party_at(who.moved).number, to):
        raise Conflict(
            f"{who.by.extension} talks with {to} already",
            f"hang up the leg of {who.by.extension} to hand over somebody who waits for it",
        )


def _options(channel: Channel) -> str | None:
    """The options of the Dial or Queue that a channel is in; None where that is not known."""
    place = _OPTIONS.get(channel.application)
    if place is None or not channel.bridge or not channel.data:
        return None
    arguments = _BRACKETS.sub("", channel.data).split(",")
    return arguments[place] if len(arguments) > place else ""
