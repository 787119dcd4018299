"""The channels as lists and events tell of them, and what only the events tell.

A list of channels says where each one is; it does not say who put whom on hold, when a channel was
answered, or why it ended. That comes with the events and is remembered here for as long as the
channel lives. A list replaces everything that it says itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pbxtui.backends.asterisk.ami import Message
from pbxtui.backends.asterisk.channel import OUTGOING, RING, RINGING, UP, Channel, End, Held, Spot
from pbxtui.backends.asterisk.wire import ChannelRow, EntryRow, ParkedRow, count, serial, text
from pbxtui.model import Certainty, LegState, clean

_WITH_PARTNER = frozenset({"Dial", "AppDial", "Queue", "AppQueue"})
_MAKES = frozenset({"Newchannel", "Newstate", "BridgeEnter", "DialBegin", "QueueCallerJoin"})
_REMEMBERED = 4096
_TOGETHER = 1.0
"""Seconds within which the channels of a call end when it ends."""


class Channels:
    """All channels of one Asterisk. Times are epoch seconds on the PBX's clock.

    ``dirty`` holds the calls (by Linkedid) that must be made anew, with the time of what touched
    them last, ``touches`` counts how often one was touched, and ``ends`` holds those whose last
    channel was seen to end.
    """

    def __init__(self) -> None:
        self.by_id: dict[str, Channel] = {}
        self.parked: dict[str, Spot] = {}
        self.waiting: dict[str, Spot] = {}
        self.dirty: dict[str, float] = {}
        self.touches = 0
        self.ends: dict[str, End] = {}
        self._cores: dict[bytes, Channel] = {}
        self._groups: dict[str, dict[str, Channel]] = {}
        self._bridges: dict[str, set[str]] = {}
        self._gone: dict[str, None] = {}
        self._causes: dict[str, End] = {}

    def group(self, linkedid: str) -> list[Channel]:
        """The channels of one call, in the order in which they were made."""
        return sorted(self._groups.get(linkedid, {}).values(), key=lambda c: serial(c.id))

    def groups(self) -> Iterable[str]:
        return self._groups.keys()

    def partners(self, channel: Channel) -> list[Channel]:
        """The other channels of its bridge."""
        members = self._bridges.get(channel.bridge, ()) if channel.bridge else ()
        return [self.by_id[id_] for id_ in members if id_ != channel.id]

    def touch_all(self, now: float) -> None:
        """Make every call anew."""
        for linkedid in self._groups:
            self._touch(linkedid, now)

    # -- lists -----------------------------------------------------------------------------

    def take_list(self, messages: Iterable[Message], now: float) -> None:
        """Take the rows of CoreShowChannels: what is not among them is gone."""
        before, self._cores = self._cores, {}
        known = frozenset(self.by_id)
        listed: set[str] = set()
        for message in messages:
            core = _core(message.raw)
            channel = before.get(core)
            if channel is None or channel.core != core or self.by_id.get(channel.id) is not channel:
                channel = self._take_listed(message, core, now)
                if channel is None:
                    continue
            channel.listed = message.raw
            listed.add(channel.id)
            self._cores[core] = channel
        for id_ in [id_ for id_ in self.by_id if id_ not in listed]:
            self._remove(self.by_id[id_], now)
        for channel in self.by_id.values():
            self._note_alone(channel, now)
            if channel.id not in known:
                self._note_returned(channel, now)

    def _take_listed(self, message: Message, core: bytes, now: float) -> Channel | None:
        row = ChannelRow.read(message)
        if row is None or message.event != "CoreShowChannel" or row.uniqueid in self._gone:
            return None
        channel = self._take_row(row, now)
        channel.core = core
        return channel

    def take_parked(self, messages: Iterable[Message], now: float) -> None:
        """Take the rows of ParkedCalls."""
        parked: dict[str, Spot] = {}
        for message in messages:
            row = ParkedRow.read(message)
            if row is not None:
                known = self.parked.get(row.uniqueid)
                since = known.since if known is not None else now - row.duration
                parked[row.uniqueid] = Spot(row.space, since, row.lot)
        self._set_spots(self.parked, parked, now)

    def take_waiting(self, entries: Iterable[EntryRow], now: float) -> None:
        """Take the callers of every queue, as QueueStatus lists them."""
        waiting = {
            entry.uniqueid: self.waiting.get(entry.uniqueid)
            or Spot(entry.queue, None if entry.wait is None else now - entry.wait)
            for entry in entries
        }
        self._set_spots(self.waiting, waiting, now)

    def forget_holds(self, now: float) -> None:
        """Forget who holds: the events that would have told of a change may have been missed."""
        for channel in self.by_id.values():
            self._hold(channel, None, now)

    def take_on_hold(self, devices: frozenset[str], now: float) -> None:
        """Learn of holds that began before we listened, from the devices that are ONHOLD.

        Asterisk gives that state to the device that waits (CAPTURED). When it has one channel,
        and that one partner, the partner holds: INFERRED.
        """
        by_device: dict[str, list[Channel]] = {}
        for channel in self.by_id.values():
            by_device.setdefault(channel.device, []).append(channel)
        for device in devices:
            own = by_device.get(device, [])
            partners = self.partners(own[0]) if len(own) == 1 else []
            if len(partners) == 1 and partners[0].held is None:
                self._hold(partners[0], Held(None, Certainty.INFERRED), now)

    def take_talk_times(self, seconds: Mapping[str, int], now: float) -> None:
        """Learn when calls were answered before we listened, from the CDR of the caller's side.

        ``seconds`` are since the answer, by Uniqueid. In a queue it was the PBX that answered, so
        nothing is learned there of the agent.
        """
        for id_, since in seconds.items():
            channel = self.by_id.get(id_)
            if channel is None or not channel.up or since <= 0:
                continue
            direct = self.partners(channel) if channel.application == "Dial" else ()
            for one in (channel, *direct):
                if one.answered is None:
                    one.answered = now - since
                    if one.shown is LegState.TALKING and one.since is None:
                        one.since = one.answered
                    self._touch(one.row.linkedid, now)

    # -- events ----------------------------------------------------------------------------

    def take_event(self, message: Message, now: float) -> None:
        """Apply one event; what is no concern of channels changes nothing."""
        event = message.event
        row = ChannelRow.read(message)
        channel = self._from_event(row, message, now) if row is not None else None
        called = ChannelRow.read(message, "Dest")
        if called is not None:
            dest = self._from_event(called, message, now)
            if dest is not None and event == "DialBegin":
                dest.called = True
                if channel is not None and channel.dialled:
                    channel.application, channel.data = "Dial", ""
                    self._touch(channel.row.linkedid, now)
        if event == "Newchannel" and channel is not None:
            channel.called = channel.row.state not in (RING, UP)
        elif event in ("ParkedCall", "UnParkedCall", "ParkedCallTimeOut", "ParkedCallGiveUp"):
            self._parking(message, now)
        elif event == "AttendedTransfer":
            self._handed_over(message, now)
        elif channel is not None:
            self._happened(event, channel, message, now)

    def _happened(self, event: str, channel: Channel, message: Message, now: float) -> None:
        if event == "Hangup":
            cause = count(message, "Cause") or 0
            end = End(cause, text(message, "Cause-txt"), now)
            self._end(channel, end)
        elif event == "Hold":
            self._hold(channel, Held(now, Certainty.SEEN), now)
        elif event == "Unhold":
            self._hold(channel, None, now)
        elif event == "NewConnectedLine":
            channel.returned = None
        elif event == "BridgeEnter":
            self._enter(channel, clean(message["BridgeUniqueid"]), now)
        elif event == "BridgeLeave":
            if channel.bridge == clean(message["BridgeUniqueid"]):
                self._leave(channel, now)
        elif event == "QueueCallerJoin":
            queue = text(message, "Queue")
            channel.queue = queue
            self._set_spots(self.waiting, {**self.waiting, channel.id: Spot(queue, now)}, now)
        elif event in ("QueueCallerLeave", "QueueCallerAbandon"):
            channel.application = ""
            kept = {id_: spot for id_, spot in self.waiting.items() if id_ != channel.id}
            self._set_spots(self.waiting, kept, now)
        elif event == "Rename" and message["Newname"]:
            channel.row = replace(channel.row, name=clean(message["Newname"]))
            self._touch(channel.row.linkedid, now)

    def _from_event(self, row: ChannelRow, message: Message, now: float) -> Channel | None:
        if row.uniqueid in self._gone:
            return None
        if row.uniqueid not in self.by_id and message.event not in _MAKES:
            if message.event == "Hangup" and "Channel" in message:
                self._bury(row.uniqueid)
            return None
        channel = self._take_row(row, now)
        channel.heard = message.raw
        channel.core = b""
        return channel

    def _handed_over(self, message: Message, now: float) -> None:
        """Who asked is free, unless all three talk together now or nothing came of it."""
        if message["Result"] != "Success" or message["DestType"] in ("Threeway", "Fail"):
            return
        for who in ("OrigTransferer", "SecondTransferer"):
            channel = self.by_id.get(clean(message[who + "Uniqueid"]))
            if channel is not None:
                channel.handed_over = True
                self._touch(channel.row.linkedid, now)

    def _parking(self, message: Message, now: float) -> None:
        row = ParkedRow.read(message)
        if row is None:
            return
        parked = {id_: spot for id_, spot in self.parked.items() if id_ != row.uniqueid}
        if message.event == "ParkedCall":
            parked[row.uniqueid] = Spot(row.space, now - row.duration, row.lot)
        channel = self.by_id.get(row.uniqueid)
        if channel is not None:
            channel.heard = message.raw
        self._set_spots(self.parked, parked, now)

    # -- keeping it ------------------------------------------------------------------------

    def _touch(self, linkedid: str, now: float) -> None:
        self.dirty[linkedid] = now
        self.touches += 1

    def _take_row(self, row: ChannelRow, now: float) -> Channel:
        channel = self.by_id.get(row.uniqueid)
        if channel is None:
            called = row.data == OUTGOING or (row.data is None and row.state != RING)
            known = replace(row, application=None, data=None, bridge=None)
            channel = self.by_id[row.uniqueid] = Channel(known, called or row.state == RINGING)
            if row.state == UP and row.application is None:
                channel.answered = now
            self._groups.setdefault(row.linkedid, {})[row.uniqueid] = channel
            self._touch(row.linkedid, now)
        else:
            self._change(channel, row, now)
        if row.application is not None and row.data is not None:
            if (channel.application, channel.data) != (row.application, row.data):
                channel.application, channel.data = row.application, row.data
                self._touch(row.linkedid, now)
            if row.application == "Queue":
                channel.queue = clean(row.data.partition(",")[0])
        if row.bridge is not None and row.bridge != channel.bridge:
            self._move(channel, row.bridge, now)
        return channel

    def _change(self, channel: Channel, row: ChannelRow, now: float) -> None:
        before = channel.row
        known = replace(row, application=None, data=None, bridge=None)
        if known == before:
            return
        channel.row = known
        if row.state == UP and before.state != UP and channel.answered is None:
            channel.answered = now
        if row.linkedid != before.linkedid:
            self._regroup(channel, before.linkedid, now)
        self._touch(row.linkedid, now)

    def _regroup(self, channel: Channel, old: str, now: float) -> None:
        members = self._groups.get(old, {})
        members.pop(channel.id, None)
        self._groups.setdefault(channel.row.linkedid, {})[channel.id] = channel
        self._touch(old, now)
        if not self._visible(old):
            self.ends[old] = End(0, "", now, channel.row.linkedid)
        if not members:
            self._groups.pop(old, None)

    def _move(self, channel: Channel, bridge: str, now: float) -> None:
        if channel.bridge:
            members = self._bridges.get(channel.bridge, set())
            members.discard(channel.id)
            if not members:
                self._bridges.pop(channel.bridge, None)
        channel.bridge = bridge
        channel.alone = False
        if bridge:
            self._bridges.setdefault(bridge, set()).add(channel.id)
        self._touch(channel.row.linkedid, now)

    def _enter(self, channel: Channel, bridge: str, now: float) -> None:
        self._move(channel, bridge, now)
        if bridge in channel.left:
            channel.left.clear()
            channel.returned = now
        for partner in self.partners(channel):
            if partner.held is not None and partner.held.certainty is Certainty.INFERRED:
                self._hold(partner, None, now)

    def _leave(self, channel: Channel, now: float) -> None:
        """It left its bridge. Whom it had on hold still waits there (CAPTURED: attended transfer).

        Its own hold ends with that: it went on to talk with somebody else.
        """
        partners = self.partners(channel)
        if channel.held is not None:
            for partner in partners:
                if partner.held is None:
                    self._hold(partner, Held(now, Certainty.INFERRED), now)
            self._hold(channel, None, now)
        channel.left.add(channel.bridge)
        self._move(channel, "", now)

    def _note_returned(self, channel: Channel, now: float) -> None:
        """Infer from its first row that a phone may just have come back: it is shown another."""
        partners = self.partners(channel)
        shown = channel.row.connected.number
        if len(partners) == 1 and shown and shown != partners[0].row.caller.number:
            channel.returned = now

    def _note_alone(self, channel: Channel, now: float) -> None:
        """Infer from two lists in a row that somebody waits alone for a partner who is away."""
        partnered = channel.application in _WITH_PARTNER and not channel.local
        alone = bool(channel.bridge) and partnered and not self.partners(channel)
        if alone and channel.alone and channel.held is None and channel.id not in self.parked:
            self._hold(channel, Held(None, Certainty.INFERRED), now)
        channel.alone = alone

    def _hold(self, channel: Channel, held: Held | None, now: float) -> None:
        if channel.held != held:
            channel.held = held
            self._touch(channel.row.linkedid, now)

    def _set_spots(self, spots: dict[str, Spot], new: Mapping[str, Spot], now: float) -> None:
        for id_ in spots.keys() ^ new.keys():
            channel = self.by_id.get(id_)
            if channel is not None:
                self._touch(channel.row.linkedid, now)
        spots.clear()
        spots.update(new)

    def _end(self, channel: Channel, end: End) -> None:
        linkedid = channel.row.linkedid
        self._bury(channel.id)
        first = self._causes.get(linkedid)
        if first is None or first.cause == 0 or end.at - first.at > _TOGETHER:
            self._causes[linkedid] = end
        self._remove(channel, end.at)
        if not self._visible(linkedid):
            self.ends[linkedid] = replace(self._causes.pop(linkedid), at=end.at)

    def _bury(self, id_: str) -> None:
        """Remember that a channel has ended: no list or event brings it back."""
        self._gone[id_] = None
        while len(self._gone) > _REMEMBERED:
            del self._gone[next(iter(self._gone))]

    def _remove(self, channel: Channel, now: float) -> None:
        self._move(channel, "", now)
        del self.by_id[channel.id]
        self.parked.pop(channel.id, None)
        self.waiting.pop(channel.id, None)
        members = self._groups.get(channel.row.linkedid, {})
        members.pop(channel.id, None)
        if not members:
            self._groups.pop(channel.row.linkedid, None)

    def _visible(self, linkedid: str) -> bool:
        return any(not channel.aside for channel in self._groups.get(linkedid, {}).values())

    def raw(self, linkedid: str) -> Iterator[bytes]:
        """What the PBX sent last of each channel of a call: its row in the list, and an event."""
        for channel in self.group(linkedid):
            yield from (block for block in (channel.listed, channel.heard) if block)


def _core(raw: bytes) -> bytes:
    """A row of CoreShowChannels without what changes in every list: ActionID and Duration."""
    begin, end = raw.find(b"\r\nChannel: "), raw.find(b"\r\nDuration: ")
    rest = raw.find(b"\r\n", end + 2)
    return raw[begin:end] + raw[rest:] if 0 <= begin < end < rest else raw
