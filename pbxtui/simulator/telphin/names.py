"""The office's things by Telphin's names: numeric ids, ``prefix*number``, and the id families."""

from __future__ import annotations

from pbxtui.simulator.actions import NotFound
from pbxtui.simulator.bodies import Object
from pbxtui.simulator.office import Office
from pbxtui.simulator.people import Party
from pbxtui.simulator.things import Agent, Call, Device, Extension, Leg, Queue

DOMAIN = "sipproxy.telphin.ru"


def hex32(uuid: str) -> str:
    """A uuid as Telphin writes ``CallID`` and its like: 32 hexadecimal digits."""
    return uuid.replace("-", "")


class Names:
    """Ids of one client's things, the same for as long as the office stands."""

    def __init__(self, office: Office, client_id: int, prefix: str) -> None:
        self.client_id = client_id
        self.prefix = prefix
        self._office = office
        self.extensions = {self.extension_id(ext): ext for ext in office.building.extensions}
        self.queues = {self.queue_id(queue): queue for queue in office.building.queues}

    def extension_id(self, extension: Extension) -> int:
        return 85_000 + extension.serial

    def queue_id(self, queue: Queue) -> int:
        return 78_000 + queue.id

    def agent_id(self, agent: Agent) -> int:
        return agent.id

    def extension(self, text: str) -> Extension:
        """The phone extension of an id in a path. Raises NotFound."""
        found = self.extensions.get(int(text)) if text.isdecimal() and len(text) < 16 else None
        if found is None:
            raise NotFound(f"no phone extension {text}")
        return found

    def queue(self, text: str) -> Queue:
        found = self.queues.get(int(text)) if text.isdecimal() and len(text) < 16 else None
        if found is None:
            raise NotFound(f"no queue {text}")
        return found

    # --- numbers -----------------------------------------------------------------------------

    def full(self, number: str) -> str:
        """A number of the house with the client's prefix: ``2566*102``."""
        return f"{self.prefix}*{number}"

    def short(self, number: str) -> str:
        return number.removeprefix(f"{self.prefix}*")

    def inside(self, number: str) -> bool:
        return number in self._office.extensions or number in self._office.queue_numbers

    def shown(self, party: Party) -> str:
        """A number as a row has it: with the prefix inside, as dialled outside."""
        return self.full(party.number) if self.inside(party.number) else party.number

    # --- ids of what lives on a call ---------------------------------------------------------

    @staticmethod
    def call_api_id(leg: Leg) -> str:
        """CAPTURED: an unsigned number, a dash, and a uuid."""
        return f"{3_584_700_000 + leg.serial}-{leg.id}"

    @staticmethod
    def call_id(call: Call) -> str:
        return hex32(call.id)

    def leg_id(self, leg: Leg) -> str:
        """``subcall_id`` and ``record_uuid``: the extension's id and 32 hexadecimal digits."""
        own = self.extension_id(leg.extension) if leg.extension is not None else 0
        return f"{own}-{hex32(leg.id)}"

    @staticmethod
    def registration_id(device: Device) -> str:
        return f"uloc-572b0ffb-{device.serial:04x}-001"

    # --- extension objects -------------------------------------------------------------------

    def phone_object(self, extension: Extension) -> Object:
        return self._object(self.extension_id(extension), "phone", extension.number)

    def queue_object(self, queue: Queue) -> Object:
        return self._object(self.queue_id(queue), "queue", queue.number)

    def _object(self, id: int, kind: str, number: str) -> Object:
        return {
            "id": id,
            "type": kind,
            "name": f"{self.full(number)}@{DOMAIN}",
            "client_id": self.client_id,
            "extension_group_id": None,
        }
