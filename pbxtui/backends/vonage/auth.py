"""How a Vonage site is let in: a given token, or a login that fetches tokens by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from pydantic import SecretStr, TypeAdapter

from pbxtui.backends.base import BackendError, NotUnderstood, Runtime
from pbxtui.backends.decoding import decode
from pbxtui.backends.http import Answer, Credentials, HttpClient
from pbxtui.backends.httpfaults import is_page, server_words
from pbxtui.backends.tokens import REFUSALS, TokenLogin
from pbxtui.backends.vonage.settings import VonageSettings
from pbxtui.backends.vonage.wire import WireToken

_TOKEN = TypeAdapter(WireToken)


class WayIn(Credentials, Protocol):
    """Credentials that remember who has been told of a refused login."""

    def admit(self, asker: str) -> None:
        """Raise the refusal of an earlier login, unless ``asker`` has been told of it.

        A refused login is never repeated by itself (a few of them lock the user for half an hour,
        CAPTURED). Polling stops when it is told; so whoever asks again does it because a person
        wants it, and then the login is tried once more.
        """
        ...

    def tell(self, asker: str) -> None:
        """Note that ``asker`` has been told."""
        ...

    def forget(self, refused: Mapping[str, str]) -> bool:
        """After a 401 that must not be repeated: let the next request get a new token.

        False where there is none to be had. ``refused`` are the headers that were sent.
        """
        ...

    async def close(self) -> None: ...


class GivenToken:
    """A token from the config. There is nothing to renew it with."""

    def __init__(self, token: str) -> None:
        self._headers = {"Authorization": f"Bearer {token}"}

    async def headers(self) -> Mapping[str, str]:
        return self._headers

    async def renew(self, refused: Mapping[str, str]) -> bool:
        return False

    def admit(self, asker: str) -> None:
        pass

    def tell(self, asker: str) -> None:
        pass

    def forget(self, refused: Mapping[str, str]) -> bool:
        return False

    async def close(self) -> None:
        pass


class Login(TokenLogin):
    """Fetches tokens with a user's password (DOCUMENTED), and renews them with the refresh token.

    A refresh token is good for one use and comes anew with each token (DOCUMENTED).
    """

    def __init__(self, settings: VonageSettings, client: HttpClient, runtime: Runtime) -> None:
        super().__init__(client, runtime, "token_url")
        self._application = {
            "client_id": settings.client_id,
            "client_secret": _plain(settings.client_secret),
        }
        self._user = {"username": settings.username, "password": _plain(settings.password)}
        for secret in (self._application["client_secret"], self._user["password"]):
            client.mask.add(secret)
        self._refresh = ""

    async def log_in(self) -> None:
        """Fetch a token: by the refresh token once, where there is one, else by the password.

        Raises :class:`LoginRefused` where the password is refused.
        """
        refresh, self._refresh = self._refresh, ""
        if refresh:
            grant = {"grant_type": "refresh_token", "refresh_token": refresh}
            try:
                answer = await self._ask(grant)
            except BackendError as error:
                self._refresh = "" if error.sent else refresh
                raise
            if answer.status not in REFUSALS:
                self._take(answer)
                return
        grant = {"grant_type": "password", "scope": "openid", **self._user}
        answer = await self._ask(grant)
        if answer.status in REFUSALS:
            raise self.refuse(answer, "the login", self._hint(answer))
        self._take(answer)

    async def _ask(self, grant: Mapping[str, str]) -> Answer:
        form = {**grant, **self._application}
        return await self.client.request("POST", form=form, action=True, accept=REFUSALS)

    def _hint(self, answer: Answer) -> str:
        said = server_words(answer.body, self.client.quoted(answer.body))
        check = f"pbxtui check {self.client.site}"
        if "locked" in said.lower() or "17003" in said:
            return f"the user is locked; wait half an hour without any attempt, then {check}"
        return (
            "check username, password, client_id and client_secret before trying again "
            f"({check}): a few refused logins lock the user for half an hour"
        )

    def _take(self, answer: Answer) -> None:
        try:
            got = decode(self.client, answer.body, _TOKEN)
        except NotUnderstood:
            if is_page(answer.body) or not answer.body.strip():
                raise
            raise self.no_token() from None
        life = got.get("expires_in")
        self.keep(got["access_token"], life if isinstance(life, float) else None)
        self._refresh = got.get("refresh_token") or ""
        self.client.mask.add(self._refresh)


def _plain(secret: SecretStr | None) -> str:
    return "" if secret is None else secret.get_secret_value()
