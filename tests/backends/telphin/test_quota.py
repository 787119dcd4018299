"""The quota of the hour, and what the errors of a reading say."""

from __future__ import annotations

import pytest

from pbxtui.backends.base import BackendError, Forbidden, NotFound, Throttled
from pbxtui.model import Quota, Topic
from pbxtui.service.pace import within_quota
from tests.backends.server import Reply
from tests.backends.telphin.bodies import RINGING
from tests.backends.telphin.conftest import CALLS, Site


def limited(remaining: int, reset: int, status: int = 200, body: str = RINGING) -> Reply:
    headers = {
        "X-RateLimit-Limit": "1000",
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(reset),
    }
    return Reply(body, status, headers)


async def test_the_quota_of_the_last_answer(site: Site) -> None:
    backend = site.open()
    shown = [backend.quota]
    site.server.on(CALLS, limited(412, 1800))
    await site.calls()
    shown.append(backend.quota)
    site.now += 300
    shown.append(backend.quota)
    assert shown == [None, Quota(1000, 412, 1800.0), Quota(1000, 412, 1500.0)]


async def test_the_poller_makes_it_last_the_hour_and_keeps_a_reserve(site: Site) -> None:
    site.server.on(CALLS, limited(400, 1800))
    await site.calls()
    assert within_quota(2.0, site.backend.quota, 0.5) == 1800 / 150
    site.server.on(CALLS, limited(90, 1800))
    await site.calls()
    assert within_quota(2.0, site.backend.quota, 0.5) == 1800.0


async def test_an_hour_that_is_used_up(site: Site) -> None:
    said = '{"message":"Rate limit exceeded","status":"rate_limit_exceeded"}'
    site.server.on(CALLS, limited(0, 754, 429, said))
    with pytest.raises(Throttled, match="the requests of this hour are used up") as caught:
        await site.calls()
    assert caught.value.retry_after == 754.0
    assert "13 min" in caught.value.hint
    assert len(site.server.of(CALLS)) == 1


async def test_a_429_that_tells_its_own_time(site: Site) -> None:
    site.server.on(CALLS, Reply("", 429, {"retry-after": "30"}))
    with pytest.raises(Throttled) as caught:
        await site.calls()
    assert caught.value.retry_after == 30.0


async def test_a_429_without_any_time(site: Site) -> None:
    site.server.on(CALLS, Reply("", 429))
    with pytest.raises(Throttled, match="quota") as caught:
        await site.calls()
    assert caught.value.retry_after is None


@pytest.mark.parametrize(
    ("status", "word", "kind", "words", "hint"),
    [
        (403, "access_denied", Forbidden, "no right to this", "must belong to that client"),
        (403, "user_blocked", Forbidden, "blocked", "ask Telphin why"),
        (403, "app_access_type_deny", Forbidden, "access level", "application level “All”"),
        (403, "user_access_type_deny", Forbidden, "may only read", "full access"),
        (403, "something_new", Forbidden, "“no”", "ask who runs the PBX"),
        (404, "client_not_found", NotFound, "no such client", "check client in the config"),
        (404, "", NotFound, "no such thing", "check url"),
        (500, "", BackendError, "internal server error", ""),
    ],
)
async def test_errors_say_what_to_do(
    site: Site, status: int, word: str, kind: type[BackendError], words: str, hint: str
) -> None:
    site.server.on(CALLS, Reply(f'{{"message":"no","status":"{word}"}}', status))
    with pytest.raises(kind) as caught:
        await site.reading(Topic.CALLS)
    error = caught.value
    assert words in error.words
    assert hint in error.hint
    assert (error.sent, error.status) == (True, status)


@pytest.mark.parametrize("body", ['{"status":401}', '{"status":["x"]}', "[]", "{", "\xff" * 9])
async def test_errors_with_odd_bodies(site: Site, body: str) -> None:
    site.server.on(CALLS, Reply(body, 403))
    with pytest.raises(Forbidden):
        await site.calls()


async def test_a_redirect_within_the_api_is_followed(site: Site) -> None:
    site.server.on(CALLS, Reply("", 301, {"location": "/api/ver1.0/elsewhere/"}))
    site.server.on("/api/ver1.0/elsewhere/", Reply('{"call_list":[]}'))
    assert await site.calls() == {}
    site.server.on(CALLS, Reply("", 301, {"location": "https://example.org/"}))
    with pytest.raises(BackendError, match=r"example\.org"):
        await site.calls()
