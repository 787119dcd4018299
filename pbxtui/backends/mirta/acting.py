"""Actions as requests: which channel is meant, what is asked, and once only.

Redirect (TRANSFER) sends the channel that it names elsewhere and leaves the other one behind, so
that whoever transfers is *not* the one to name; Atxfer (ATXTRANSFER) and HANGUP name the one who
acts. While Atxfer asks, hanging up the phone that transfers joins the others, and hanging up
whoever is asked brings it back. (All as Asterisk does, which stands behind: INFERRED.)

Newer servers take more (DOCUMENTED in HELP): ``fast=yes`` has HANGUP find the channel in another,
quicker way, and ``queue=ALL`` means every queue of an AGENT. What older ones make of them is
UNKNOWN, so neither is sent; of one request a queue it is also known which of them went wrong.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from pbxtui.backends.base import BackendError, Conflict, NotFound
from pbxtui.backends.dialling import dialable
from pbxtui.backends.mirta.api import Api
from pbxtui.backends.mirta.calls import CallBook
from pbxtui.backends.mirta.channels import Channel
from pbxtui.backends.mirta.directory import Directory
from pbxtui.backends.mirta.lamps import SETTABLE
from pbxtui.backends.mirta.queues import AgentBook
from pbxtui.backends.mirta.settings import MirtaSettings
from pbxtui.model import (
    Action,
    Answered,
    CancelTransfer,
    CompleteTransfer,
    Dial,
    Flow,
    Hangup,
    LogAgent,
    OnDevice,
    Outcome,
    Park,
    PauseAgent,
    Retrieve,
    SetFlow,
    Topic,
    Transfer,
    clean,
)

_LOOK_AGAIN = "look again, then try again"
_WAIT_OR_CANCEL = "wait, or cancel the transfer"
_MEMBER_TYPE = "NF"
"""Not following the extension's other destinations; some servers add nobody without a type."""


class Acting:
    """Carries actions out for one site. ``read`` reads a topic that was never read yet."""

    def __init__(
        self,
        settings: MirtaSettings,
        api: Api,
        directory: Directory,
        calls: CallBook,
        agents: AgentBook,
        flows: Mapping[str, Flow],
        read: Callable[[Topic], Awaitable[object]],
    ) -> None:
        self._settings = settings
        self._api = api
        self._directory = directory
        self._calls = calls
        self._agents = agents
        self._flows = flows
        self._read = read

    async def act(self, action: Action) -> Outcome | None:
        """Send an action once; None for one that MiRTA has no request for.

        Raises :class:`BackendError` when it was surely not carried out.
        """
        match action:
            case Hangup():
                channel = await self._meant(action.call, action.leg)
                return await self._api.act("HANGUP", channel=_handle(channel))
            case Transfer(attended=True):
                channel = await self._who_transfers(action)
                to = dialable(action.to)
                return await self._api.act("ATXTRANSFER", channel=_handle(channel), dest=to)
            case CompleteTransfer():
                by, asked = await self._consulting(action.call, action.leg, action.asked)
                if not asked.up:
                    raise Conflict("whoever is asked has not answered yet", _WAIT_OR_CANCEL)
                return await self._api.act("HANGUP", channel=_handle(by))
            case CancelTransfer():
                _, asked = await self._consulting(action.call, action.leg, action.asked)
                return await self._api.act("HANGUP", channel=_handle(asked))
            case Transfer():
                return await self._send(action.call, action.leg, dialable(action.to))
            case Park():
                return await self._send(action.call, action.leg, self._settings.park)
            case Retrieve():
                return await self._retrieve(action)
            case Dial():
                source = self._directory.extension(action.from_) or dialable(action.from_)
                to = dialable(action.to)
                return await self._api.act("DIAL", source=source, dest=to, account="SOURCE")
            case PauseAgent():
                return await self._pause(action)
            case LogAgent():
                return await self._log(action)
            case SetFlow():
                return await self._set_flow(action)
            case OnDevice():
                return await self._on_device(action)
            case _:
                return None

    async def _look(self, topic: Topic) -> None:
        """Read a topic first; where that fails, the action was not sent."""
        try:
            await self._read(topic)
        except BackendError as error:
            error.sent = False
            raise

    # --- calls -------------------------------------------------------------------------------

    async def _channels(self, call: str) -> Sequence[Channel]:
        """The channels of a call by the last list. Raises :class:`NotFound`."""
        if self._calls.read_at is None:
            await self._look(Topic.CALLS)
        channels = self._calls.channels(call)
        if not channels:
            raise NotFound("the call is not in the PBX's list any more", "it is over, most likely")
        return channels

    async def _meant(self, call: str, leg: str) -> Channel:
        """The channel of a leg; without a leg the one that began the call and ends it."""
        channels = await self._channels(call)
        if not leg:
            return next((channel for channel in channels if not channel.called), channels[0])
        return _of(channels, leg)

    async def _who_transfers(self, action: Transfer) -> Channel:
        channels = await self._channels(action.call)
        chosen = _of(channels, action.leg) if action.leg else None
        own = [channel for channel in channels if channel.extension and channel.up]
        if chosen in own:
            return chosen
        operator = [c for c in own if c.extension == self._settings.extension]
        candidates = operator or own
        if len(candidates) != 1:
            raise Conflict(
                "an attended transfer needs one phone of the house that talks and transfers",
                f"choose its leg; {_LOOK_AGAIN}",
            )
        return candidates[0]

    async def _consulting(self, call: str, leg: str, asked: str) -> tuple[Channel, Channel]:
        """The phone that transfers and whoever it asks, who must be on one call.

        Raises :class:`BackendError` where the list does not show that: to hang up would cut
        somebody off then.
        """
        channels = await self._channels(call)
        by = _of(channels, leg)
        if not asked:
            raise Conflict("MiRTA's list does not show who is asked", "do it at the phone")
        return by, _of(channels, asked)

    async def _send(self, call: str, leg: str, to: str) -> Outcome:
        """Send whoever is left elsewhere: everybody but the phone of the house that transfers."""
        channels = await self._channels(call)
        staying = _staying(channels, _of(channels, leg) if leg else None, self._settings.extension)
        if not staying:
            raise Conflict("nobody has answered yet who could be sent elsewhere", _LOOK_AGAIN)
        if len(staying) > 2:
            raise Conflict("MiRTA sends two legs of a call elsewhere at most", "choose one leg")
        extra = {"extrachannel": _handle(staying[1])} if len(staying) > 1 else {}
        return await self._api.act("TRANSFER", channel=_handle(staying[0]), **extra, dest=to)

    async def _retrieve(self, action: Retrieve) -> Outcome:
        """Send a parked caller to the phone of whoever takes it back."""
        channels = await self._channels(action.call)
        parked = [c for c in channels if c.parked and action.leg in ("", c.id, c.name)]
        if not parked:
            raise Conflict("the call is not parked", _LOOK_AGAIN)
        to = action.extension or self._settings.extension
        if not to:
            raise BackendError(
                "it is not said which phone takes the call back",
                'name it, or set extension = "…" for this site in the config',
            )
        return await self._api.act("TRANSFER", channel=_handle(parked[0]), dest=dialable(to))

    # --- agents ------------------------------------------------------------------------------

    async def _queues(self, agent: str, queue: str) -> tuple[str, list[str]]:
        """An agent's username, and the queues that are meant: one, or every one of the agent's."""
        known = self._agents.agent(agent)
        if known is None and not queue:
            await self._look(Topic.QUEUES)
            known = self._agents.agent(agent)
        if known is not None:
            return known.id, [queue] if queue else list(known.queues)
        extension = self._directory.extension(agent)
        return (self._directory.username(extension) if extension else agent), [queue] * bool(queue)

    async def _pause(self, action: PauseAgent) -> Outcome:
        username, queues = await self._queues(action.agent, action.queue)
        word = "pause" if action.paused else "unpause"
        reason = {"pausereason": action.reason} if action.paused and action.reason else {}
        return await self._in_each(
            queues,
            lambda queue: self._api.act(
                "AGENT", action=word, queue=queue, extension=username, **reason
            ),
        )

    async def _log(self, action: LogAgent) -> Outcome:
        username, queues = await self._queues(action.agent, action.queue)
        word, more = ("add", {"type": _MEMBER_TYPE}) if action.in_ else ("del", {})
        return await self._in_each(
            queues,
            lambda queue: self._api.act("QUEUE", action=word, id=queue, extension=username, **more),
        )

    async def _in_each(
        self, queues: Sequence[str], do: Callable[[str], Awaitable[Outcome]]
    ) -> Outcome:
        """One request for each queue; the outcome is the worst of them, named by its queue."""
        if not queues:
            raise NotFound("the agent serves no queue that is known", "name the queue")
        told: list[tuple[str, Outcome]] = []
        for queue in queues:
            try:
                told.append((queue, await do(queue)))
            except BackendError as error:
                if not told:
                    raise
                failed = Outcome(Answered.REFUSED, error.words, self._api.now())
                told.append((queue, failed))
                break
        if len(told) == 1 and len(queues) == 1:
            return told[0][1]
        accepted = [outcome for _, outcome in told if outcome.answered is Answered.ACCEPTED]
        if len(accepted) == len(queues):
            return accepted[-1]
        queue, worst = next(each for each in told if each[1].answered is not Answered.ACCEPTED)
        name = self._directory.queue(queue)
        words = f"{len(accepted)} of {len(queues)} queues; {name}: {worst.words}"
        refused = worst.answered is Answered.REFUSED and not accepted
        answered = Answered.REFUSED if refused else Answered.NOT_CONFIRMED
        return Outcome(answered, clean(words, 300), worst.at)

    # --- flows and phones --------------------------------------------------------------------

    async def _set_flow(self, action: SetFlow) -> Outcome:
        if not self._flows:
            await self._look(Topic.LAMPS)
        flow = self._flows.get(action.flow)
        number = flow.number if flow is not None and flow.number else action.flow
        parameters = {"number": dialable(number)}
        if action.state is not None:
            word = SETTABLE.get(action.state)
            if word is None:
                raise BackendError(
                    f"MiRTA's flows do not know the state {action.state}",
                    f"they know {', '.join(SETTABLE)}",
                )
            parameters["state"] = word
        if action.value is not None:
            parameters["value"] = action.value
        if len(parameters) == 1:
            raise BackendError("neither a state nor a value is given for the flow")
        return await self._api.act("SETFLOW", **parameters)

    async def _on_device(self, action: OnDevice) -> Outcome:
        peer = action.device.strip()
        if peer.upper() == "ALL" or not peer:
            raise BackendError(
                "MiRTA takes “ALL” for every phone of the tenant, so that it is not sent",
                "choose one phone",
            )
        return await self._api.act("REBOOT" if action.reboot else "UNREGISTER", peer=peer)


def _of(channels: Sequence[Channel], leg: str) -> Channel:
    for channel in channels:
        if leg in (channel.id, channel.name):
            return channel
    raise NotFound("the leg is not in the PBX's list any more", _LOOK_AGAIN)


def _staying(channels: Sequence[Channel], chosen: Channel | None, operator: str) -> list[Channel]:
    """Who is sent elsewhere. A phone of the house that talks sends the others; anybody else is
    sent. Of a call that nobody has answered the caller is sent.

    Without a choice it is the operator's phone that transfers, else every phone of the house
    does where somebody outside is on the call, else whoever was called does.
    """
    talking = [channel for channel in channels if channel.up]
    callers = [channel for channel in channels if not channel.called]
    if chosen is None:
        own = [channel for channel in talking if operator and channel.extension == operator]
        others = [channel for channel in talking if channel not in own]
        if own and others:
            return others
        outside = [channel for channel in talking if not channel.extension]
        return (outside if len(talking) > 1 else []) or callers[:1] or talking[:1]
    if not chosen.extension:
        return [chosen] if chosen.up else callers[:1]
    others = [channel for channel in talking if channel is not chosen]
    if chosen.up and others:
        return others
    return callers[:1]


def _handle(channel: Channel) -> str:
    """A channel's name as MiRTA wants it. Raises :class:`Conflict` for one that is not whole."""
    if not channel.name:
        raise Conflict("the PBX gave this leg a name that cannot be sent back to it")
    return channel.name
