"""Tokens that a login fetches: shared by all who need one, never with a login that was refused."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping

from pbxtui.backends.base import LoginRefused, NotUnderstood, Runtime
from pbxtui.backends.http import Answer, HttpClient
from pbxtui.backends.httpfaults import server_words

REFUSALS = frozenset({400, 401, 403})
"""The statuses with which a token endpoint refuses a login."""

_MARGIN = 60.0


class TokenLogin(ABC):
    """Credentials (see :class:`pbxtui.backends.http.Credentials`) that fetch tokens by a login.

    All who need a token at the same time share one login. A login that was refused is not
    repeated by itself: see :meth:`admit`.
    """

    def __init__(self, client: HttpClient, runtime: Runtime, setting: str) -> None:
        self.client = client
        self._clock = runtime.clock
        self._setting = setting
        self._token = ""
        self._expires: float | None = None
        self._fetching: asyncio.Task[None] | None = None
        self._refusal: LoginRefused | None = None
        self._told: set[str] = set()

    @abstractmethod
    async def log_in(self) -> None:
        """Ask for a token; call :meth:`keep` with it, or :meth:`refuse`."""

    async def headers(self) -> Mapping[str, str]:
        """What a request must carry; logs in first where no token is good any more.

        Raises what the PBX said to a login that it refused: no second one is tried by itself.
        """
        if self._refusal is not None:
            raise self._refusal
        if not self._token or (self._expires is not None and self._clock() >= self._expires):
            await self._fetch()
        return self._headers()

    async def renew(self, refused: Mapping[str, str]) -> bool:
        """Fetch another token, unless another request has done so; whether to ask once more."""
        if refused == self._headers():
            await self._fetch()
        return True

    def forget(self, refused: Mapping[str, str]) -> bool:
        """After a 401 that must not be repeated: let the next request get a new token.

        ``refused`` are the headers that were sent; somebody may have renewed them since.
        """
        if refused == self._headers():
            self._token = ""
        return True

    def admit(self, asker: str) -> None:
        """Raise the refusal of an earlier login, unless ``asker`` has been told of it.

        Polling stops when it is told; so whoever asks again does it because a person wants it,
        and then the login is tried once more.
        """
        if self._refusal is None:
            return
        if asker not in self._told:
            self._told.add(asker)
            raise self._refusal
        self._refusal = None
        self._told.clear()

    def tell(self, asker: str) -> None:
        """Note that ``asker`` has been told of a refusal."""
        self._told.add(asker)

    async def close(self) -> None:
        if self._fetching is not None:
            self._fetching.cancel()
        await self.client.close()

    def refuse(self, answer: Answer, what: str, hint: str) -> LoginRefused:
        """Remember that the login was refused; what the PBX said is quoted."""
        said = server_words(answer.body, self.client.quoted(answer.body))
        more = f" ({said})" if said else ""
        words = f"{answer.status} from {self.client.host}: {what} is refused{more}"
        refusal = LoginRefused(words, hint)
        refusal.sent, refusal.status = True, answer.status
        self._refusal = refusal
        self._told.clear()
        return refusal

    def keep(self, token: str, life: float | None) -> None:
        """Take a token for ``life`` seconds; one that does not say how long is good until a 401."""
        if not token.isascii() or not token.isprintable() or " " in token:
            raise NotUnderstood(
                f"the token that {self.client.host} gave cannot be sent in a header",
                f"check {self._setting} in the config",
            )
        self._token = token
        self.client.mask.add(token)
        if life is not None and 0 < life < 1e9:
            self._expires = self._clock() + life - min(_MARGIN, life / 10)
        else:
            self._expires = None

    def no_token(self) -> NotUnderstood:
        """The answer holds no token. It is not quoted: there may be one in it all the same."""
        return NotUnderstood(
            f"{self.client.host} answered the login with something that is no token",
            f"check {self._setting} in the config",
        )

    def _headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    async def _fetch(self) -> None:
        """Get a token, together with whoever waits for one already."""
        if self._fetching is None:
            self._fetching = asyncio.create_task(self.log_in(), name="login")
            self._fetching.add_done_callback(self._fetched)
        await asyncio.shield(self._fetching)

    def _fetched(self, task: asyncio.Task[None]) -> None:
        self._fetching = None
        if not task.cancelled():
            task.exception()
