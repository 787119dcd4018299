"""One Asterisk as it is known now: what lists and events have told, and the model made of it."""

from __future__ import annotations

from collections.abc import Mapping

from pbxtui.backends.asterisk.ami import Message
from pbxtui.backends.asterisk.calls import CallBook
from pbxtui.backends.asterisk.channel import Channel, Spot
from pbxtui.backends.asterisk.channels import Channels
from pbxtui.backends.asterisk.connection import Rows
from pbxtui.backends.asterisk.directory import Directory
from pbxtui.backends.asterisk.flows import FlowBook
from pbxtui.backends.asterisk.phones import TECHNOLOGY, LampBook, PhoneBook, lamp_state
from pbxtui.backends.asterisk.queues import QueueBook
from pbxtui.backends.asterisk.wire import MemberRow
from pbxtui.backends.base import NotFound
from pbxtui.model import Call, Device, Flow, Kind, Thing, Topic

_BILLED = "CDR(billsec)="


class Office:
    """The channels, phones, queues and lamps of one site. Times are on the PBX's clock."""

    def __init__(self, site: str) -> None:
        self._directory = Directory()
        self._channels = Channels()
        self._calls = CallBook(site, self._channels, self._directory)
        self._phones = PhoneBook(site, self._directory)
        self._queues = QueueBook(site, self._directory)
        self._lamps = LampBook(site)
        self._flows = FlowBook(site)

    def begin(self, now: float) -> None:
        """A new connection: what only events tell may have changed while nobody listened."""
        self._channels.forget_holds(now)

    # -- lists -----------------------------------------------------------------------------

    def take_channels(self, rows: Rows, now: float) -> None:
        """CoreShowChannels."""
        self._channels.take_list(rows, now)

    def take_parked(self, rows: Rows, now: float) -> None:
        """ParkedCalls."""
        self._channels.take_parked(rows, now)

    def take_device_states(self, rows: Rows, now: float) -> None:
        """DeviceStateList: the holds from before we listened."""
        held = frozenset(row["Device"] for row in rows if row["State"] == "ONHOLD")
        self._channels.take_on_hold(held, now)

    def take_talk_times(self, rows: Rows, now: float) -> None:
        """Status with the variable CDR(billsec): the seconds since the answer of a call."""
        seconds = {}
        for row in rows:
            billed = row["Variable"]
            if billed.startswith(_BILLED) and billed.removeprefix(_BILLED).isdecimal():
                seconds[row["Uniqueid"]] = int(billed.removeprefix(_BILLED))
        self._channels.take_talk_times(seconds, now)

    def take_endpoints(self, rows: Rows, now: float) -> None:
        """PJSIPShowEndpoints; PJSIPShowContacts follows."""
        self._phones.take_endpoints(rows)

    def take_contacts(self, rows: Rows, now: float) -> None:
        """PJSIPShowContacts."""
        self._phones.take_contacts(rows)
        if self._directory.take_registered(self._phones.registered()):
            self._channels.touch_all(now)

    def take_queues(self, rows: Rows, now: float) -> None:
        """QueueStatus."""
        self._queues.take_list(rows, now)
        self._channels.take_waiting(self._queues.waiting(), now)

    def take_hints(self, rows: Rows, now: float) -> None:
        """ExtensionStateList."""
        self._lamps.take_list(rows, now)
        if self._directory.take_hints(self._lamps.hints()):
            self._channels.touch_all(now)

    def take_flows(self, rows: Rows, now: float) -> None:
        """DeviceStateList: the custom device states among it."""
        self._flows.take_list(rows, now)

    # -- events ----------------------------------------------------------------------------

    def take_event(self, message: Message, now: float) -> set[Topic]:
        """Apply an event; the topics in which something may have changed by it."""
        event, before = message.event, self._channels.touches
        touched: set[Topic] = set()
        if event == "ExtensionStatus":
            if self._lamps.take_event(message, now):
                touched.add(Topic.LAMPS)
        elif event == "DeviceStateChange":
            if self._flows.take_event(message, now):
                touched.add(Topic.LAMPS)
        elif event == "ContactStatus":
            if self._phones.take_event(message):
                touched.add(Topic.DEVICES)
                if self._directory.take_registered(self._phones.registered()):
                    self._channels.touch_all(now)
        else:
            if self._queues.take_event(message, now):
                touched.add(Topic.QUEUES)
            self._channels.take_event(message, now)
        if self._channels.touches != before:
            touched.add(Topic.CALLS)
        return touched

    # -- the model -------------------------------------------------------------------------

    def items(self, topic: Topic, now: float) -> dict[Kind, Mapping[str, Thing]]:
        """The things of a topic as they are known now, each kind whole."""
        if topic is Topic.CALLS:
            return {Kind.CALLS: self._calls.calls(now)}
        if topic is Topic.DEVICES:
            return {Kind.DEVICES: self._phones.devices(now)}
        if topic is Topic.QUEUES:
            calls = {c.id: c.row.linkedid for c in self._channels.by_id.values()}
            return {
                Kind.QUEUES: self._queues.queues(calls),
                Kind.AGENTS: self._queues.agents(now),
            }
        return {Kind.LAMPS: self._lamps.lamps(), Kind.FLOWS: self._flow_things()}

    # -- for actions -----------------------------------------------------------------------

    def live_call(self, id: str, now: float) -> Call:
        """A call that is not over. Raises :class:`NotFound`."""
        call = self._calls.calls(now).get(id)
        if call is None or call.over:
            raise NotFound("the call is not on the PBX any more", "it is over, most likely")
        return call

    def live_calls(self, now: float) -> list[Call]:
        """The calls that are not over."""
        return [call for call in self._calls.calls(now).values() if not call.over]

    def channel(self, id: str) -> Channel | None:
        """The channel of a leg's id."""
        return self._channels.by_id.get(id)

    def parked(self, id: str) -> Spot | None:
        """The parking space of a leg's id."""
        return self._channels.parked.get(id)

    def phone(self, name: str) -> str:
        """The device of an extension, or of a device's own id; empty where there is none."""
        if TECHNOLOGY + name in self._phones:
            own = TECHNOLOGY + name
        else:
            own = name if name in self._phones else ""
        hinted = self._directory.devices(name)
        if own in hinted or not hinted:
            return own
        return next((one for one in hinted if one.startswith(TECHNOLOGY)), hinted[0])

    def device(self, id: str, now: float) -> Device | None:
        """A phone or trunk, by its id or its extension."""
        return self._phones.devices(now).get(self.phone(id))

    def memberships(self, agent: str) -> list[MemberRow]:
        """The memberships of an agent, by its interface, else by its extension."""
        return self._queues.memberships(agent)

    def flow(self, id: str) -> Flow | None:
        """A flow that can be set, by its id, its name or the extension that shows it."""
        flows = self._flow_things()
        for flow in flows.values():
            if id in (flow.id, flow.name) and self._flows.settable(flow.id):
                return flow
        by_number = [flow for flow in flows.values() if flow.number and flow.number == id]
        return by_number[0] if len(by_number) == 1 else None

    def _flow_things(self) -> dict[str, Flow]:
        return self._flows.flows(self._lamps.hints(), lambda hint: lamp_state(hint.status))

    # -- as it came ------------------------------------------------------------------------

    def raw(self, kind: Kind, id: str) -> str:
        """What the PBX sent last of a thing, as text of several lines; not yet cleaned."""
        found = {
            Kind.CALLS: self._channels.raw,
            Kind.DEVICES: self._phones.raw,
            Kind.QUEUES: self._queues.raw,
            Kind.AGENTS: self._queues.raw,
            Kind.LAMPS: self._lamps.raw,
            Kind.FLOWS: self._raw_flow,
        }.get(kind)
        blocks = found(id) if found is not None else ()
        return "\n\n".join(
            block.decode("utf-8", "replace").replace("\r\n", "\n").strip("\n") for block in blocks
        )

    def _raw_flow(self, id: str) -> list[bytes]:
        hints = (hint.id for hint in self._lamps.hints() if id in hint.custom)
        return [*self._flows.raw(id), *(raw for hint in hints for raw in self._lamps.raw(hint))]
