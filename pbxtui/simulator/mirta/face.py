"""MiRTA's Proxy API over the living office: one address, and status 200 for everything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from pbxtui.simulator.faults import Faults
from pbxtui.simulator.mirta import replies
from pbxtui.simulator.mirta.acts import Acts
from pbxtui.simulator.mirta.books import Books
from pbxtui.simulator.mirta.channels import Channels
from pbxtui.simulator.mirta.door import Asked, error_body
from pbxtui.simulator.mirta.help import help_text, reqtypes
from pbxtui.simulator.mirta.history import History
from pbxtui.simulator.mirta.info import Info
from pbxtui.simulator.mirta.reads import Reads
from pbxtui.simulator.mirta.replies import NOTHING, TOO_BAD, Reply, sentence
from pbxtui.simulator.mirta.switches import MirtaSwitches
from pbxtui.simulator.office import Office

Handler = Callable[[Asked], Reply]

_WITH_NODE, _WITHOUT_NODE, _ALL_NODES = 0.35, 7.0, 23.0


class MirtaFace:
    """An ASGI app behind the `Door`, which has read what is asked."""

    def __init__(
        self,
        office: Office,
        switches: MirtaSwitches,
        faults: Faults,
        clock: Callable[[], float],
        rng: Random,
        *,
        key: str,
        readonly_key: str,
        admin_key: str,
        passwords: dict[str, str],
    ) -> None:
        self._office = office
        self._switches = switches
        self._faults = faults
        self._clock = clock
        self._key, self._readonly_key, self._admin_key = key, readonly_key, admin_key

        def hostile(text: str, serial: int) -> str:
            return replies.hostile(faults, text, serial)

        self.channels = Channels(office, switches, hostile)
        self._history = History(office, switches, self.channels, hostile)
        reads = Reads(office, switches, self.channels, hostile)
        info = Info(office, switches, self.channels, self._history, hostile)
        acts = Acts(office, switches, self.channels, rng, passwords)
        books = Books(office, switches, rng, hostile)
        self._handlers: dict[str, Handler] = {
            "AGENT": acts.agent,
            "ATXTRANSFER": acts.attended,
            "BALANCE": books.balance,
            "BLFS": reads.blfs,
            "CAMPAIGN": books.campaign,
            "CDR": books.cdr,
            "CHANNEL": reads.channel,
            "CHANNELS": reads.channels,
            "CHANSIPPEERS": reads.peers,
            "CHECKAUTH": acts.check_auth,
            "COUNTCALLS": lambda _: reads.count_calls(),
            "COUNTCHANNELS": lambda asked: reads.count_channels(asked, admin=self._admin(asked)),
            "COUNTPEERS": reads.count_peers,
            "DIAL": acts.dial,
            "DND": books.dnd,
            "FLOWS": reads.flows,
            "GETCURRENTCALLS": reads.current_calls,
            "HANGUP": acts.hangup,
            "INFO": info.answer,
            "LICENSEDAYS": books.license_days,
            "MANAGEDB": books.manage_db,
            "MEDIAFILE": books.media_file,
            "PEERS": reads.peers,
            "PHONEBOOK": books.phonebook,
            "PHONEBOOKS": books.phonebooks,
            "QUEUE": acts.queue,
            "QUEUERESET": acts.queue_reset,
            "REBOOT": acts.reboot,
            "RESPONSEPATH": books.response_path,
            "SETFLOW": acts.set_flow,
            "SETTING": books.setting,
            "TRANSFER": acts.transfer,
            "UNREGISTER": acts.unregister,
            "VOICEMAIL": books.voicemail,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked: Asked | None = scope.get("mirta")
        if asked is None:
            await Response(error_body("404"), 404, media_type="text/html")(scope, receive, send)
            return
        if self._switches.real_delays:
            await asyncio.sleep(self._delay(asked))
        reply = self.answer(asked)
        kind = reply.kind or ("application/json" if asked.json else "text/html; charset=UTF-8")
        body, callback = replies.spoiled(self._faults, reply.body), asked.get("callback")
        if callback and asked.json and self._switches.jsonp:
            body = callback.encode() + b"(" + body + b")"
        await Response(body, headers={"content-type": kind})(scope, receive, send)

    def answer(self, asked: Asked) -> Reply:
        """The answer to a request, by the office as it stands now."""
        self._office.advance(self._clock())
        self._history.observe()
        if not self._allowed(asked):
            return sentence(TOO_BAD, self._switches.newline)
        if asked.reqtype == "HELP":
            return Reply(help_text(self._switches).encode()) if self._switches.help else NOTHING
        if asked.reqtype not in reqtypes(self._switches):
            return self._unknown(asked)
        return self._handlers[asked.reqtype](asked)

    def _admin(self, asked: Asked) -> bool:
        return asked.key == self._admin_key

    def _allowed(self, asked: Asked) -> bool:
        """A tenant's key needs the tenant with every request type (CAPTURED)."""
        tenant = asked.get("tenant")
        if self._admin(asked):
            return tenant in ("", "%", self._office.tenant)
        if asked.key not in (self._key, self._readonly_key) or tenant != self._office.tenant:
            return False
        return asked.key == self._key or asked.reads

    def _unknown(self, asked: Asked) -> Reply:
        if self._switches.unknown_reqtype == "help":
            return Reply(help_text(self._switches).encode())
        if self._switches.unknown_reqtype == "sentence":
            return sentence("Unknown reqtype", self._switches.newline)
        return NOTHING

    @staticmethod
    def _delay(asked: Asked) -> float:
        """Seconds that the real one takes (INFERRED from those who poll it)."""
        if asked.reqtype == "CHANNELS":
            return _WITH_NODE if asked.get("nodename") else _WITHOUT_NODE
        if asked.reqtype == "COUNTPEERS":
            return _ALL_NODES
        hangs = asked.resource == "INFO call" and not asked.get("id")
        return 3600.0 if hangs else 0.0
