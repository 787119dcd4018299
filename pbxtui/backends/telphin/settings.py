"""What can be set for a Telphin site."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from pbxtui.backends.settings import Seconds, SiteSettings, WebAddress


def _filled(secret: SecretStr) -> SecretStr:
    if not secret.get_secret_value():
        raise ValueError("it is empty")
    return secret


class TelphinSettings(SiteSettings):
    """One client of Telphin, and an application that may ask for it.

    ``client`` is ``@me``, the application's own client (INFERRED from every client in
    production), or a client's number. ``page_size`` and ``batch`` are our own choice: the largest
    page and the most ids in one request are UNKNOWN. ``extensions_every`` is in seconds: names,
    numbers and queues' settings change seldom, and each request counts against the quota.
    """

    kind: Literal["telphin"] = "telphin"
    app_id: Annotated[str, Field(pattern=r"^[!-~]{1,200}$")]
    app_secret: Annotated[SecretStr, AfterValidator(_filled)]
    url: WebAddress = "https://apiproxy.telphin.ru"
    client: Annotated[str, Field(pattern=r"^(@me|[0-9]{1,12})$", coerce_numbers_to_str=True)] = (
        "@me"
    )
    page_size: Annotated[int, Field(ge=1, le=10_000)] = 100
    batch: Annotated[int, Field(ge=1, le=500)] = 50
    extensions_every: Seconds = 300.0
