"""What stands in the office before anybody calls: phones, extensions, queues, agents, flows."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from random import Random

from pbxtui.simulator import people
from pbxtui.simulator.things import Agent, Device, Extension, Flow, Lamp, Queue

DRAWER = 0.015
"""Share of phones which lie in a drawer: not registered for days."""
SOFT_PHONES = 0.25
"""Share of extensions which have a soft phone beside the desk phone."""
PARKING = tuple(str(slot) for slot in range(701, 721))
"""The parking places; 700 parks at the first free one."""


@dataclass(slots=True)
class Building:
    """What stands still: the house, its phones, queues, agents and trunks."""

    tenant: str
    name: str
    did_prefix: str
    extensions: list[Extension] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)
    queues: list[Queue] = field(default_factory=list)
    agents: list[Agent] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    trunks: tuple[str, ...] = ("kamailio", "sbc-london")

    def did_of(self, extension: Extension) -> str:
        """The outside number of an extension, or of the house."""
        return f"{self.did_prefix}{extension.serial % 1000:03d}"


def build(rng: Random, *, phones: int, agents: int, start: float, tenant: str) -> Building:
    """An office of `phones` extensions, each with a desk phone, as it stands at `start`."""
    building = Building(
        tenant=tenant,
        name=people.choose(rng, people.COMPANIES),
        did_prefix="+441632960" if rng.random() < 0.5 else "+442079460",
    )
    taken: set[str] = set()
    for serial, number in enumerate(_numbers(phones), start=1):
        name, department = _resident(rng, serial, taken)
        extension = Extension(
            number, name, department, f"{number}-{tenant}", serial, lamp_since=start
        )
        building.extensions.append(extension)
        _add_device(rng, building, extension, start, soft=False)
        if rng.random() < SOFT_PHONES:
            _add_device(rng, building, extension, start, soft=True)
        extension.reachable = any(device.online for device in extension.devices)
        if not extension.reachable:
            extension.lamp = Lamp.UNAVAILABLE
        extension.dnd = rng.random() < 0.02
    _add_queues(rng, building, agents, start)
    _add_flows(rng, building, start)
    return building


def _numbers(phones: int) -> list[str]:
    """Extension numbers: four ranges of hundreds in a small office, then four or five digits."""
    if phones <= 4 * 99:
        each = ceil(phones / 4)
        return [f"{2 + i // each}{i % each + 1:02d}" for i in range(phones)]
    first = 2001 if phones <= 3999 else 20001
    return [str(first + i) for i in range(phones)]


def _resident(rng: Random, serial: int, taken: set[str]) -> tuple[str, str]:
    if serial <= len(people.ROOMS) and serial % 3 == 1:
        name = people.ROOMS[serial - 1]
    else:
        name = people.person(rng)
        while name in taken and rng.random() < 0.95:
            name = people.person(rng)
    taken.add(name)
    return name, people.choose(rng, people.DEPARTMENTS)


def _add_device(
    rng: Random, building: Building, extension: Extension, start: float, *, soft: bool
) -> None:
    serial = len(building.devices) + 1
    period = float((300, 600, 1800, 3600)[rng.randrange(4)])
    agents = people.SOFT_AGENTS if soft else people.USER_AGENTS
    octets = rng.getrandbits(24)
    mac = f"80-5E-C0-{octets >> 16:02X}-{octets >> 8 & 255:02X}-{octets & 255:02X}"
    host = serial + 9
    device = Device(
        id=f"VH{serial:07d}",
        mac="" if soft else mac,
        extension=extension,
        address=f"10.{20 + (host >> 16)}.{host >> 8 & 255}.{host & 255}",
        port=5060 if not soft else rng.randrange(20000, 60000),
        user_agent=people.choose(rng, agents),
        latency=rng.choice((4.0, 9.0, 14.0, 22.0, 38.0, 61.0)) + rng.random() * 8,
        period=period,
        phase=start - 1_000_000 - rng.random() * period,
        provisioned=start - rng.random() * 86_400,
        changed=start - 100_000 - rng.random() * 1_000_000,
        serial=serial,
    )
    device.online = rng.random() >= DRAWER
    extension.devices.append(device)
    building.devices.append(device)


def _add_queues(rng: Random, building: Building, agents: int, start: float) -> None:
    count = max(3, min(len(people.QUEUE_NAMES) * 5, agents // 20))
    first_id = 18_000 + rng.randrange(900)
    for i in range(count):
        floor, which = divmod(i, len(people.QUEUE_NAMES))
        name = people.QUEUE_NAMES[which] + (f" {floor + 1}" if floor else "")
        width = 3 if i % 4 == 1 else 1
        queue = Queue(first_id + i * 3, str(600 + i), name, width)
        queue.received = rng.randrange(60, 240)
        queue.abandoned = round(queue.received * rng.uniform(0.02, 0.12))
        queue.answered = queue.received - queue.abandoned
        queue.hold_time = queue.received * rng.uniform(8, 40)
        queue.max_hold_time = rng.uniform(90, 400)
        queue.talk_time = queue.answered * rng.uniform(90, 240)
        building.queues.append(queue)
    # The last extensions are agents, so that reception and the managers are not.
    for serial, extension in enumerate(building.extensions[-agents:] if agents else [], start=1):
        extension.dnd = False
        extension.reachable, extension.lamp = True, Lamp.NOT_INUSE
        extension.devices[0].online = True
        queues = [building.queues[serial % count]]
        if rng.random() < 0.3:
            other = building.queues[rng.randrange(count)]
            if other not in queues:
                queues.append(other)
        agent = Agent(4_000 + serial, extension, queues, since=start)
        agent.calls_taken = rng.randrange(30)
        extension.agent = agent
        for queue in queues:
            queue.agents.append(agent)
        building.agents.append(agent)


def _add_flows(rng: Random, building: Building, start: float) -> None:
    night = {Lamp.INUSE: "night", Lamp.NOT_INUSE: "day", Lamp.RINGING: "lunch"}
    closed = {Lamp.INUSE: "closed", Lamp.NOT_INUSE: "open"}
    names = (("Day and night", night), ("Workshop open", closed), ("Holiday", closed))
    for i, (name, values) in enumerate(names):
        building.flows.append(
            Flow(
                id=310 + i,
                number=str(7101 + i),
                name=name,
                state=Lamp.NOT_INUSE,
                value=values[Lamp.NOT_INUSE],
                since=start - rng.random() * 40_000,
                values=values,
            )
        )
