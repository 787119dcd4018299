"""Requests to Telphin's API: one body, a list, a list page by page, and an action."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import quote, urlencode

from pydantic import TypeAdapter

from pbxtui.backends.base import BackendError, Exchange, NotFound, Runtime, TooBig
from pbxtui.backends.decoding import Listing, Rows, Unread, decode, mistaken, off_loop
from pbxtui.backends.http import Answer, HttpClient
from pbxtui.backends.httpfaults import is_page, size
from pbxtui.backends.masking import Mask
from pbxtui.backends.telphin.auth import Tokens
from pbxtui.backends.telphin.refusals import refusal
from pbxtui.backends.telphin.settings import TelphinSettings
from pbxtui.model import Answered, Outcome

T = TypeVar("T")
Query = Sequence[tuple[str, str | int]]

MOST_PAGES = 1000
MOST_BYTES = 256 * 1024 * 1024
_ROUND = 5
_FAULTY = range(300, 600)


@dataclass(frozen=True, slots=True)
class Pages(Generic[T]):
    """A whole list by id, the bodies that brought it, and what is not in order, in words."""

    rows: Mapping[int, T]
    bodies: tuple[bytes, ...]
    notes: tuple[str, ...]


class Api:
    """One client of Telphin over HTTP."""

    def __init__(
        self, settings: TelphinSettings, runtime: Runtime, exchanges: deque[Exchange]
    ) -> None:
        self._runtime = runtime
        self.page_size = settings.page_size
        mask = Mask([settings.app_secret.get_secret_value()])
        login = HttpClient(
            settings.name,
            f"{settings.url}/oauth/token",
            runtime,
            timeout=settings.timeout,
            credential="login",
            log=exchanges,
            mask=mask,
        )
        self.tokens = Tokens(settings, login, runtime)
        self.http = HttpClient(
            settings.name,
            f"{settings.url}/api/ver1.0",
            runtime,
            timeout=settings.timeout,
            credentials=self.tokens,
            log=exchanges,
            mask=mask,
        )
        self.client = f"/client/{quote(settings.client, safe='@')}"
        """The path of the client, such as ``/client/@me``."""

    @property
    def now(self) -> float:
        """Epoch seconds on the PBX's clock."""
        return self._runtime.clock() + (self.http.skew or 0.0)

    async def close(self) -> None:
        await self.tokens.close()
        await self.http.close()

    # --- reading -----------------------------------------------------------------------------

    async def get(self, path: str, query: Query = ()) -> bytes:
        """The body of one answer. Raises :class:`BackendError`."""
        target = f"{path}?{urlencode(query)}" if query else path
        answer = await self.http.request("GET", target, accept=_FAULTY)
        if answer.status >= 300:
            raise refusal(self.http, answer)
        return answer.body

    async def one(self, path: str, adapter: TypeAdapter[T]) -> T:
        """One object. Raises :class:`NotUnderstood` where the answer is none such."""
        return decode(self.http, await self.get(path), adapter)

    async def listing(self, path: str, listing: Listing[T], noun: str) -> Rows[T]:
        """A list that comes in one piece."""
        body = await self.get(path)
        return await off_loop(body, lambda each: self.some(listing.read(self.http, each), noun))

    def some(self, rows: Rows[T], noun: str) -> Rows[T]:
        """The same rows. Raises :class:`NotUnderstood` if there are some and none can be read."""
        if rows.unread and not rows.rows:
            words = rows.unread[0].words
            raise mistaken(self.http, f"none of {len(rows.unread)} {noun} could be read: {words}")
        return rows

    async def pages(self, path: str, listing: Listing[T], query: Query, noun: str) -> Pages[T]:
        """A list to its end; never half of one. Each row must have an ``id``.

        There is no count on the wire, and a page that is asked for may be larger than Telphin
        gives (both UNKNOWN): a first page with a round number of rows is not taken for the last.
        A page without anything new ends the list too.
        """
        rows: dict[int, T] = {}
        bodies: list[bytes] = []
        unread: list[Unread] = []
        full = self.page_size
        while True:
            number = len(bodies) + 1
            paging: Query = [*query, ("page", number), ("per_page", self.page_size)]
            try:
                body = await self.get(path, paging)
            except NotFound:
                if number == 1:
                    raise
                break
            page = await off_loop(body, lambda each: listing.read(self.http, each))
            count = len(self.some(page, noun).rows) + len(page.unread)
            known = len(rows)
            for row in page.rows:
                rows.setdefault(row["id"], row)  # type: ignore[index]
            bodies.append(body)
            if number > 1 and len(rows) == known:
                break
            unread.extend(page.unread)
            if number == 1 and count and count % _ROUND == 0:
                full = min(full, count)
            if count < full or not count:
                break
            if number >= MOST_PAGES or sum(map(len, bodies)) > MOST_BYTES:
                raise TooBig(
                    f"the list of {noun} does not end: {number} pages, "
                    f"{size(sum(map(len, bodies)))}, and more",
                    "check url in the config",
                )
        return Pages(rows, tuple(bodies), unread_note(unread, len(rows) + len(unread), noun))

    # --- acting ------------------------------------------------------------------------------

    async def act(
        self, method: str, path: str, body: object = None, *, gone: str = ""
    ) -> tuple[Outcome, bytes]:
        """Send an action once. Returns what came of it, and the body of the answer.

        Success is 200 or 204, and 201 for a POST (DOCUMENTED). ``gone`` are the words for a 404.
        Raises :class:`BackendError` when surely nothing was sent.
        """
        try:
            lent = await self.tokens.headers()
        except BackendError as error:
            error.sent = False
            raise
        try:
            answer = await self.http.request(method, path, json=body, action=True, accept=_FAULTY)
        except BackendError as error:
            if not error.unsure:
                raise
            return self._outcome(Answered.NOT_CONFIRMED, error.words), b""
        if answer.status >= 300:
            return self._refused(answer, lent, gone), answer.body
        return self._accepted(method, answer), answer.body

    def _outcome(self, answered: Answered, words: str) -> Outcome:
        return Outcome(answered, words, self._runtime.clock())

    def _refused(self, answer: Answer, lent: Mapping[str, str], gone: str) -> Outcome:
        error = refusal(self.http, answer)
        words = error.of_action
        if answer.status == 401:
            self.tokens.forget(lent)
            words = f"{error.words}; nothing was done, and the next try gets a new token"
        elif answer.status in (400, 409, 422):
            words = error.words
        elif answer.status == 404 and gone and not is_page(answer.body):
            words = gone
        return self._outcome(Answered.NOT_CONFIRMED if error.unsure else Answered.REFUSED, words)

    def _accepted(self, method: str, answer: Answer) -> Outcome:
        """A success, unless the answer is not one that Telphin is known to give.

        What a PUT answers is UNKNOWN, so nothing is as good as any JSON.
        """
        done = {"POST": (200, 201)}.get(method, (200, 204))
        body = answer.body.strip()
        if answer.status not in done:
            words = f"{answer.status} from {self.http.host}, which does not say that it was done"
            return self._outcome(Answered.NOT_CONFIRMED, words)
        if body:
            try:
                json.loads(body)
            except (ValueError, RecursionError):
                words = self.http.not_json(answer.body, cut=body[:1] in (b"{", b"[")).words
                return self._outcome(Answered.NOT_CONFIRMED, words)
        return self._outcome(Answered.ACCEPTED, "")


def unread_note(unread: Sequence[Unread], count: int, noun: str) -> tuple[str, ...]:
    """A sentence about rows that could not be read; none where all could."""
    if not unread:
        return ()
    first = "" if len(unread) == 1 else "the first is "
    return (f"{len(unread)} of {count} {noun} could not be read: {first}{unread[0].words}",)
