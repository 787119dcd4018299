"""The contract of every backend, held against the real Asterisk."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from pbxtui.backends.asterisk import plugin
from pbxtui.backends.base import BackendError, Runtime
from pbxtui.model import Topic
from pbxtui.service import Site
from pbxtui.service.fleet import open_site
from tests.asterisk import office
from tests.asterisk.conftest import MakePhone
from tests.asterisk.phones import Phone, connect
from tests.asterisk.rig import Rig
from tests.asterisk.waiting import eventually
from tests.contract import rules


@pytest.fixture
async def site(asterisk: Rig, phone: MakePhone, trunk: Phone) -> AsyncIterator[Site]:
    """A site over an office where two talk and a stranger with an evil name rings."""
    connect(phone("1001"), phone("1002"))
    phone("1004")
    trunk.dial("1004", name=b"\x1b[2J[red]Ev\x07il[/] \xe2\x80\xaeBob")
    eventually(lambda: len(asterisk.channels()) >= 4)
    settings = plugin.settings.model_validate(
        {
            "name": "lab",
            "kind": "asterisk",
            "host": "127.0.0.1",
            "port": asterisk.ports.ami,
            "username": office.NOC.username,
            "secret": office.NOC.secret,
            "context": office.CONTEXT,
        }
    )
    made = open_site(settings, Runtime())
    for topic in Topic:
        await made.read(topic)
    yield made
    await made.stop()


async def test_the_rules_of_every_backend_hold(site: Site) -> None:
    rules.each_kind_is_read_or_has_a_reason(site)
    rules.each_call_can_be_told_apart_and_acted_on(site)
    rules.each_verb_is_possible_or_has_a_reason(site)
    rules.each_field_has_an_origin(site)
    rules.each_row_can_be_seen_as_it_was_sent(site, (office.NOC.secret,))
    assert any("[red]Ev" in text for text in rules.texts(site))
    rules.nothing_uncleaned_reached_the_model(site)


async def test_a_killed_asterisk_is_said_and_takes_nothing_away(site: Site, asterisk: Rig) -> None:
    before = site.snapshot
    asterisk.kill()
    for topic in Topic:
        with pytest.raises(BackendError) as caught:
            await site.read(topic)
        assert office.NOC.secret not in f"{caught.value!r} {caught.value}"
        assert site.health[topic].fault is not None
    assert site.snapshot == before
    asterisk.start()
    for topic in Topic:
        await site.read(topic)
        assert site.health[topic].fault is None
