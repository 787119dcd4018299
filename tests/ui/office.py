"""An office for pictures: every state of a phone, of a queue and of an agent, at three sites."""

from __future__ import annotations

from dataclasses import replace

from pbxtui.model import (
    Agent,
    AgentState,
    Call,
    Caller,
    Certainty,
    Device,
    DeviceState,
    Key,
    Kind,
    Lamp,
    LampState,
    LegState,
    Party,
    Queue,
    Thing,
    Topic,
)
from tests.ui.stage import NOON, Stage, call, set_stage

SITES = ("hq", "branch", "cloud")
NAMES = (
    *("Front desk", "Amelia Ødegård", "Renée Volkov", "Meeting room", "王小明", "Zsófia Iqbal"),
    *("Lift", "Grace Dupré", "Warehouse gate", "Iolo Prosser", "Harriet Thorne", "Nia Müller"),
    *("Boardroom", "Siân Gray", "Łukasz Byrne", "Door phone", "Elspeth Fletcher", "Till 1"),
)
AGENTS = (
    "Yealink SIP-T46S 66.86.0.15",
    "snomD785/10.1.54.13",
    "Grandstream GXP2170 1.0.11.64",
    "PolyVVX-VVX_450-UA/6.4.3.5814",
)


def phones() -> list[Device]:
    """Phones of three makes of PBX: one says all, one little, one leaves the state to infer."""
    found = []
    for n, name in enumerate(NAMES):
        state = DeviceState.REGISTERED
        if n % 6 == 3:
            state = DeviceState.UNREGISTERED
        elif n % 9 == 7:
            state = DeviceState.UNREACHABLE
        there = state is DeviceState.REGISTERED
        found.append(
            Device(
                "hq",
                f"SIP/{401 + n}",
                state,
                extension=str(401 + n),
                name=name,
                address=f"10.20.0.{10 + n}:5060" if there else "",
                user_agent=AGENTS[n % 4],
                last_seen=NOON - 7 * n,
                since=NOON - 5000 * (n + 1),
                rtt_ms=(12.0 + 9 * n if n != 5 else 312.0) if there else None,
            )
        )
    for n, name in enumerate(NAMES[:8]):
        state = DeviceState.UNKNOWN if n == 4 else DeviceState.REGISTERED
        found.append(
            Device("branch", f"{201 + n}-ACME", state, extension=str(201 + n), name=name, rtt_ms=23)
        )
    for n in range(6):
        state = DeviceState.UNREGISTERED if n == 2 else DeviceState.REGISTERED
        found.append(
            Device(
                "cloud",
                f"38-99-62-93-E2-A{n}",
                state,
                Certainty.INFERRED,
                address=f"198.51.100.{20 + n}",
                last_seen=NOON - (90000 if n == 2 else 30 * n),
                since=NOON - 90000 if n == 2 else None,
            )
        )
    return found


def calls() -> list[Call]:
    return [
        call("call1", from_=Party("+442079460958", "Harbour Taxi"), to=Party("401", ""), age=133),
        call("call2", LegState.RINGING, from_=Party("+4570101112"), to=Party("402", ""), age=4),
        call("call3", LegState.HELD, from_=Party("+4420"), to=Party("406", ""), age=71),
        call("call4", site="branch", from_=Party("202"), to=Party("203", ""), age=1312),
        call("call5", LegState.QUEUED, from_=Party("+441632960822", "Wessex Water"), age=147),
    ]


def lamps() -> list[Lamp]:
    return [
        Lamp("branch", "l201", LampState.IN_USE, extension="201", since=NOON - 31),
        Lamp("branch", "l204", LampState.DND, extension="204"),
    ]


def queues() -> list[Queue]:
    waiting = (
        Caller("w1", 1, Party("+441632960822", "Wessex Water"), NOON - 147, "call5"),
        Caller("w2", 2, Party("+4570101112"), NOON - 64),
        Caller("w3", 3, Party("", "Anonymous"), NOON - 9),
    )
    return [
        Queue(
            "hq",
            "support",
            "Support",
            callers=waiting,
            available=1,
            logged_in=6,
            answered=241,
            abandoned=17,
            hold_time=33,
            talk_time=214,
            service_level=87.4,
            strategy="rrmemory",
        ),
        Queue("hq", "sales", "Sales", callers=waiting[1:2], answered=98, abandoned=2),
        Queue("hq", "night", "Night", callers=()),
        Queue("branch", "18750", "Accounts", callers=(), available=2, logged_in=5, answered=116),
        Queue("cloud", "77", "Reception", strategy="ring-all"),
    ]


def agents() -> list[Agent]:
    reasons = {AgentState.PAUSED: "lunch"}
    found = [
        Agent(
            "hq",
            f"SIP/{401 + n}",
            state,
            name=NAMES[n],
            extension=str(401 + n),
            queues=("support", "sales") if n == 1 else ("support",),
            paused_in=("support",) if state is AgentState.PAUSED else (),
            paused_reason=reasons.get(state, ""),
            since=NOON - 97 * (n + 1),
            calls_taken=5 * n,
        )
        for n, state in enumerate(AgentState)
    ]
    dead = replace(found[0], id="SIP/404", name=NAMES[3], extension="404")
    out = Agent("hq", "SIP/440", AgentState.LOGGED_OUT, name="Till 1", queues=("night",))
    loose = Agent("cloud", "local/7", AgentState.READY, name="Iolo Osei", extension="512")
    return [*found, dead, out, loose]


def office(*, ascii: bool = False, theme: str = "dark") -> Stage:
    """The office on a stage; ``hq`` says everything, ``cloud`` has no name for its phones."""
    things: list[Thing] = [*phones(), *calls(), *lamps(), *queues(), *agents()]
    stage = set_stage(*things, sites=SITES, ascii=ascii, theme=theme)
    for name, make in zip(SITES, ("asterisk", "mirta", "telphin"), strict=True):
        stage.fleet.site(name).kind = make
    stage.backends["hq"].origins = {
        Kind.DEVICES: {
            "id": "ObjectName of PJSIPShowEndpoints",
            "state": "Status of its contact",
            "certainty": "inferred for a contact in the configuration",
            "user_agent": "UserAgent of its contact",
            "last_seen": "not on the wire",
        },
        Kind.QUEUES: {"id": "Queue", "answered": "Completed", "callers": "QueueEntry"},
    }
    return stage


async def a_phone_goes(stage: Stage) -> None:
    """Two phones change their state, one after another."""
    known = {one.id: one for one in phones() if one.site == "hq"}
    for id_, state in (("SIP/403", DeviceState.UNREACHABLE), ("SIP/404", DeviceState.REGISTERED)):
        known[id_] = replace(known[id_], state=state)
        stage.give(*known.values(), kind=Kind.DEVICES)
        await stage.read("hq", Topic.DEVICES)
        stage.clock.now += 42


QUEUE = Key("hq", "support")
