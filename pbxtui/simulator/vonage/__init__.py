"""A simulated Vonage Business Communications account."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from starlette.types import ASGIApp

from pbxtui.simulator.faults import Faults, FaultyApp
from pbxtui.simulator.office import Office
from pbxtui.simulator.vonage.face import VonageFace
from pbxtui.simulator.vonage.gateway import BASE, classify, error_body
from pbxtui.simulator.vonage.switches import Profile, VonageSwitches
from pbxtui.simulator.vonage.tokens import Credentials, Tokens
from pbxtui.simulator.vonage.wire import Wire

__all__ = ["BASE", "Profile", "SimulatedVonage", "VonageSwitches", "build_vonage"]


@dataclass(frozen=True, slots=True)
class SimulatedVonage:
    """The app, the office behind it, and what a client needs to get in."""

    app: ASGIApp
    office: Office
    faults: Faults
    tokens: Tokens
    account_id: str
    access_token: str
    """Always accepted."""
    unclaimed_token: str
    """Accepted, but its actions are answered 202 with nothing, and not done (CAPTURED)."""
    username: str
    password: str
    client_id: str
    client_secret: str

    def config_toml(self, url: str, *, name: str = "hq", login: bool = False) -> str:
        """A site to paste into the config; `url` is the server's, such as http://127.0.0.1:8080.

        With `login` it has the user's and the application's credentials in place of the token.
        """
        lines = [
            "[[site]]",
            f'name = "{name}"',
            'kind = "vonage"',
            f'url = "{url}/t/vbc.prod"',
            f'token_url = "{url}/token"',
            f'account = "{self.account_id}"',
        ]
        if login:
            lines += [
                f'username = "{self.username}"',
                f'password = "{self.password}"',
                f'client_id = "{self.client_id}"',
                f'client_secret = "{self.client_secret}"',
            ]
        else:
            lines.append(f'access_token = "{self.access_token}"')
        return "\n".join(lines) + "\n"


def build_vonage(
    seed: int = 1,
    calls: int = 12,
    phones: int | None = None,
    profile: Profile = "live",
    clock: Callable[[], float] = time.time,
    faults: Faults | None = None,
    switches: VonageSwitches | None = None,
    *,
    office: Office | None = None,
    churn: float = 0.012,
    three_way: float = 0.05,
    account_id: str = "1234",
) -> SimulatedVonage:
    """A Vonage account over a new office (or over `office`), which lives by `clock`.

    Raises ValueError when the office can't be: see `Office`.
    """
    faults = faults if faults is not None else Faults(seed)
    switches = switches or VonageSwitches()
    if office is None:
        office = Office(seed, calls, phones, start=clock(), churn=churn, three_way=three_way)
    rng = Random(f"vonage {seed}")
    credentials = Credentials(
        username="monitor@harbour.example",
        password="simulated-password",
        client_id="simulated-consumer-key",
        client_secret="simulated-consumer-secret",
    )
    tokens = Tokens(credentials, account_id, switches, clock, rng)
    access_token, unclaimed_token = "simulated-access-token", "simulated-unclaimed-token"
    face = VonageFace(
        office,
        Wire(account_id, profile, switches, faults),
        tokens,
        switches,
        faults,
        clock,
        access_token=access_token,
        unclaimed_token=unclaimed_token,
    )
    app = FaultyApp(face.app, faults, clock=clock, classify=classify, error_body=error_body)
    return SimulatedVonage(
        app=app,
        office=office,
        faults=faults,
        tokens=tokens,
        account_id=account_id,
        access_token=access_token,
        unclaimed_token=unclaimed_token,
        username=credentials.username,
        password=credentials.password,
        client_id=credentials.client_id,
        client_secret=credentials.client_secret,
    )
