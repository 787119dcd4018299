"""``pbxtui do``: asking one colleague, going back, asking another, handing over."""

from __future__ import annotations

import pytest

from pbxtui.simulator import things
from tests.cli.conftest import Desk, Serve
from tests.cli.offices import BY_NAME, Site
from tests.cli.test_do import good, talking_with


def asks(desk: Desk, site: Site, id: str, phone: things.Extension, whom: things.Extension) -> None:
    """By the PBX where it can, else at the phone itself."""
    office = site.office
    if site.make.name == "mirta":
        asked = ("transfer", "hq", id, phone.number, "--to", whom.number, "--attended")
        good(desk, site, *asked)
    else:
        good(desk, site, "hold", "hq", id, phone.number)
        own = site.act(lambda: office.dial(phone.number, whom.number))
        site.act(lambda: office.answer(own.legs[0].id))
    assert len(whom.legs) == 1


@pytest.mark.parametrize("name", ["vonage-live", "mirta"])
def test_after_going_back_another_is_asked_and_gets_the_call(
    desk: Desk, serve: Serve, name: str
) -> None:
    site = serve(BY_NAME[name])
    desk.write(site.config())
    call, phone = site.talk()
    id = desk.call_of(phone)
    first, second = [
        extension
        for extension in site.office.building.extensions
        if not extension.legs and extension.reachable and extension.agent is None
    ][:2]
    asks(desk, site, id, phone, first)
    told = good(desk, site, "cancel", "hq", id)
    assert told["action"] == "cancel"
    assert first.legs == []
    if name != "mirta":
        good(desk, site, "resume", "hq", id)
        assert [leg.state.value for leg in call.live_legs()] == ["talking", "talking"]
    asks(desk, site, id, phone, second)
    site.act(lambda: site.office.answer(second.legs[0].id))
    told = good(desk, site, "complete", "hq", id)
    assert told["action"] == "complete"
    assert talking_with(second) == {None}, "the one outside, and no phone of the house"
    assert (first.legs, phone.legs) == ([], [])
