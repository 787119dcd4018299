"""The moments of calls: ringing, held, parked, sent on, from outside and to it."""

from __future__ import annotations

from tests.asterisk import office
from tests.asterisk.captures.scene import CALLS, LAMPS, Scene, write
from tests.asterisk.phones import connect
from tests.asterisk.waiting import eventually


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
    write("talk-time", b"".join(scene.asked.texts))
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
