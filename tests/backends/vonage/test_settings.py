"""What may be set for a Vonage site, and what is wrong with the rest."""

from __future__ import annotations

import subprocess
import sys
import tomllib

import pytest
from pydantic import ValidationError

from pbxtui.backends import registry
from pbxtui.backends.base import BackendError, Runtime
from pbxtui.backends.vonage import plugin
from pbxtui.backends.vonage.backend import VonageBackend
from pbxtui.backends.vonage.settings import VonageSettings
from pbxtui.model import Call, Device, Kind, Leg, Retrieve, Topic, Verb

LOGIN = {"username": "u", "password": "p", "client_id": "c", "client_secret": "s"}
LEAST = {"name": "hq", "kind": "vonage", "account": "1234"}


def wrong(**values: object) -> str:
    with pytest.raises(ValidationError) as caught:
        VonageSettings.model_validate({**LEAST, **values})
    return str(caught.value)


def test_a_token_is_enough() -> None:
    settings = VonageSettings.model_validate({**LEAST, "access_token": "t"})
    assert settings.url == "https://api.vonage.com/t/vbc.prod"
    assert settings.token_url == "https://api.vonage.com/token"
    assert (settings.online_after, settings.page_size) == (3600, 100)
    assert "'t'" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("noc", "noc@vbc.prod"),
        ("noc@example.com", "noc@example.com@vbc.prod"),
        ("noc@example.com@vbc.prod", "noc@example.com@vbc.prod"),
    ],
)
def test_the_realm_is_added_to_a_user(name: str, sent: str) -> None:
    assert VonageSettings.model_validate({**LEAST, **LOGIN, "username": name}).username == sent


def test_the_account_may_be_a_number() -> None:
    values = {**LEAST, "access_token": "t", "account": 1234}
    assert VonageSettings.model_validate(values).account == "1234"


def test_a_way_in_is_needed() -> None:
    message = wrong()
    assert "access_token, or username, password, client_id, client_secret" in message


@pytest.mark.parametrize("lacking", sorted(LOGIN))
def test_half_a_login_is_named(lacking: str) -> None:
    half = {key: value for key, value in LOGIN.items() if key != lacking}
    assert f"for a login {lacking} must be set too" in wrong(**half)


def test_two_ways_in_are_one_too_many() -> None:
    assert "two ways in" in wrong(access_token="t", **LOGIN)


@pytest.mark.parametrize("token", ["", " ", "a b", "a\nb", "pä"])
def test_a_token_that_cannot_be_sent(token: str) -> None:
    assert "one word" in wrong(access_token=token)


@pytest.mark.parametrize(
    "url",
    ["", "api.vonage.com", "ftp://x", "https://", "https://u@x", "https://x?y", "https://x:y"],
)
def test_a_wrong_address(url: str) -> None:
    assert "url" in wrong(access_token="t", url=url)


@pytest.mark.parametrize("account", ["", "..", "12/34", "a b"])
def test_a_wrong_account(account: str) -> None:
    assert "account" in wrong(access_token="t", account=account)


def test_the_sample_is_a_config_that_works() -> None:
    (site,) = tomllib.loads(plugin.sample)["site"]
    site["access_token"] = "resolved"
    assert VonageSettings.model_validate(site).name == "hq"
    assert all(len(line) <= 100 for line in plugin.sample.splitlines())


def test_it_is_found_by_its_kind() -> None:
    assert registry.plugin("vonage") is plugin


def test_the_plug_in_costs_no_http() -> None:
    code = (
        "import sys; import pbxtui.backends.vonage; "
        "print([m for m in ('httpx', 'pbxtui.backends.vonage.backend') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_what_it_says_of_itself() -> None:
    backend = VonageBackend(
        VonageSettings.model_validate({**LEAST, "access_token": "t"}), Runtime()
    )
    assert backend.topics == {Topic.CALLS, Topic.DEVICES}
    shown = {Kind.CALLS, Kind.DEVICES}
    assert shown | backend.missing.keys() == set(Kind)
    assert not shown & backend.missing.keys()
    assert set(backend.capabilities) == set(Verb)
    for verb, capability in backend.capabilities.items():
        assert capability.possible or capability.why.endswith("."), verb
    calls, devices = backend.origins[Kind.CALLS], backend.origins[Kind.DEVICES]
    for field in Call.__dataclass_fields__:
        assert field == "site" or field.rstrip("_") in calls, field
    for field in Leg.__dataclass_fields__:
        assert f"legs.{field.rstrip('_')}" in calls, field
    for field in Device.__dataclass_fields__:
        assert field == "site" or field in devices, field
    assert backend.address == "api.vonage.com"
    assert [reading async for reading in backend.updates()] == []
    with pytest.raises(BackendError) as caught:
        await backend.act(Retrieve(site="hq", call="1"))
    assert caught.value.words == backend.capabilities[Verb.RETRIEVE].why
    assert caught.value.hint == "take it back at the phone"
    await backend.close()
