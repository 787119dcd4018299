"""What pbxtui did and the PBX does not show is in what is listed and told, as assumed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import Desk, Home, Serve
from tests.cli.offices import BY_NAME, Site, numbers
from tests.cli.test_linear import listening
from tests.contract.makes import Make

HOLDING = pytest.mark.parametrize(
    "make",
    [BY_NAME[name] for name in ("vonage-live", "vonage-documented", "telphin")],
    ids=lambda make: make.name,
)


def held(desk: Desk, site: Site) -> tuple[str, str]:
    """A call of which one leg was put on hold from the command line: its id, and the phone."""
    _, phone = site.talk()
    id = desk.call_of(phone)
    assert desk.do("hold", "hq", id, phone.number).status == 0
    return id, phone.number


def listed(desk: Desk, id: str) -> dict[str, Any]:
    return next(call for call in desk.listed("calls") if call["id"] == id)


@HOLDING
def test_a_hold_that_the_pbx_does_not_show_is_listed_as_assumed(
    desk: Desk, serve: Serve, make: Make
) -> None:
    site = serve(make)
    desk.write(site.config())
    id, number = held(desk, site)

    call = listed(desk, id)
    assert (call["state"], call["certainty"]) == ("held", "assumed")
    (leg,) = [leg for leg in call["legs"] if leg["certainty"] == "assumed"]
    assert leg["state"] == "held"
    assert number in numbers([leg])
    assert "held by pbxtui" in call["reason"]
    table = desk.run("list", "calls").out.splitlines()
    assert sum("held~" in row.split() for row in table) == 1

    assert desk.do("resume", "hq", id, number).status == 0
    call = listed(desk, id)
    assert call["state"] == "talking"
    assert call["certainty"] != "assumed"
    assert "held~" not in desk.run("list", "calls").out


def test_listing_looks_and_changes_nothing(desk: Desk, serve: Serve) -> None:
    site = serve(BY_NAME["telphin"])
    desk.write(site.config())
    id, _ = held(desk, site)
    kept = (desk.state / "assumed.json").read_bytes()
    (real,) = [call for call in site.office.calls.values() if call.alive and _is_held(call)]
    site.act(lambda: site.office.hangup_call(real.id))

    for _ in range(4):
        assert id not in [call["id"] for call in desk.listed("calls")]

    assert (desk.state / "assumed.json").read_bytes() == kept


def _is_held(call: Any) -> bool:
    return any(leg.state.value == "held" for leg in call.live_legs())


def test_a_broken_file_keeps_no_list_from_being_printed(desk: Desk, serve: Serve) -> None:
    site = serve(BY_NAME["telphin"])
    desk.write(site.config())
    desk.state.mkdir(parents=True)
    (desk.state / "assumed.json").write_text("{")
    assert desk.listed("calls")


def test_it_is_told_as_assumed_in_sentences(desk: Desk, home: Home, serve: Serve) -> None:
    site = serve(BY_NAME["telphin"])
    desk.write(site.config())
    held(desk, site)
    arguments = ("--linear", "--config", desk.config)
    state = str(desk.state.parent)
    with listening(home, *arguments) as stranger:
        assert "assumed" not in stranger.until(r"hq: \d+ calls"), "another user's state folder"
    process = home.start(*arguments, XDG_STATE_HOME=state)
    try:
        assert process.stdout is not None
        start = next(line for line in process.stdout if " calls, " in line)
    finally:
        process.kill()
        process.communicate()
    assert "1 assumed on hold" in start
