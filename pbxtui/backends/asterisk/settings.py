"""What can be set for an Asterisk site."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from pbxtui.backends.settings import SiteSettings


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("it must be one line of printable characters")
    return text


def _secret(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not text:
        raise ValueError("it is empty")
    _one_line(text)
    return secret


def _host(text: str) -> str:
    text = text.strip().removeprefix("[").removesuffix("]")
    if not text or "/" in text or " " in text:
        raise ValueError("a host name or an address is needed, like pbx.example.net")
    return _one_line(text)


class AsteriskSettings(SiteSettings):
    """One Asterisk, and a user of its ``manager.conf``.

    For reading, the user needs ``write = system,call`` (the lists) and
    ``read = system,call,agent`` (the events, without which the lists are still polled); for acting
    also ``write = originate`` (dial, pick up, retrieve, listen in) and ``agent`` (pause, log in).
    ``context`` is the dialplan context in which internal numbers are dialled.
    """

    kind: Literal["asterisk"] = "asterisk"
    host: Annotated[str, Field(max_length=255), AfterValidator(_host)]
    port: Annotated[int, Field(ge=1, le=65_535)] = 5038
    username: Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_one_line)]
    secret: Annotated[SecretStr, AfterValidator(_secret)]
    context: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,79}$")] = "from-internal"
