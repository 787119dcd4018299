"""What can be set for a Vonage site."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from pbxtui.backends.settings import Seconds, SiteSettings, WebAddress

REALM = "@vbc.prod"
"""What every VBC user name ends in, e-mail addresses too (CAPTURED)."""


def _in_realm(name: str) -> str:
    name = name.strip()
    return name if not name or name.endswith(REALM) else name + REALM


def _for_a_header(secret: SecretStr) -> SecretStr:
    token = secret.get_secret_value().strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise ValueError("a token is one word of plain letters, digits and signs")
    return SecretStr(token)


def _filled(secret: SecretStr) -> SecretStr:
    if not secret.get_secret_value():
        raise ValueError("it is empty")
    return secret


class VonageSettings(SiteSettings):
    """One VBC account, and a way in: a token, or a login that fetches tokens by itself.

    ``online_after`` is our own choice: Vonage has no flag for a phone being online, only the time
    of its last registration, and says nowhere how old that may be (UNKNOWN). Phones commonly
    register again within the hour. ``page_size`` is how many rows are asked for at a time; 100 is
    Vonage's own default (DOCUMENTED), its largest is UNKNOWN.

    ``dial_type`` is the ``type`` of a new call; what the four mean is UNKNOWN. The default is
    the one of Vonage's example (DOCUMENTED); empty leaves it out, and calls are placed all the
    same (CAPTURED). ``recording`` is the service that a recording is asked of: ``ocr`` records
    on demand, ``ccr`` is the company's recording (DOCUMENTED).
    """

    kind: Literal["vonage"] = "vonage"
    account: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$", coerce_numbers_to_str=True)]
    url: WebAddress = "https://api.vonage.com/t/vbc.prod"
    token_url: WebAddress = "https://api.vonage.com/token"
    access_token: Annotated[SecretStr, AfterValidator(_for_a_header)] | None = None
    username: Annotated[str, AfterValidator(_in_realm)] = ""
    password: Annotated[SecretStr, AfterValidator(_filled)] | None = None
    client_id: str = ""
    client_secret: Annotated[SecretStr, AfterValidator(_filled)] | None = None
    online_after: Seconds = 3600.0
    page_size: Annotated[int, Field(ge=1, le=100_000)] = 100
    dial_type: Literal["click2dial", "click2dialme", "odr", "default", ""] = "click2dial"
    recording: Literal["ocr", "ccr"] = "ocr"

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        login = {
            "username": self.username,
            "password": self.password,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        given = [key for key, value in login.items() if value]
        lacking = [key for key, value in login.items() if not value]
        if self.access_token is not None:
            if given:
                raise ValueError(
                    f"access_token and {given[0]} are two ways in; keep one of them: "
                    f"either access_token, or {', '.join(login)}"
                )
        elif not given:
            raise ValueError(f"a way in is missing: access_token, or {', '.join(login)}")
        elif lacking:
            raise ValueError(f"for a login {' and '.join(lacking)} must be set too")
        return self
