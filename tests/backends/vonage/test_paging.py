"""Lists in pages: followed to their end, and never out of the API."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from pbxtui.backends.base import BackendError, Forbidden, NotFound, NotUnderstood, TooBig
from pbxtui.backends.vonage import paging
from pbxtui.model import Kind, Topic
from tests.backends.server import Reply, Request, Server, serving
from tests.backends.vonage.bodies import (
    CALL_ID,
    DOCUMENTED,
    GATEWAY_NOT_FOUND,
    GATEWAY_NOT_PUBLISHED,
    LIVE,
    LIVE_CALL,
    NOT_FOUND,
)
from tests.backends.vonage.conftest import BASE, CALLS, TOKEN, Site

LIST = "/cc/accounts/1234/calls"


def page(*ids: int, **fields: object) -> Reply:
    return Reply(json.dumps({"calls": [{"call_id": f"c{id}"} for id in ids], **fields}))


def ids(reading_items: object) -> list[str]:
    assert isinstance(reading_items, dict)
    return list(reading_items)


@pytest.mark.parametrize("last", [{}, {"next_page_uri": None}, {"next_page_uri": ""}])
async def test_pages_are_followed_to_the_last(site: Site, last: dict[str, object]) -> None:
    site.server.on(
        CALLS,
        page(1, 2, next_page_uri=f"{LIST}?page_size=2&page=1"),
        page(3, 4, next_page_uri=f"{LIST}?page_size=2&page=2"),
        page(5, pages=3, **last),
    )
    reading = await site.open(page_size=2).read(Topic.CALLS)
    assert ids(reading.items[Kind.CALLS]) == ["c1", "c2", "c3", "c4", "c5"]
    assert reading.notes == ()
    assert reading.source == f"GET {LIST}, 3 pages"
    assert [request.query for request in site.server.requests] == [
        {"page_size": "2"},
        {"page_size": "2", "page": "1"},
        {"page_size": "2", "page": "2"},
    ]


@pytest.mark.parametrize(
    "uri",
    [
        f"{LIST}?page=1",
        f"/v3{LIST}?page=1",
        f"/telephony/v3{LIST}?page=1",
        f"{BASE}{LIST}?page=1",
        f"{{url}}{BASE}{LIST}?page=1",
        "//{host}" + BASE + LIST + "?page=1",
        "?page=1",
    ],
)
async def test_the_next_page_in_every_way_of_writing_it(site: Site, uri: str) -> None:
    uri = uri.format(url=site.server.url, host=site.server.host)
    site.server.on(CALLS, page(1, next_page_uri=uri), page(2))
    reading = await site.open().read(Topic.CALLS)
    assert ids(reading.items[Kind.CALLS]) == ["c1", "c2"]
    assert site.server.requests[1].target == f"{CALLS}?page=1"
    assert site.server.requests[1].headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    "uri",
    [
        "http://pbx.example.org/calls",
        "https://{host}" + BASE + LIST,
        "//pbx.example.org" + BASE + LIST,
        "http://{host}@pbx.example.org" + BASE + LIST,
        "http://user@{host}" + BASE + LIST,
        "http://{other}" + BASE + LIST,
        "ftp://{host}" + BASE + LIST,
        "javascript:alert(1)",
        "file:///etc/passwd",
        "/../../../oauth",
        "/cc/%2e%2e/%2E%2e/%2e%2e/secret",
        "{url}/elsewhere",
        "http://[::1/calls",
        "http:\\\\pbx.example.org\\calls",
        "/cc/accounts\r\nHost: pbx.example.org",
        "/cc/\u202e",
    ],
)
async def test_a_page_elsewhere_is_refused_and_never_asked(site: Site, uri: str) -> None:
    async with serving() as other:
        uri = uri.format(host=site.server.host, other=other.host, url=site.server.url)
        site.server.on(CALLS, page(1, next_page_uri=uri))
        with pytest.raises(NotUnderstood) as caught:
            await site.open().read(Topic.CALLS)
        assert "names a next page outside its API" in caught.value.words
        assert "token stays" in caught.value.hint
        assert TOKEN not in str(caught.value)
        assert other.requests == []
        assert len(site.server.requests) == 1


@pytest.mark.parametrize("uri", ["string", 1, 7.5, True, [], {}, ["/cc"]])
async def test_what_is_no_address_is_no_next_page(site: Site, uri: object) -> None:
    site.server.on(CALLS, page(1, next_page_uri=uri))
    reading = await site.open().read(Topic.CALLS)
    assert ids(reading.items[Kind.CALLS]) == ["c1"]
    assert len(site.server.requests) == 1


async def test_a_page_that_names_itself_ends_the_list(site: Site) -> None:
    site.server.on(CALLS, Reply(DOCUMENTED))
    reading = await site.open().read(Topic.CALLS)
    assert len(reading.items[Kind.CALLS]) == 1
    assert len(site.server.requests) == 2
    assert reading.notes == ()


async def test_pages_in_a_circle_end(site: Site) -> None:
    site.server.on(
        CALLS,
        page(1, next_page_uri=f"{LIST}?page=1"),
        page(2, next_page_uri=f"{LIST}?page=2"),
        page(3, next_page_uri=f"{LIST}?page=1"),
    )
    reading = await site.open().read(Topic.CALLS)
    assert ids(reading.items[Kind.CALLS]) == ["c1", "c2", "c3"]
    assert len(site.server.requests) == 3


def _counting(make: Callable[[int], Reply]) -> Callable[[Request], Reply]:
    count = 0

    def answer(_: Request) -> Reply:
        nonlocal count
        count += 1
        return make(count)

    return answer


async def test_ever_new_addresses_of_the_same_page_end(site: Site) -> None:
    answer = _counting(lambda n: page(1, 2, next_page_uri=f"{LIST}?page={n}"))
    site.server.on(CALLS, answer)
    reading = await site.open(page_size=2).read(Topic.CALLS)
    assert ids(reading.items[Kind.CALLS]) == ["c1", "c2"]
    assert len(site.server.requests) == 2


async def test_calls_that_come_between_two_pages_do_not_end_the_list(site: Site) -> None:
    site.server.on(
        CALLS,
        page(1, 2, pages=3, next_page_uri=f"{LIST}?page=1"),
        page(1, 2, pages=3, next_page_uri=f"{LIST}?page=2"),
        page(3, 4, pages=3),
    )
    reading = await site.open(page_size=2).read(Topic.CALLS)
    assert ids(reading.items[Kind.CALLS]) == ["c1", "c2", "c3", "c4"]
    assert reading.notes == ()


async def test_ever_new_calls_without_an_end_are_too_many(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "MOST_PAGES", 20)
    site.server.on(CALLS, _counting(lambda n: page(n, next_page_uri=f"{LIST}?page={n}")))
    with pytest.raises(TooBig) as caught:
        await site.open().read(Topic.CALLS)
    assert "does not end: 20 pages" in caught.value.words
    assert len(site.server.requests) == 20


async def test_a_call_on_two_pages_is_one_call(site: Site) -> None:
    site.server.on(
        CALLS, page(1, 2, next_page_uri=f"{LIST}?page=1"), page(2, 3, next_page_uri=None)
    )
    reading = await site.open(page_size=2).read(Topic.CALLS)
    assert ids(reading.items[Kind.CALLS]) == ["c1", "c2", "c3"]


@pytest.mark.parametrize(
    "reply",
    [
        page(1, 2),
        Reply('[{"call_id":"c1"},{"call_id":"c2"}]'),
        page(1, 2, pages=3, next_page_uri=f"{LIST}?page_size=2"),
    ],
)
async def test_a_list_that_may_be_cut_short_says_so(site: Site, reply: Reply) -> None:
    site.server.on(CALLS, reply)
    reading = await site.open(page_size=2).read(Topic.CALLS)
    assert len(reading.items[Kind.CALLS]) == 2
    (note,) = reading.notes
    assert "2 calls were read and there may be more" in note
    assert "page_size" in note


async def test_a_full_page_that_is_the_only_one_is_whole(site: Site) -> None:
    site.server.on(CALLS, page(1, 2, pages="1"))
    assert (await site.open(page_size=2).read(Topic.CALLS)).notes == ()


async def test_a_page_that_fails_fails_the_reading(site: Site) -> None:
    site.server.on(CALLS, page(1, next_page_uri=f"{LIST}?page=1"), Reply("<html>", 502))
    backend = site.open()
    with pytest.raises(BackendError):
        await backend.read(Topic.CALLS)
    site.server.on(CALLS, page(2))
    assert ids((await backend.read(Topic.CALLS)).items[Kind.CALLS]) == ["c2"]


# --- no calls --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply", [Reply('{"calls":[]}'), Reply("[]"), Reply(" [ ] "), Reply(NOT_FOUND, 404)]
)
async def test_no_calls(site: Site, reply: Reply) -> None:
    site.server.on(CALLS, page(1), reply)
    backend = site.open()
    assert len((await backend.read(Topic.CALLS)).items[Kind.CALLS]) == 1
    reading = await backend.read(Topic.CALLS)
    assert reading.items == {Kind.CALLS: {}}
    assert reading.notes == ()


@pytest.mark.parametrize(
    "body",
    [
        GATEWAY_NOT_FOUND,
        GATEWAY_NOT_PUBLISHED,
        '{"code":900906,"message":"No matching resource found in the API"}',
        '{"message":7}',
        "<html>404</html>",
        "[]",
        "null",
        "{",
        "",
    ],
)
async def test_another_404_is_not_no_calls(site: Site, body: str) -> None:
    site.server.on(CALLS, Reply(body, 404))
    with pytest.raises(NotFound) as caught:
        await site.open().read(Topic.CALLS)
    assert "url" in caught.value.hint


@pytest.mark.parametrize("status", [200, 202, 204])
async def test_an_empty_answer_is_not_no_calls(site: Site, status: int) -> None:
    site.server.on(CALLS, Reply(b" " if status == 200 else b"", status))
    with pytest.raises(Forbidden) as caught:
        await site.open().read(Topic.CALLS)
    assert "with nothing in it" in caught.value.words
    assert "VBC user" in caught.value.hint


# --- one of them -----------------------------------------------------------------------------


@pytest.fixture
def one(server: Server) -> None:
    legs = json.loads(LIVE_CALL)["leg_map"]
    server.on(f"{CALLS}/{CALL_ID}", Reply(LIVE_CALL))
    server.on(f"{CALLS}/{CALL_ID}/legs", Reply(json.dumps(list(legs.values()))))
    server.on(f"{CALLS}/{CALL_ID}/legs/leg-desk", Reply(json.dumps(legs["leg-desk"])))


@pytest.mark.usefixtures("one")
async def test_one_call_its_legs_and_one_leg(site: Site) -> None:
    site.server.on(CALLS, Reply(LIVE))
    backend = site.open()
    listed = (await backend.read(Topic.CALLS)).items[Kind.CALLS][CALL_ID]
    call = await backend.call(CALL_ID)
    assert call == listed
    assert sorted(leg.id for leg in await backend.legs(CALL_ID)) == ["leg-desk", "leg-trunk"]
    assert await backend.leg(CALL_ID, "leg-desk") in call.legs
    assert len(site.server.requests) == 4


@pytest.mark.parametrize("key", ["leg_map", "legs"])
async def test_legs_in_an_object(site: Site, key: str) -> None:
    legs = json.loads(LIVE_CALL)["leg_map"]
    body = {key: legs if key == "leg_map" else list(legs.values())}
    site.server.on(f"{CALLS}/{CALL_ID}/legs", Reply(json.dumps(body)))
    assert [leg.id for leg in await site.open().legs(CALL_ID)] == ["leg-trunk", "leg-desk"]


@pytest.mark.parametrize("body", ["7", "{}", '{"legs":7}', "[7]", '"legs"', "null"])
async def test_legs_that_are_none(site: Site, body: str) -> None:
    site.server.on(f"{CALLS}/{CALL_ID}/legs", Reply(body))
    with pytest.raises(NotUnderstood):
        await site.open().legs(CALL_ID)


async def test_a_call_that_is_over(site: Site) -> None:
    site.server.on(f"{CALLS}/{CALL_ID}", Reply(NOT_FOUND, 404))
    with pytest.raises(NotFound) as caught:
        await site.open().call(CALL_ID)
    assert "it is over" in caught.value.hint


async def test_an_id_stays_in_its_place(site: Site) -> None:
    backend = site.open()
    for odd in ("..", ".", ""):
        with pytest.raises(NotUnderstood):
            await backend.call(odd)
    with pytest.raises(NotFound):
        await backend.call("../../secret?x=1#y")
    assert [request.target for request in site.server.requests] == [
        f"{CALLS}/..%2F..%2Fsecret%3Fx%3D1%23y"
    ]
