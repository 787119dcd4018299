"""Vonage's token endpoint: who may ask, and for how long.

Password and refresh grants as DOCUMENTED; that the user is locked after a few refused logins,
for about thirty minutes from the last one, with the code 17003, is CAPTURED; the form of a
refusal ({"error":…,"error_description":…}) is INFERRED from OAuth 2.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from urllib.parse import parse_qs

from pbxtui.simulator.vonage.switches import VonageSwitches

REALM = "@vbc.prod"


@dataclass(frozen=True, slots=True)
class Credentials:
    username: str
    password: str
    client_id: str
    client_secret: str


class Tokens:
    """Mints, knows and forgets tokens. Minting a second one leaves the first alone (CAPTURED)."""

    def __init__(
        self,
        credentials: Credentials,
        account_id: str,
        switches: VonageSwitches,
        clock: Callable[[], float],
        rng: Random,
    ) -> None:
        self._credentials = credentials
        self._account_id = account_id
        self._switches = switches
        self._clock = clock
        self._rng = rng
        self._access: dict[str, float] = {}
        self._refresh: dict[str, float] = {}
        self._locked_until = 0.0
        self._refused_in_a_row = 0
        self.failed_logins = 0
        """Refused password grants since the start, for tests that none is repeated."""
        self.logins = 0
        """Password grants that succeeded."""
        self.refreshes = 0
        """Refresh grants that succeeded."""

    @property
    def locked(self) -> bool:
        return self._clock() < self._locked_until

    def accepts(self, token: str) -> bool:
        until = self._access.get(token)
        return until is not None and self._clock() < until

    def revoke_all(self) -> None:
        """Every access token minted until now is refused from now on; refresh tokens live."""
        self._access.clear()

    def grant(self, body: bytes, basic: str) -> tuple[int, dict[str, str | int]]:
        """Answer a token request (a form, and the Basic credentials if any): status and body."""
        form = {key: values[0] for key, values in parse_qs(body.decode("utf-8", "replace")).items()}
        client = (form.get("client_id", ""), form.get("client_secret", ""))
        if basic:
            client = _decode_basic(basic)
        known = self._credentials
        if client != (known.client_id, known.client_secret):
            return 401, {
                "error": "invalid_client",
                "error_description": "Client Authentication failed.",
            }
        grant = form.get("grant_type", "")
        if grant == "password":
            return self._password(form)
        if grant == "refresh_token":
            return self._refresh_grant(form)
        return 400, {
            "error": "unsupported_grant_type",
            "error_description": f"Unsupported grant_type value: {grant}",
        }

    def _password(self, form: dict[str, str]) -> tuple[int, dict[str, str | int]]:
        now = self._clock()
        known = self._credentials
        username = known.username.removesuffix(REALM) + REALM
        given = (form.get("username", ""), form.get("password", ""))
        if given != (username, known.password) or self.locked:
            self.failed_logins += 1
            self._refused_in_a_row += 1
            if self._refused_in_a_row >= self._switches.lock_after:
                self._locked_until = now + self._switches.lock_seconds
            why = (
                "17003 User account is locked" if self.locked else "Authentication failed for user"
            )
            return 400, {"error": "invalid_grant", "error_description": why}
        self._refused_in_a_row = 0
        self.logins += 1
        return self._mint(form.get("scope", "default"))

    def _refresh_grant(self, form: dict[str, str]) -> tuple[int, dict[str, str | int]]:
        until = self._refresh.pop(form.get("refresh_token", ""), 0.0)
        if self._clock() >= until:
            return 400, {
                "error": "invalid_grant",
                "error_description": "Persisted access token data not found",
            }
        self.refreshes += 1
        return self._mint("openid")

    def _mint(self, scope: str) -> tuple[int, dict[str, str | int]]:
        now = self._clock()
        switches = self._switches
        access = self._jwt(int(now))
        digits = f"{self._rng.getrandbits(128):032x}"
        refresh = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
        self._access[access] = now + switches.token_seconds
        self._refresh[refresh] = now + switches.refresh_seconds
        answer: dict[str, str | int] = {
            "access_token": access,
            "refresh_token": refresh,
            "scope": scope,
            "token_type": "Bearer",
            "expires_in": switches.token_seconds,
        }
        if scope == "openid":
            answer["id_token"] = self._jwt(int(now))
        return 200, answer

    def _jwt(self, now: int) -> str:
        """Looks like a JWT with the claims that Telephony asks for; the signature is noise."""
        claims = {
            "sub": self._credentials.username,
            "iat": now,
            "exp": now + self._switches.token_seconds,
            "eAuthStatus": True,
            "eClaims": {"accountNumber": self._account_id},
            "jti": f"{self._rng.getrandbits(64):016x}",
        }
        parts = [json.dumps({"alg": "RS256", "typ": "JWT"}).encode(), json.dumps(claims).encode()]
        parts.append(self._rng.randbytes(32))
        return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def _decode_basic(basic: str) -> tuple[str, str]:
    try:
        name, _, secret = base64.b64decode(basic, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return name, secret
