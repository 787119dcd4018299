"""How a Telphin site is let in: an application's credentials for tokens of an hour."""

from __future__ import annotations

from pbxtui.backends.base import NotUnderstood, Runtime
from pbxtui.backends.decoding import decode
from pbxtui.backends.http import Answer, HttpClient
from pbxtui.backends.httpfaults import is_page
from pbxtui.backends.telphin.settings import TelphinSettings
from pbxtui.backends.telphin.wire import TOKEN
from pbxtui.backends.tokens import REFUSALS, TokenLogin


class Tokens(TokenLogin):
    """Fetches tokens with the application's credentials (DOCUMENTED).

    There is no refresh token (DOCUMENTED). What a refusal looks like is UNKNOWN; whatever it says
    is quoted.
    """

    def __init__(self, settings: TelphinSettings, client: HttpClient, runtime: Runtime) -> None:
        super().__init__(client, runtime, "url")
        self._form = {
            "grant_type": "client_credentials",
            "client_id": settings.app_id,
            "client_secret": settings.app_secret.get_secret_value(),
        }
        client.mask.add(self._form["client_secret"])

    async def log_in(self) -> None:
        answer = await self.client.request("POST", form=self._form, action=True, accept=REFUSALS)
        if answer.status in REFUSALS:
            hint = (
                "check app_id and app_secret in the config (Telphin's cabinet shows them), then "
                f"pbxtui check {self.client.site}"
            )
            raise self.refuse(answer, "the application's login", hint)
        self._take(answer)

    def _take(self, answer: Answer) -> None:
        try:
            got = decode(self.client, answer.body, TOKEN)
        except NotUnderstood:
            if is_page(answer.body) or not answer.body.strip():
                raise
            raise self.no_token() from None
        try:
            life = float(got.get("expires_in") or "nan")
        except ValueError:
            life = float("nan")
        self.keep(got["access_token"], life)
