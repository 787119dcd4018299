"""The moments of queues, their callers and their agents."""

from __future__ import annotations

from tests.asterisk.captures.scene import CALLS, QUEUES, Scene
from tests.asterisk.waiting import eventually


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
