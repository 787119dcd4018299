"""What can be set for a MiRTA site."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from pbxtui.backends.settings import SiteSettings, WebAddress


def _one_word(text: str) -> str:
    text = text.strip()
    if not text or not text.isprintable() or " " in text:
        raise ValueError("one word is needed, without spaces")
    return text


def _key(secret: SecretStr) -> SecretStr:
    key = secret.get_secret_value().strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError("a key is one word of plain letters, digits and signs")
    return SecretStr(key)


def _number(text: str) -> str:
    text = text.strip()
    if text and not (text.isascii() and text.replace("*", "").replace("#", "").isdecimal()):
        raise ValueError('a number is needed, like "700"')
    return text


class MirtaSettings(SiteSettings):
    """One tenant of a MiRTA PBX.

    ``nodes`` are the names of the cluster's servers, as in the first piece of a unique id; asked
    one by one they answer in a twentieth of the time (INFERRED from those who poll it). ``park``
    is the number that parks whoever is sent there. ``cache = false`` asks past the PBX's cache,
    whose life is UNKNOWN; older servers ignore it.
    """

    kind: Literal["mirta"] = "mirta"
    url: WebAddress
    tenant: Annotated[
        str, Field(max_length=64, coerce_numbers_to_str=True), AfterValidator(_one_word)
    ]
    key: Annotated[SecretStr, AfterValidator(_key)]
    nodes: tuple[Annotated[str, AfterValidator(_one_word)], ...] = ()
    park: Annotated[
        str, Field(max_length=16, coerce_numbers_to_str=True), AfterValidator(_number)
    ] = ""
    cache: bool = True
