"""Telphin's token endpoint: client credentials for an hour, and nothing to renew them with.

Grant, form and answer are DOCUMENTED; status and body of a refusal are UNKNOWN.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from urllib.parse import parse_qs

from pbxtui.simulator.bodies import Object
from pbxtui.simulator.telphin.switches import TelphinSwitches

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class Tokens:
    """Mints, knows and forgets tokens. A new one leaves the older ones alone."""

    def __init__(
        self,
        app_id: str,
        app_secret: str,
        switches: TelphinSwitches,
        clock: Callable[[], float],
        rng: Random,
    ) -> None:
        self._application = (app_id, app_secret)
        self._switches = switches
        self._clock = clock
        self._rng = rng
        self._good: dict[str, float] = {}
        self.logins = 0
        """Tokens that were given."""
        self.refused = 0
        """Requests for a token that were refused."""

    def accepts(self, token: str) -> bool:
        return self._clock() < self._good.get(token, 0.0)

    def revoke_all(self) -> None:
        """Every token given until now is refused from now on."""
        self._good.clear()

    def grant(self, body: bytes, query: str) -> tuple[int, Object]:
        """Answer a request for a token: status and body.

        The parameters come as a form (DOCUMENTED) or in the query (INFERRED).
        """
        given = parse_qs(body.decode("utf-8", "replace")) or parse_qs(query)
        form = {key: values[0] for key, values in given.items()}
        if form.get("grant_type") != "client_credentials":
            self.refused += 1
            return 400, {"error": "unsupported_grant_type"}
        if (form.get("client_id", ""), form.get("client_secret", "")) != self._application:
            self.refused += 1
            return self._switches.token_refusal, {"error": "invalid_client"}
        self.logins += 1
        token = "".join(self._rng.choice(_LETTERS) for _ in range(30))
        self._good[token] = self._clock() + self._switches.token_seconds
        answer: Object = {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": self._switches.token_seconds,
        }
        if self._switches.scope == "all":
            answer["scope"] = "all"
        return 200, answer
