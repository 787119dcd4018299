"""Every make by its name, its switches in words, and one office behind all three wires."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from pbxtui.simulator.makes import KINDS, build
from pbxtui.simulator.office import Office


@pytest.mark.parametrize("kind", KINDS)
def test_each_make_gives_a_config_for_itself(kind: str) -> None:
    text = build(kind, calls=2).config_toml("http://127.0.0.1:1", name="here")
    assert f'kind = "{kind}"' in text
    assert 'name = "here"' in text


@pytest.mark.parametrize(
    ("kind", "switches", "words"),
    [
        ("vonage", {"empty_lst": "404"}, "there is no switch 'empty_lst'; there are"),
        ("vonage", {"empty_list": "500"}, "the switch empty_list takes '200' or '404'"),
        ("mirta", {"real_delays": "maybe"}, "the switch real_delays takes bool"),
        ("telphin", {"quota_per_hour": "lots"}, "the switch quota_per_hour takes int"),
        ("avaya", {}, "there is no simulated 'avaya'; there are vonage, mirta, telphin"),
    ],
)
def test_what_it_cannot_be_is_said(kind: str, switches: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        build(kind, switches=switches)


async def test_a_switch_in_words_changes_the_wire() -> None:
    empty = build("vonage", calls=0, switches={"empty_list": "404"})
    transport = httpx.ASGITransport(app=empty.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://pbx") as client:
        answer = await client.get(
            "/t/vbc.prod/telephony/v3/cc/accounts/1234/calls",
            headers={"Authorization": "Bearer simulated-access-token"},
        )
    assert answer.status_code == 404


async def test_one_office_gives_the_same_calls_on_all_three_wires() -> None:
    now = time.time()
    office = Office(9, 10, start=now)
    talking: dict[str, set[str]] = {}
    for kind in KINDS:
        pbx = build(kind, office=office, clock=lambda: now)
        transport = httpx.ASGITransport(app=pbx.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://pbx") as client:
            talking[kind] = await _numbers(kind, pbx, client)
    outside = {number for number in talking["vonage"] if len(number) > 6}
    assert outside
    for kind in KINDS:
        assert {number for number in talking[kind] if len(number) > 6} == outside, kind


async def _numbers(kind: str, pbx: object, client: httpx.AsyncClient) -> set[str]:
    """Every number that a wire shows on a call that is answered, without plus and prefix."""
    if kind == "vonage":
        answer = await client.get(
            "/t/vbc.prod/telephony/v3/cc/accounts/1234/calls?page_size=100",
            headers={"Authorization": "Bearer simulated-access-token"},
        )
        calls = [call for call in answer.json()["calls"] if call["status"] == "on-call"]
        found = {call[end] for call in calls for end in ("from_number", "to_number")}
    elif kind == "mirta":
        key = pbx.key  # type: ignore[attr-defined]
        answer = await client.get(
            f"/pbx/proxyapi.php?reqtype=CHANNELS&tenant=ACME&key={key}&format=json"
        )
        rows = json.loads(answer.text)
        up = [row for row in rows if row[4] == "Up" and row[12]]
        found = {row[index] for row in up for index in (2, 7)}
    else:
        token = await client.post(
            "/oauth/token",
            data={
                "grant_type": "client_credentials",
                "client_id": pbx.app_id,  # type: ignore[attr-defined]
                "client_secret": pbx.app_secret,  # type: ignore[attr-defined]
            },
        )
        answer = await client.get(
            "/api/ver1.0/client/@me/current_calls/",
            headers={"Authorization": f"Bearer {token.json()['access_token']}"},
        )
        rows = [row for row in answer.json()["call_list"] if row["answer_time_gmt"]]
        found = {row[end] for row in rows for end in ("caller_id_number", "called_number")}
    return {number.lstrip("+").rpartition("*")[2] for number in found}
