"""One tenant's Proxy API: every request leaves here, with the key, and none shows it."""

from __future__ import annotations

from collections.abc import Mapping

from pbxtui.backends.base import BackendError, Runtime, exchange_log
from pbxtui.backends.decoding import off_loop
from pbxtui.backends.http import HttpClient
from pbxtui.backends.masking import Mask
from pbxtui.backends.mirta import wire
from pbxtui.backends.mirta.answers import outcome_of
from pbxtui.backends.mirta.settings import MirtaSettings
from pbxtui.model import Answered, Outcome

NONE: Mapping[str, str] = {}
PATIENCE = 60.0
"""Seconds that are given to requests which ask every server of a cluster: 23 s were CAPTURED."""


class Api:
    """GET requests, all parameters in the query, as production clients send them (INFERRED)."""

    def __init__(self, settings: MirtaSettings, runtime: Runtime) -> None:
        self._settings = settings
        self._key = settings.key.get_secret_value()
        self._clock = runtime.clock
        self.exchanges = exchange_log()
        self.mask = Mask([self._key])
        self.client = self._open(runtime, settings.timeout)
        self._patient = self._open(runtime, max(PATIENCE, settings.timeout))

    def _open(self, runtime: Runtime, timeout: float) -> HttpClient:
        return HttpClient(
            self._settings.name,
            self._settings.url,
            runtime,
            timeout=timeout,
            credential="key",
            log=self.exchanges,
            mask=self.mask,
        )

    def now(self) -> float:
        """Epoch seconds on the PBX's clock."""
        return self._clock() + (self.client.skew or 0.0)

    async def json(
        self, reqtype: str, parameters: Mapping[str, str] = NONE, *, slow: bool = False
    ) -> object:
        """An answer in JSON; None where there is nothing. Raises :class:`BackendError`.

        ``slow`` is for what is known to take long.
        """
        body = await self.body(reqtype, {**parameters, "format": "json"}, slow=slow)
        asked = named(reqtype, parameters)
        return await off_loop(body, lambda raw: wire.value_of(self.client, raw, asked))

    async def text(
        self, reqtype: str, parameters: Mapping[str, str] = NONE, *, once: bool = False
    ) -> str:
        """An answer as text, not yet cleaned. Raises :class:`BackendError`.

        ``once`` is for what may change something: it is never sent again.
        """
        body = await self.body(reqtype, parameters, once=once)
        return wire.text_answer(self.client, body)

    async def body(
        self,
        reqtype: str,
        parameters: Mapping[str, str],
        *,
        slow: bool = False,
        once: bool = False,
    ) -> bytes:
        """The bytes of an answer, once the key is known to be accepted."""
        client = self._patient if slow else self.client
        query = self._query(reqtype, parameters)
        answer = await client.request("GET", params=query, action=once)
        asked = named(reqtype, parameters)
        wire.check_key(client, answer.body, asked, query["tenant"])
        if not once:
            wire.check_answered(client, answer, asked)
        return answer.body

    async def act(self, reqtype: str, **parameters: str) -> Outcome:
        """Send an action once. Raises :class:`BackendError` when it was surely not done."""
        try:
            body = await self.body(reqtype, parameters, once=True)
        except BackendError as error:
            if not error.unsure:
                raise
            return Outcome(Answered.NOT_CONFIRMED, error.words, self.now())
        return outcome_of(self.client, body, self.now())

    def _query(self, reqtype: str, parameters: Mapping[str, str]) -> dict[str, str]:
        query = {"reqtype": reqtype, "tenant": self._settings.tenant, **parameters}
        if not self._settings.cache:
            query["cache"] = "no"
        query["key"] = self._key
        return query

    async def close(self) -> None:
        await self._patient.close()
        await self.client.close()


def named(reqtype: str, parameters: Mapping[str, str]) -> str:
    """A request for people: ``INFO queues``, ``AGENT pause``, ``CHANNELS``."""
    sub = next((parameters[k] for k in ("info", "action", "subreqtype") if k in parameters), "")
    return f"{reqtype} {sub}".strip()
