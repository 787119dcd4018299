"""No command shows a secret, whatever the PBX answers, and neither does the log of a bug."""

from __future__ import annotations

from urllib.parse import quote, quote_plus

import httpx
import pytest

from pbxtui.cli import listing
from tests.cli.conftest import Desk, Serve
from tests.cli.offices import EVERY, Site
from tests.contract.makes import Make

COMMANDS = (
    ("list", "calls", "--json"),
    ("list", "devices"),
    ("check",),
    ("config",),
    ("audit",),
    ("audit", "--json"),
)
FAULTS = ("401", "html", "reset", "wrong-types")


def spellings(site: Site) -> set[str]:
    """Each secret as it is and as it stands in an address."""
    return {form for one in site.secrets for form in (one, quote(one, safe=""), quote_plus(one))}


def without(site: Site, text: str) -> None:
    for spelling in spellings(site):
        assert spelling not in text


@pytest.mark.parametrize("fault", [None, *FAULTS])
@EVERY
def test_no_command_shows_a_secret(desk: Desk, serve: Serve, make: Make, fault: str | None) -> None:
    site = serve(make)
    desk.write(site.config())
    call = desk.call_of(site.talk()[1])
    if fault is not None:
        site.faults.set(fault, on="all")
    asked = site.faults.counts.total()
    done = [desk.run(*words) for words in COMMANDS]
    done += [desk.do(verb, "hq", call, *more) for verb, *more in (("park",), ("hangup", "--yes"))]
    assert site.faults.counts.total() > asked
    assert fault is None or any(one.status for one in done)
    without(site, "".join(one.all for one in done) + desk.written())


@EVERY
def test_a_bug_over_a_request_is_in_the_log_without_its_secrets(
    desk: Desk, serve: Serve, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = serve(make)
    desk.write(site.config())

    async def broken(_: httpx.AsyncClient, request: httpx.Request, **__: object) -> httpx.Response:
        raise ValueError(f"{request.url} {dict(request.headers)} {request.content!r}")

    monkeypatch.setattr(httpx.AsyncClient, "send", broken)
    done = desk.run("list", "calls")
    assert done.status == 1
    assert "this is a bug of pbxtui; its log has the details" in done.err
    log = (desk.state / "log" / "pbxtui.log").read_text()
    assert "ValueError: http://127.0.0.1" in log
    assert "***" in log
    without(site, done.all + desk.written())


def test_a_bug_of_a_command_is_one_sentence_and_a_traceback_in_the_log(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> int:
        raise ValueError("a \x1b[31mlist that cannot be made")

    monkeypatch.setattr(listing, "list_things", broken)
    done = desk.run("list", "calls")
    log = desk.state / "log" / "pbxtui.log"
    assert (done.status, done.out) == (70, "")
    assert done.err == (
        "pbxtui: a bug ended this command (ValueError: a \ufffd[31mlist that cannot be made); "
        f"the traceback is in {log}\n"
    )
    assert "Traceback" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


@EVERY
def test_what_a_pbx_cannot_do_today_is_not_logged(desk: Desk, serve: Serve, make: Make) -> None:
    site = serve(make)
    desk.write(site.config())
    site.faults.set("500")
    assert desk.run("list", "calls").status == 1
    assert not (desk.state / "log").exists()
