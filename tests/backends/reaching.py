"""A client that reaches for a server, and its credentials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pbxtui.backends.base import BackendError
from pbxtui.backends.http import HttpClient

NOW = 1_790_251_200.0
TLS = Path(__file__).parent / "tls"
SECRET = 's3cr3t/+&= päss"word'

Connect = Callable[..., HttpClient]


class Tokens:
    """Credentials that are renewed as often as there are tokens left."""

    def __init__(self, *tokens: str) -> None:
        self._left = list(tokens)
        self.renewals = 0

    async def headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._left[0]}"}

    async def renew(self, refused: Mapping[str, str]) -> bool:
        self.renewals += 1
        if len(self._left) < 2:
            return False
        self._left.pop(0)
        return True


async def failing(client: HttpClient, **options: object) -> BackendError:
    with pytest.raises(BackendError) as caught:
        await client.request("GET", "/calls", **options)  # type: ignore[arg-type]
    return caught.value
