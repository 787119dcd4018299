"""Record what a real Asterisk sends at the moments that matter, one file a moment.

    python -m tests.asterisk.captures.record [moment …]

Each file holds the bytes as they came from the AMI's TCP connection: either the answers to the
lists (``NAME.txt``), or the events that led there (``NAME-events.txt``). Unlike the rest of what
the tests write, the files are kept: they are the fixtures of the tests that read the wire.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.asterisk import office
from tests.asterisk.captures.calling import (
    attended_transfer,
    blind_transfer,
    conference,
    echo,
    held,
    nobody,
    parked,
    parked_by_phone,
    ringing,
    talk_time,
    talking,
    trunk_in,
    trunk_out,
)
from tests.asterisk.captures.queueing import (
    agent_paused,
    queue_answered,
    queue_local,
    queue_waiting,
    queue_wrapup,
)
from tests.asterisk.captures.scene import CALLS, FOLDER, LAMPS, MASK, PHONES, Scene, write
from tests.asterisk.rig import Rig
from tests.asterisk.waiting import eventually


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
            write(f"commands{name}", b"".join(manager.texts))


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
    write("refusals", b"".join(scene.asked.texts))


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
        write("login-refused", manager.banner.encode() + b"\r\n" + b"".join(manager.texts))
    with scene.rig.ami(None) as manager:
        manager.login(office.NOC.username, office.NOC.secret, events=MASK)
        manager.wait("FullyBooted")
        write("login", manager.banner.encode() + b"\r\n" + b"".join(manager.texts))
    with scene.rig.ami(office.GUEST) as manager:
        manager.texts.clear()
        manager.ask("CoreShowChannels")
        write("permission-denied", b"".join(manager.texts))


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
