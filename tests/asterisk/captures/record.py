"""Record what a real Asterisk sends at the moments that matter, one file a moment.

    python -m tests.asterisk.captures.record [moment …]

Each file holds the bytes as they came from the AMI's TCP connection: either the answers to the
lists (``NAME.txt``), or the events that led there (``NAME-events.txt``). Unlike the rest of what
the tests write, the files are kept: they are the fixtures of the tests that read the wire.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from tests.asterisk import office
from tests.asterisk.manager import Block, Manager
from tests.asterisk.phones import Phone, connect
from tests.asterisk.rig import Rig
from tests.asterisk.waiting import eventually

FOLDER = Path(__file__).parent
CALLS = ("CoreShowChannels", "ParkedCalls")
QUEUES = ("QueueStatus",)
PHONES = ("PJSIPShowEndpoints", "PJSIPShowContacts")
MASK = "system,call,agent,reporting"
LAMPS = ("ExtensionStateList",)


class Scene:
    """What a moment needs: the rig, its phones, and the recording of the events."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.events = rig.ami(events=MASK)
        self.asked = rig.ami()
        self.plugged: list[Phone] = []

    def phone(self, extension: str) -> Phone:
        new = Phone(self.rig, extension)
        self.plugged.append(new)
        return new.register()

    def trunk(self) -> Phone:
        new = Phone.trunk(self.rig)
        self.plugged.append(new)
        return new

    def begin(self) -> None:
        """Forget the events that led up to the moment."""
        self.events.forget()

    def keep_events(self, name: str) -> None:
        """Write the events since ``begin``."""
        self.events.ask("Ping")
        _write(f"{name}-events", _without_answers(self.events))

    def keep_lists(self, name: str, *actions: str) -> None:
        """Ask for lists, and write their answers."""
        self.asked.texts.clear()
        for action in actions:
            self.asked.ask_all(action)
        _write(name, b"".join(self.asked.texts))

    def keep_answer(self, name: str, action: str, **fields: str) -> Block:
        self.asked.texts.clear()
        answer = self.asked.ask(action, **fields)
        _write(name, b"".join(self.asked.texts))
        return answer

    def channel(self, endpoint: str) -> str:
        """The name of the channel of a phone."""

        def named() -> str:
            names = [row["Channel"] for row in self.rig.channels()]
            return next((name for name in names if name.startswith(f"PJSIP/{endpoint}-")), "")

        return eventually(named)

    def bridged(self, count: int) -> None:
        """Wait until so many channels are in a bridge."""
        eventually(lambda: sum(bool(row["BridgeId"]) for row in self.rig.channels()) == count)

    def close(self) -> None:
        self.rig.hang_up_everything()
        for phone in self.plugged:
            if phone.registered:
                phone.unregister()
            phone.stop()
        self.events.close()
        self.asked.close()


def _without_answers(manager: Manager) -> bytes:
    kept = (text for text in manager.texts if text.startswith(b"Event:"))
    return b"".join(text for text in kept if not text.startswith(b"Event: TestEvent"))


def _write(name: str, data: bytes) -> None:
    (FOLDER / f"{name}.txt").write_bytes(data)
    print(f"{name}.txt  {len(data)} bytes")


def nobody(scene: Scene) -> None:
    scene.keep_answer("no-contacts", "PJSIPShowContacts")
    scene.keep_answer("unknown-action", "Nonsense")
    scene.keep_lists("no-calls", *CALLS)


def ringing(scene: Scene) -> None:
    alice, bob = scene.phone("1001"), scene.phone("1002")
    scene.begin()
    call = alice.dial("1002")
    bob.incoming()
    call.rings()
    scene.keep_events("ringing")
    scene.keep_lists("ringing", *CALLS)


def talking(scene: Scene) -> None:
    alice, bob = scene.phone("1001"), scene.phone("1002")
    scene.begin()
    call, _ = connect(alice, bob)
    scene.bridged(2)
    scene.keep_events("talking")
    scene.keep_lists("talking", *CALLS, *LAMPS)
    scene.begin()
    call.hang_up()
    eventually(lambda: not scene.rig.channels())
    scene.keep_events("hangup")


def held(scene: Scene) -> None:
    _, incoming = connect(scene.phone("1001"), scene.phone("1002"))
    scene.bridged(2)
    scene.begin()
    incoming.hold()
    scene.events.wait("Hold")
    scene.keep_events("held")
    scene.keep_lists("held", *CALLS, *LAMPS, "DeviceStateList")
    scene.begin()
    incoming.resume()
    scene.events.wait("Unhold")
    scene.keep_events("resumed")


def queue_waiting(scene: Scene) -> None:
    alice, bob = scene.phone("1001"), scene.phone("1002")
    alice.dial("600").talks()
    scene.events.wait("QueueCallerJoin", Position="1")
    scene.begin()
    second = bob.dial("600").talks()
    scene.events.wait("QueueCallerJoin", Position="2")
    scene.keep_events("queue-waiting")
    scene.keep_lists("queue-waiting", *CALLS, *QUEUES)
    scene.begin()
    second.hang_up()
    scene.events.wait("QueueCallerAbandon")
    scene.keep_events("queue-abandoned")


def queue_local(scene: Scene) -> None:
    alice, erin = scene.phone("1001"), scene.phone("1005")
    scene.begin()
    alice.dial("600").talks()
    incoming = erin.incoming()
    scene.keep_events("queue-ringing-local")
    scene.keep_lists("queue-ringing-local", *CALLS, *QUEUES)
    scene.begin()
    incoming.answer()
    scene.bridged(4)
    scene.keep_events("queue-answered-local")
    scene.keep_lists("queue-answered-local", *CALLS, *QUEUES)
    scene.begin()

    def optimised() -> bool:
        incoming.speak()
        return not any(row["Channel"].startswith("Local/") for row in scene.rig.channels())

    eventually(optimised)
    scene.bridged(2)
    scene.keep_events("local-optimised")
    scene.keep_lists("local-optimised", *CALLS)


def queue_answered(scene: Scene) -> None:
    alice, carol = scene.phone("1001"), scene.phone("1003")
    alice.dial("600").talks()
    incoming = carol.incoming()
    scene.begin()
    incoming.answer()
    scene.bridged(2)
    scene.events.wait("AgentConnect")
    scene.keep_events("queue-answered")
    scene.keep_lists("queue-answered", *CALLS, *QUEUES)
    scene.begin()
    incoming.hang_up()
    scene.events.wait("AgentComplete")
    scene.keep_events("queue-completed")
    scene.keep_lists("queue-completed", *QUEUES)


def queue_wrapup(scene: Scene) -> None:
    alice, heidi = scene.phone("1001"), scene.phone("1008")
    alice.dial("601").talks()
    incoming = heidi.incoming()
    incoming.answer()
    scene.bridged(2)
    incoming.hang_up()
    eventually(lambda: not scene.rig.channels())
    scene.keep_lists("queue-wrapup", *QUEUES)


def agent_paused(scene: Scene) -> None:
    scene.phone("1003")
    scene.begin()
    scene.keep_answer(
        "agent-pause-answer",
        "QueuePause",
        Interface="PJSIP/1003",
        Queue="support",
        Paused="true",
        Reason="lunch",
    )
    scene.events.wait("QueueMemberPause")
    scene.keep_events("agent-paused")
    scene.keep_lists("agent-paused", *QUEUES)
    scene.asked.ask("QueuePause", Interface="PJSIP/1003", Paused="false")


def parked(scene: Scene) -> None:
    connect(scene.phone("1001"), scene.phone("1002"))
    scene.bridged(2)
    scene.keep_lists("parked-before", *CALLS)
    scene.begin()
    scene.asked.ask(
        "Redirect",
        Channel=scene.channel("1001"),
        Context=office.CONTEXT,
        Exten="700",
        Priority="1",
    )
    scene.events.wait("ParkedCall")
    eventually(lambda: len(scene.rig.channels()) == 1)
    scene.keep_events("parked")
    scene.keep_lists("parked", *CALLS, "BridgeList", "Parkinglots")


def parked_by_phone(scene: Scene) -> None:
    alice, bob, grace = scene.phone("1001"), scene.phone("1002"), scene.phone("1007")
    connect(alice, bob)
    scene.bridged(2)
    answer = scene.asked.ask(
        "Park", Channel=scene.channel("1002"), TimeoutChannel=scene.channel("1001")
    )
    print(answer)
    scene.events.wait("ParkedCall")
    scene.keep_lists("parked-by-action", *CALLS)
    scene.begin()
    grace.dial("701").talks()
    scene.events.wait("UnParkedCall")
    scene.bridged(2)
    scene.keep_events("unparked")
    scene.keep_lists("unparked", *CALLS)


def blind_transfer(scene: Scene) -> None:
    alice, bob, frank = scene.phone("1001"), scene.phone("1002"), scene.phone("1006")
    connect(alice, bob)
    scene.bridged(2)
    scene.keep_lists("blind-transfer-before", *CALLS)
    scene.begin()
    scene.asked.ask(
        "BlindTransfer", Channel=scene.channel("1002"), Context=office.CONTEXT, Exten="1006"
    )
    incoming = frank.incoming()
    scene.keep_events("blind-transfer")
    scene.keep_lists("blind-transfer", *CALLS)
    incoming.answer()
    scene.bridged(2)
    scene.keep_lists("blind-transfer-answered", *CALLS)


def attended_transfer(scene: Scene) -> None:
    alice, bob, frank = scene.phone("1001"), scene.phone("1002"), scene.phone("1006")
    connect(alice, bob)
    scene.bridged(2)
    scene.keep_lists("attended-transfer-before", *CALLS)
    scene.begin()
    scene.asked.ask("Atxfer", Channel=scene.channel("1002"), Context=office.CONTEXT, Exten="1006")
    incoming = frank.incoming()
    scene.keep_events("attended-transfer-ringing")
    scene.keep_lists("attended-transfer-ringing", *CALLS)
    incoming.answer()
    scene.bridged(5)
    scene.keep_lists("attended-transfer-consulting", *CALLS)


def talk_time(scene: Scene) -> None:
    call, _ = connect(scene.phone("1001"), scene.phone("1002"))
    scene.bridged(2)

    def billed() -> bool:
        rows = scene.asked.ask_all("Status", Variables="CDR(billsec)")
        return any(row.get("Variable") == "CDR(billsec)=2" for row in rows)

    eventually(billed)
    scene.asked.texts.clear()
    scene.asked.ask_all("Status", Variables="CDR(billsec)")
    _write("talk-time", b"".join(scene.asked.texts))
    call.hang_up()


def conference(scene: Scene) -> None:
    for extension in ("1001", "1002", "1006"):
        scene.phone(extension).dial("801").talks()
    scene.bridged(3)
    scene.keep_lists("conference", *CALLS)


def echo(scene: Scene) -> None:
    scene.phone("1001").dial("800").talks()
    scene.keep_lists("echo", *CALLS)


def trunk_in(scene: Scene) -> None:
    bob, outside = scene.phone("1002"), scene.trunk()
    name = "[bold]Eve[/bold] \x1b[31m \u202eeve\u202c Zo\u00eb \U0001f480"
    scene.begin()
    call = outside.dial("1002", name=name)
    incoming = bob.incoming()
    call.rings()
    incoming.answer()
    call.talks()
    scene.bridged(2)
    scene.keep_events("trunk-in-hostile-name")
    scene.keep_lists("trunk-in-hostile-name", *CALLS)


def trunk_out(scene: Scene) -> None:
    alice, outside = scene.phone("1001"), scene.trunk()
    call = alice.dial("900442079460958")
    outside.incoming().answer()
    call.talks()
    scene.bridged(2)
    scene.keep_lists("trunk-out", *CALLS)


def phones(scene: Scene) -> None:
    scene.begin()
    alice, heidi = scene.phone("1001"), scene.phone("1008")
    scene.events.wait("ContactStatus", ContactStatus="Reachable")
    scene.keep_events("phone-registered")
    scene.keep_lists("phones", *PHONES, *LAMPS, "DeviceStateList")
    scene.begin()
    alice.unregister()
    scene.events.wait("ContactStatus", ContactStatus="Removed")
    scene.keep_events("phone-unregistered")
    scene.begin()
    heidi.stop()
    scene.events.wait("ContactStatus", ContactStatus="Unreachable")
    scene.keep_events("phone-unreachable")
    scene.keep_lists("phone-unreachable", *PHONES, *LAMPS)


def trunks(scene: Scene) -> None:
    def registered() -> bool:
        rows = scene.asked.ask_all("PJSIPShowRegistrationsOutbound")
        return any(row.get("Status") == "Registered" for row in rows)

    eventually(registered)
    scene.keep_lists("outbound-registrations", "PJSIPShowRegistrationsOutbound")


def originate(scene: Scene) -> None:
    order = {"Context": office.CONTEXT, "Exten": "800", "Priority": "1", "Async": "true"}
    scene.begin()
    scene.keep_answer("originate-answer", "Originate", Channel="PJSIP/1004", **order)
    scene.events.wait("OriginateResponse", Response="Failure")
    scene.keep_events("originate-failed")
    bob = scene.phone("1002")
    scene.begin()
    scene.asked.ask("Originate", Channel="PJSIP/1002", CallerID='"Dial" <1002>', **order)
    bob.incoming()
    scene.keep_lists("originate-ringing", *CALLS)
    scene.keep_events("originate-ringing")


def rights(scene: Scene) -> None:
    for name, login in (("", office.NOC), ("-reader", office.READER), ("-dialler", office.DIALLER)):
        with scene.rig.ami(login) as manager:
            manager.texts.clear()
            manager.ask("ListCommands")
            _write(f"commands{name}", b"".join(manager.texts))


def refusals(scene: Scene) -> None:
    """What is answered to actions on what is not there, or cannot be done to it."""
    nobody_there = {"Channel": "PJSIP/1001-0000ffff"}
    there = {"Context": office.CONTEXT, "Exten": "1006"}
    carol = {"Interface": "PJSIP/1003", "Queue": "support"}
    scene.asked.texts.clear()
    for action, fields in (
        ("Hangup", nobody_there),
        ("BlindTransfer", nobody_there | there),
        ("Redirect", nobody_there | there | {"Priority": "1"}),
        ("Atxfer", nobody_there | there),
        ("Park", nobody_there),
        ("PlayDTMF", nobody_there | {"Digit": "1"}),
        ("MixMonitor", nobody_there | {"File": "x.wav"}),
        ("Originate", there | {"Channel": "PJSIP/1001", "Exten": "5555", "Priority": "1"}),
        ("QueuePause", {"Interface": "PJSIP/1001", "Paused": "true"}),
        ("QueueAdd", carol),
        ("QueueAdd", {"Interface": "PJSIP/1001", "Queue": "nowhere"}),
        ("QueueRemove", carol),
        ("QueueRemove", {"Interface": "PJSIP/1001", "Queue": "support"}),
        ("Setvar", {"Variable": "DEVICE_STATE(PJSIP/1001)", "Value": "INUSE"}),
        ("PJSIPNotify", {"Endpoint": "nobody", "Variable": "Event=check-sync"}),
    ):
        scene.asked.ask(action, **fields)
    _write("refusals", b"".join(scene.asked.texts))


def flows(scene: Scene) -> None:
    def night(state: str) -> None:
        scene.asked.ask("Setvar", Variable=f"DEVICE_STATE({office.NIGHT})", Value=state)

    night("NOT_INUSE")
    scene.keep_lists("flows", *LAMPS, "DeviceStateList")
    scene.begin()
    night("INUSE")
    scene.events.wait("ExtensionStatus", Exten="810")
    scene.keep_events("flow-set")


def logins(scene: Scene) -> None:
    with scene.rig.ami(None) as manager:
        manager.login("noc", "wrong")
        _write("login-refused", manager.banner.encode() + b"\r\n" + b"".join(manager.texts))
    with scene.rig.ami(None) as manager:
        manager.login(office.NOC.username, office.NOC.secret, events=MASK)
        manager.wait("FullyBooted")
        _write("login", manager.banner.encode() + b"\r\n" + b"".join(manager.texts))
    with scene.rig.ami(office.GUEST) as manager:
        manager.texts.clear()
        manager.ask("CoreShowChannels")
        _write("permission-denied", b"".join(manager.texts))


def core(scene: Scene) -> None:
    scene.keep_lists("core", "CoreSettings", "CoreStatus", "Ping")


MOMENTS: dict[str, Callable[[Scene], None]] = {
    moment.__name__: moment
    for moment in (
        nobody,
        ringing,
        talking,
        held,
        queue_waiting,
        queue_local,
        queue_answered,
        queue_wrapup,
        agent_paused,
        parked,
        parked_by_phone,
        blind_transfer,
        attended_transfer,
        talk_time,
        conference,
        echo,
        trunk_in,
        trunk_out,
        phones,
        trunks,
        originate,
        rights,
        refusals,
        flows,
        logins,
        core,
    )
}


def main(wanted: list[str]) -> int:
    """Record the moments of these names, or all of them."""
    rig = Rig()
    try:
        rig.start()
        for name in wanted or MOMENTS:
            scene = Scene(rig)
            try:
                MOMENTS[name](scene)
            finally:
                scene.close()
        version = rig.cli("core show version").split(" built ")[0]
        (FOLDER / "README").write_text(
            f"AMI bytes as {version} sent them, recorded by "
            "`python -m tests.asterisk.captures.record`; its TestEvents are left out.\n",
            encoding="utf-8",
        )
    finally:
        rig.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
