"""What stands in the office as Telphin writes it: extensions, registrations, queues, agents, DIDs.

Field names and types are DOCUMENTED; examples of a registration and an extension are too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from pbxtui.simulator.actions import Invalid
from pbxtui.simulator.bodies import Json, Object
from pbxtui.simulator.office import Office
from pbxtui.simulator.telphin.names import DOMAIN, Names
from pbxtui.simulator.telphin.switches import TelphinSwitches
from pbxtui.simulator.things import Agent, Device, Extension, Queue

_PHONE_FIELDS = {
    "external_number": str,
    "allow_webrtc": bool,
    "record_enabled": bool,
    "call_screening_enabled": bool,
    "auth_type": str,
    "password": str,
}
_EXPIRES = 699


class RemoteAgent:
    """An agent at a telephone outside; no caller of the office ever reaches one."""

    def __init__(self, id: int, name: str, number: str) -> None:
        self.id = id
        self.name = name
        self.number = number
        self.status = "available"


class Things:
    """Extensions, phones, queues, agents and numbers as Telphin writes them."""

    def __init__(self, office: Office, names: Names, switches: TelphinSwitches) -> None:
        self._office = office
        self._names = names
        self._switches = switches
        self.blocked: set[str] = set()
        """Numbers of the extensions whose status is ``blocked``."""
        self.phones: dict[str, Object] = {}
        """The phone properties that were changed, by extension number."""
        self.remote = [
            RemoteAgent(9_000 + n, f"Home office {n}", f"+44770090{n:04d}")
            for n in range(1, switches.remote_agents + 1)
        ]

    @property
    def _created(self) -> str:
        return "2020-03-16 12:11:13"

    # --- extensions --------------------------------------------------------------------------

    def extensions(self) -> Iterator[Object]:
        """Every extension: phones, queues, and an IVR, which no call goes through here."""
        for ext in self._office.building.extensions:
            yield self.extension(ext)
        for queue in self._office.building.queues:
            yield self.queue_extension(queue)
        yield self._extension(97_999, "ivr", "800", "Welcome", None)

    def extension(self, ext: Extension) -> Object:
        return self._extension(
            self._names.extension_id(ext), "phone", ext.number, ext.name, ext.name
        )

    def queue_extension(self, queue: Queue) -> Object:
        return self._extension(self._names.queue_id(queue), "queue", queue.number, queue.name, None)

    def _extension(
        self, id: int, kind: str, number: str, label: str, caller_id_name: str | None
    ) -> Object:
        return {
            "id": id,
            "name": self._names.full(number),
            "type": kind,
            "status": "blocked" if number in self.blocked else "active",
            "domain": DOMAIN,
            "label": label,
            "caller_id_name": caller_id_name,
            "ani": None,
            "message_did": None,
            "client_id": self._names.client_id,
            "extension_group_id": None,
            "dial_rule_id": None,
            "dial_rule_limit": None,
            "ani_rfc3325": False,
            "did_as_transfer_caller_id": "default",
            "create_date": self._created,
            "extra_params": "{}",
        }

    # --- phones ------------------------------------------------------------------------------

    def phone(self, ext: Extension) -> Object:
        """The properties of a phone: its settings, not whether it is there."""
        return {
            "extension_id": self._names.extension_id(ext),
            "external_number": None,
            "auth_type": "digest",
            "password": f"sip-password-{ext.number}",
            "allow_webrtc": False,
            "record_enabled": False,
            "call_screening_enabled": False,
            **self.phones.get(ext.number, {}),
        }

    def change_phone(self, ext: Extension, body: Object) -> None:
        changes: Object = {}
        for key, value in body.items():
            wanted = _PHONE_FIELDS.get(key)
            cleared = key == "external_number" and value is None
            if wanted is None or not (cleared or isinstance(value, wanted)):
                raise Invalid(f"{key} cannot be set so")
            changes[key] = value
        self.phones.setdefault(ext.number, {}).update(changes)

    def registration(self, ext: Extension) -> Object:
        """One extension's registrations; for a phone that is off, its last ones."""
        online = [device for device in ext.devices if device.online]
        shown = online
        if not online and self._switches.expired_listed:
            shown = ext.devices
        return {
            "extension_id": self._names.extension_id(ext),
            "registered": bool(online),
            "registrations": [self._registration(device) for device in shown],
        }

    def _registration(self, device: Device) -> Object:
        now = self._office.now
        left = round(device.last_success(now) + device.period + 60 - now)
        expires: Json = min(left, _EXPIRES * 10)
        if self._switches.expires == "date":
            moment = datetime.fromtimestamp(int(now + left), UTC)
            expires = moment.strftime("%Y-%m-%d %H:%M:%S")
        elif self._switches.expires == "string":
            expires = str(expires)
        user = self._names.full(device.extension.number)
        return {
            "device": device.user_agent,
            "real_address": f"sip:{device.address}:{device.port}",
            "contact_address": f"sip:{user}@{device.address}:{device.port}",
            "expires": expires,
            "registration_id": self._names.registration_id(device),
        }

    def change_status(self, ext: Extension, body: Object) -> None:
        """``status`` of an extension. A blocked one's phones lose their registrations."""
        status = body.get("status", "active")
        if status not in ("active", "blocked"):
            raise Invalid("status is one of active, blocked")
        if status == "blocked":
            self.blocked.add(ext.number)
        else:
            self.blocked.discard(ext.number)
        for device in ext.devices:
            self._office.set_online(device, status == "active")

    # --- queues and agents -------------------------------------------------------------------

    def queue(self, queue: Queue) -> Object:
        """A queue's configuration. It says nothing of who waits or who serves."""
        return {
            "extension_id": self._names.queue_id(queue),
            "strategy": "ring-all" if queue.width > 1 else "longest-idle-agent",
            "sound": None,
            "sound_type": "music",
            "announce_sound": None,
            "announce_frequency": 0,
            "start_sound": None,
            "max_wait_time": 3600,
            "max_wait_time_with_no_agent": 0,
            "tier_rules_apply": False,
            "tier_rule_wait_second": 0,
            "tier_rule_wait_multiply_level": False,
            "exit_key": None,
            "exit_transfer_dst": None,
            "timeout_transfer_dst": None,
            "no_agent_timeout_transfer_dst": None,
            "exit_with_no_av_agents": False,
            "agent_announce_sound": None,
            "agent_hangup_action": "transfer",
            "agent_hangup_transfer_dst": None,
            "agent_report_wait_time": False,
            "append_to_cid_name_on_transfer": None,
            "record_enabled": False,
        }

    def invented_status(self, queue: Queue) -> Object:
        """A body for queue/status/. Nobody knows the real one; this is made up."""
        return {
            "invented": True,
            "extension_id": self._names.queue_id(queue),
            "waiting": len(queue.callers),
        }

    def local_agent(self, agent: Agent) -> Object:
        status = "available" if agent.logged_in else "logged_out"
        name = agent.extension.name
        return {
            **self._agent(self._names.agent_id(agent), name, status),
            "extension_id": self._names.extension_id(agent.extension),
        }

    def remote_agent(self, agent: RemoteAgent) -> Object:
        return {**self._agent(agent.id, agent.name, agent.status), "number": agent.number}

    def _agent(self, id: int, name: str, status: str) -> Object:
        as_object: Json = {"name": status}
        return {
            "id": id,
            "name": name,
            "status": status if self._switches.agent_status == "string" else as_object,
            "call_timeout": 60,
            "wrap_up_time": 0,
            "busy_delay_time": 10,
            "no_answer_delay_time": 10,
            "reject_delay_time": 10,
            "agent_sound_id": None,
            "extra_params": None,
        }

    # --- numbers and limits ------------------------------------------------------------------

    def dids(self) -> list[Object]:
        """Each outside number of the house once, with the extension that it rings."""
        building = self._office.building
        found: dict[str, int] = {}
        for queue in building.queues:
            number = f"{building.did_prefix}{900 + queue.id % 100:03d}"
            found.setdefault(number, self._names.queue_id(queue))
        for ext in building.extensions:
            found.setdefault(building.did_of(ext), self._names.extension_id(ext))
        return [
            {
                "id": 5_000 + n,
                "name": number.removeprefix("+"),
                "domain": None,
                "client_id": self._names.client_id,
                "extension_id": extension_id,
                "comment": None,
                "create_date": self._created,
                "allow_message": False,
                "message_extension_id": None,
            }
            for n, (number, extension_id) in enumerate(found.items())
        ]

    def limits(self) -> Object:
        phones = len(self._office.building.extensions)
        return {
            "calls_limit": max(100, phones),
            "extension_limit": max(500, 2 * phones),
            "reg_limit": max(500, 2 * phones),
            "event_limit": 20,
            "extension_agent_limit": 100,
            "remote_agent_limit": 20,
            "extension_group_limit": 10,
            "user_client_limit": 5,
            "user_extension_limit": 100,
            "user_extension_group_limit": 10,
            "application_limit": 10,
            "disk_quota": 0,
        }
