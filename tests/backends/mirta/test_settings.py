"""What can be set for a MiRTA site, and what is said of mistakes."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from pbxtui.backends import registry
from pbxtui.backends.mirta import plugin
from pbxtui.backends.mirta.settings import MirtaSettings
from tests.backends.mirta.conftest import Pbx

GOOD = {
    "name": "branch",
    "url": "https://pbx.example.net/pbx/proxyapi.php",
    "tenant": "ACME",
    "key": "secret",
}


def test_the_least_that_is_needed() -> None:
    settings = MirtaSettings.model_validate(GOOD)
    assert (settings.nodes, settings.park, settings.cache) == ((), "", True)
    assert settings.kind == "mirta"


def test_numbers_may_be_numbers() -> None:
    settings = MirtaSettings.model_validate({**GOOD, "tenant": 12, "park": 700})
    assert (settings.tenant, settings.park) == ("12", "700")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"key": "  "}, "a key is one word"),
        ({"key": "two words"}, "a key is one word"),
        ({"tenant": ""}, "one word is needed"),
        ({"tenant": "A CME"}, "one word is needed"),
        ({"park": "the lot"}, "a number is needed"),
        ({"nodes": ["pbx 1"]}, "one word is needed"),
        ({"url": "pbx.example.net"}, "a web address is needed"),
        ({"url": "https://pbx.example.net/proxyapi.php?key=x"}, r"no \? and no #"),
        ({"server": "x"}, "Extra inputs"),
    ],
)
def test_mistakes(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words) as raised:
        MirtaSettings.model_validate(GOOD | wrong)
    assert "secret" not in str(raised.value)


def test_it_is_installed_and_says_what_it_is() -> None:
    assert "mirta" in registry.kinds()
    assert registry.plugin("mirta") is plugin
    assert 'kind = "mirta"' in plugin.sample
    assert "MiRTA" in plugin.title


async def test_past_the_cache(pbx: Pbx) -> None:
    pbx.open(cache=False)
    await pbx.calls("[]")
    assert {asked["cache"] for asked in pbx.asked("CHANNELS")} == {"no"}


async def test_what_the_protocol_asks(pbx: Pbx) -> None:
    backend = pbx.backend
    assert backend.kind == "mirta"
    assert backend.quota is None
    assert backend.address == pbx.server.host
    assert dict(backend.missing) == {}
    assert [reading async for reading in backend.updates()] == []
