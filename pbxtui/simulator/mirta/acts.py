"""The request types which change something, and what they are answered."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from pbxtui.simulator.actions import ActionError, Invalid, NotFound
from pbxtui.simulator.mirta import members, moves
from pbxtui.simulator.mirta.channels import Channels
from pbxtui.simulator.mirta.door import Asked
from pbxtui.simulator.mirta.replies import NOTHING, Json, Reply, either, sentence, written
from pbxtui.simulator.mirta.switches import MirtaSwitches
from pbxtui.simulator.office import Office
from pbxtui.simulator.things import Device, Extension, Lamp, Leg, Queue

AWAY = 20.0
"""Seconds after which a phone that was unregistered or restarted registers again."""
_STATES = (Lamp.INUSE, Lamp.NOT_INUSE, Lamp.UNAVAILABLE, Lamp.RINGING)


class Acts:
    """Actions over the office. What fails is answered with a sentence, and nothing is done."""

    def __init__(
        self,
        office: Office,
        switches: MirtaSwitches,
        channels: Channels,
        rng: Random,
        passwords: dict[str, str],
    ) -> None:
        self._office = office
        self._switches = switches
        self._channels = channels
        self._rng = rng
        self._passwords = passwords

    # --- words -------------------------------------------------------------------------------

    def _done(self, asked: Asked, words: str, *, known: bool = False) -> Reply:
        """The answer to what has worked. AGENT and QUEUE are ``known`` to say ``OK``."""
        form = "ok" if known else self._switches.answer
        if form == "ok":
            return sentence("OK", self._switches.newline)
        if form == "success":
            return Reply(f"Success|{words}|".encode())
        return written({"Response": "Success", "Message": words}) if form == "json" else NOTHING

    def _failed(self, words: str) -> Reply:
        if self._switches.failure == "error":
            return Reply(f"Error|{words}|".encode())
        return sentence(words, self._switches.newline)

    def _try(self, do: Callable[[], Reply]) -> Reply:
        try:
            return do()
        except ActionError as error:
            return self._failed(str(error))

    def _leg(self, channel: str) -> Leg:
        leg = self._channels.find(channel) if channel else None
        if leg is None:
            raise NotFound("No such channel")
        return leg

    def _queue(self, asked: Asked, name: str) -> Queue:
        text, number = asked.get(name), asked.get("number")
        queue = self._office.queues.get(int(text)) if text.isdecimal() else None
        queue = queue or self._office.queue_numbers.get(number)
        if queue is None:
            raise NotFound("Queue not found, specify id or number")
        return queue

    # --- calls -------------------------------------------------------------------------------

    def hangup(self, asked: Asked) -> Reply:
        def do() -> Reply:
            phone = next(filter(None, map(asked.get, ("extension", "number", "source"))), "")
            if phone and not asked.get("channel"):
                legs = list(members.extension_of(self._office, phone).legs)
                if not legs:
                    raise NotFound("No such channel")
                for leg in legs:
                    if leg.alive:
                        self._office.hangup_leg(leg.id)
            else:
                leg = self._leg(asked.get("channel"))
                moves.hang_up(self._office, leg, self._channels.asking)
            return self._done(asked, "Channel Hungup")

        return self._try(do)

    def transfer(self, asked: Asked) -> Reply:
        def do() -> Reply:
            leg, extra = self._leg(asked.get("channel")), asked.get("extrachannel")
            moves.redirect(
                self._office, leg, self._leg(extra) if extra else None, asked.get("dest")
            )
            return self._done(asked, "Redirect successful")

        return self._try(do)

    def attended(self, asked: Asked) -> Reply:
        def do() -> Reply:
            leg = self._leg(asked.get("channel"))
            self._channels.asks(leg, moves.consult(self._office, leg, asked.get("dest")))
            return self._done(asked, "Atxfer successfully queued")

        return self._try(do)

    def dial(self, asked: Asked) -> Reply:
        """The source rings first; then ``Success|message|id|`` (documented, and in use)."""
        source = asked.get("source") or asked.get("exten") or asked.get("?exten")
        dest = asked.get("dest") or asked.get("phone")
        try:
            extension = members.extension_of(self._office, source)
            if dest in self._office.parked:
                self._office.retrieve(dest, extension.number)
            else:
                self._office.dial(extension.number, dest)
        except ActionError as error:
            return {
                "error": Reply(f"Error|{error}|".encode()),
                "sentence": sentence(str(error), self._switches.newline),
                "empty": NOTHING,
            }[self._switches.dial_failure]
        id_ = f"{self._rng.getrandbits(56):014x}"
        words = "Originate successfully queued"
        told: Json = {"Response": "Success", "Message": words, "ID": id_}
        return either(asked, told, f"Success|{words}|{id_}|")

    # --- agents and queues -------------------------------------------------------------------

    def agent(self, asked: Asked) -> Reply:
        def do() -> Reply:
            if not asked.get("extension"):
                return sentence("No extension specified", self._switches.newline)
            if asked.sub == "listqueues":
                return self._list_queues(asked)
            queue = self._queue(asked, "queue")
            if asked.sub in ("pause", "unpause"):
                agent = members.member_of(self._office, asked.get("extension"), queue)
                if asked.sub == "pause":
                    members.pause(self._office, agent, queue, asked.get("pausereason"))
                else:
                    members.unpause(self._office, agent, queue)
                return self._done(asked, "", known=True)
            raise Invalid("Unknown action")

        return self._try(do)

    def _list_queues(self, asked: Asked) -> Reply:
        """0 bytes for somebody in no queue (CAPTURED); with queues: UNKNOWN."""
        agent = members.extension_of(self._office, asked.get("extension")).agent
        if agent is None or not agent.logged_in:
            return NOTHING
        names = {str(queue.id): queue.name for queue in agent.queues}
        return either(asked, dict(names), "".join(f"{id_}: {n}|" for id_, n in names.items()))

    def queue(self, asked: Asked) -> Reply:
        def do() -> Reply:
            queue = self._queue(asked, "id")
            if asked.sub == "list":
                agents = [a.extension.username for a in queue.agents if a.logged_in]
                return either(asked, list(agents) or None, "|".join(agents))
            if asked.sub == "clean":
                for agent in [agent for agent in queue.agents if agent.logged_in]:
                    members.log_out(self._office, agent, queue)
            elif asked.sub == "add":
                extension = members.extension_of(self._office, asked.get("extension"))
                paused = asked.get("paused") == "1"
                members.log_in(self._office, extension, queue, paused=paused)
            elif asked.sub == "del":
                agent = members.member_of(self._office, asked.get("extension"), queue)
                members.log_out(self._office, agent, queue)
            elif asked.sub != "log":
                raise Invalid("Unknown action")
            return self._done(asked, "", known=True)

        return self._try(do)

    def queue_reset(self, asked: Asked) -> Reply:
        def do() -> Reply:
            members.reset(self._queue(asked, "queueid"))
            return self._done(asked, "Queue reset")

        return self._try(do)

    # --- flows and phones --------------------------------------------------------------------

    def set_flow(self, asked: Asked) -> Reply:
        def do() -> Reply:
            number = asked.get("number").removesuffix(f"-{self._office.tenant}")
            word, value = asked.get("state").upper(), asked.parameters.get("value")
            if word and word not in [state.value for state in _STATES]:
                raise Invalid(f"Unknown state {word}")
            self._office.set_flow(number, Lamp(word) if word else None, value)
            return self._done(asked, "Flow set")

        return self._try(do)

    def unregister(self, asked: Asked) -> Reply:
        def do() -> Reply:
            for device in self._devices(asked.get("peer")):
                self._away(device)
            return self._done(asked, "Unregistered")

        return self._try(do)

    def reboot(self, asked: Asked) -> Reply:
        def do() -> Reply:
            for device in self._devices(asked.get("peer")):
                self._restart(device)
            return self._done(asked, "Reboot sent")

        return self._try(do)

    def _devices(self, peer: str) -> list[Device]:
        if peer.upper() == "ALL":
            return list(self._office.building.devices)
        extension: Extension = members.extension_of(self._office, peer)
        return list(extension.devices)

    def _away(self, device: Device) -> None:
        if device.online:
            self._office.set_online(device, False)
            self._office.after(AWAY, self._office.set_online, device, True)

    def _restart(self, device: Device) -> None:
        """A phone restarts once nobody talks on it."""
        if device.extension.legs:
            self._office.after(5.0, self._restart, device)
        else:
            self._away(device)

    # --- people ------------------------------------------------------------------------------

    def check_auth(self, asked: Asked) -> Reply:
        """UNKNOWN what it answers; with a good password as the other actions here."""
        password = self._passwords.get(asked.get("username"))
        if password is None or password != asked.parameters.get("password"):
            return self._failed("Wrong username or password")
        return self._done(asked, "operator")
