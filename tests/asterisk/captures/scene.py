"""What a moment to record needs, and how it is written."""

from __future__ import annotations

from pathlib import Path

from tests.asterisk.manager import Block, Manager
from tests.asterisk.phones import Phone
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
        write(f"{name}-events", _without_answers(self.events))

    def keep_lists(self, name: str, *actions: str) -> None:
        """Ask for lists, and write their answers."""
        self.asked.texts.clear()
        for action in actions:
            self.asked.ask_all(action)
        write(name, b"".join(self.asked.texts))

    def keep_answer(self, name: str, action: str, **fields: str) -> Block:
        self.asked.texts.clear()
        answer = self.asked.ask(action, **fields)
        write(name, b"".join(self.asked.texts))
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


def write(name: str, data: bytes) -> None:
    (FOLDER / f"{name}.txt").write_bytes(data)
    print(f"{name}.txt  {len(data)} bytes")
