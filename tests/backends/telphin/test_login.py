"""Tokens: fetched, shared, renewed once, and a refused login that is not repeated."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import parse_qs

import pytest

from pbxtui.backends.base import BackendError, LoginRefused, NotUnderstood
from pbxtui.backends.telphin.settings import TelphinSettings
from pbxtui.model import Answered, Hold, Topic
from tests.backends.server import Reply, Request
from tests.backends.telphin.bodies import HANDLE, RINGING, TOKEN
from tests.backends.telphin.conftest import API, CALLS, SECRET, Site
from tests.backends.telphin.conftest import TOKEN as LOGIN

UNAUTHORISED = Reply('{"message": "Unauthorized"}', 401)
HOLD = Hold(site="cloud", call=HANDLE, leg=HANDLE)
CONTROL = f"{API}/extension/85219/current_calls/{HANDLE.partition('/')[2]}"


def minted(*names: str) -> list[Reply]:
    return [Reply(f'{{"access_token": "{name}", "expires_in": 3600}}') for name in names]


def only(token: str) -> Callable[[Request], Reply]:
    """The calls, for one token alone."""

    def answer(request: Request) -> Reply:
        good = request.headers.get("authorization") == f"Bearer {token}"
        return Reply(RINGING) if good else UNAUTHORISED

    return answer


async def test_a_login_by_client_credentials(site: Site) -> None:
    await site.calls()
    (login,) = site.server.of(LOGIN)
    assert login.method == "POST"
    assert login.headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(login.body.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["0123456789abcdef0123456789abcdef"],
        "client_secret": [SECRET],
    }
    (read,) = site.server.of(CALLS)
    assert read.headers["authorization"] == "Bearer 2jGp74vK7HmBtWq0McR0l2n7eVEJJQ"
    await site.calls()
    assert len(site.server.of(LOGIN)) == 1


async def test_all_topics_share_one_login(site: Site) -> None:
    await asyncio.gather(*(site.backend.read(topic) for topic in site.backend.topics))
    assert len(site.server.of(LOGIN)) == 1


async def test_a_token_is_fetched_before_its_hour_is_over(site: Site) -> None:
    await site.calls()
    site.now += 3539
    await site.calls()
    assert len(site.server.of(LOGIN)) == 1
    site.now += 2
    await site.calls()
    assert len(site.server.of(LOGIN)) == 2


@pytest.mark.parametrize("life", ["", ',"expires_in":null', ',"expires_in":"never"'])
async def test_a_token_without_a_length_of_life_lasts_until_it_is_refused(
    site: Site, life: str
) -> None:
    site.server.on(LOGIN, Reply(f'{{"access_token":"one"{life}}}'), *minted("two"))
    await site.calls()
    site.now += 100_000
    await site.calls()
    assert len(site.server.of(LOGIN)) == 1
    site.server.on(CALLS, only("two"))
    await site.calls()
    assert len(site.server.of(LOGIN)) == 2


async def test_a_401_renews_the_token_once(site: Site) -> None:
    site.server.on(LOGIN, *minted("one", "two", "three"))
    site.server.on(CALLS, only("two"))
    await site.calls()
    assert len(site.server.of(LOGIN)) == 2
    assert len(site.server.of(CALLS)) == 2
    site.server.on(CALLS, UNAUTHORISED)
    with pytest.raises(LoginRefused, match="401") as caught:
        await site.calls()
    assert len(site.server.of(LOGIN)) == 3
    assert len(site.server.of(CALLS)) == 4
    assert not caught.value.retry


async def test_several_reads_that_are_refused_renew_once(site: Site) -> None:
    site.server.on(LOGIN, *minted("one", "two", "three"))
    site.server.on(CALLS, only("two"))
    gate = site.server.hold(CALLS)
    backends = site.backend
    reads = [asyncio.ensure_future(backends.read(Topic.CALLS)) for _ in range(2)]
    reads += [asyncio.ensure_future(backends.read(Topic.QUEUES))]
    await site.server.came(2)
    gate.set()
    await asyncio.gather(*reads)
    assert len(site.server.of(LOGIN)) == 2


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize("body", ['{"error": "invalid_client"}', "", "no", "[]"])
async def test_a_refused_login_is_not_repeated(site: Site, status: int, body: str) -> None:
    site.server.on(LOGIN, Reply(body, status))
    for topic in (Topic.CALLS, Topic.DEVICES, Topic.QUEUES):
        with pytest.raises(LoginRefused, match=f"{status} from .*login is refused") as caught:
            await site.backend.read(topic)
        assert "app_id and app_secret" in caught.value.hint
        assert not caught.value.retry
    with pytest.raises(LoginRefused):
        await site.backend.act(HOLD)
    assert len(site.server.of(LOGIN)) == 1
    assert site.server.of(CALLS) == []


async def test_whoever_asks_again_by_hand_logs_in_again(site: Site) -> None:
    site.server.on(LOGIN, Reply("{}", 401), Reply(TOKEN))
    for _ in range(1):
        with pytest.raises(LoginRefused):
            await site.calls()
    assert await site.calls()
    assert len(site.server.of(LOGIN)) == 2


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{}",
        '{"access_token": ""}',
        '{"access_token": "two words"}',
        '{"access_token": "gehe\\u00efm"}',
        '{"token": "secret-in-another-place"}',
        "<html><title>Login</title></html>",
    ],
)
async def test_a_login_that_brings_no_token(site: Site, body: str) -> None:
    site.server.on(LOGIN, Reply(body))
    with pytest.raises(NotUnderstood) as caught:
        await site.calls()
    assert "secret-in" not in str(caught.value)
    assert site.server.of(CALLS) == []


@pytest.mark.parametrize("reply", [Reply("", 500), Reply("", 429), Reply(hang_up=True)])
async def test_a_login_that_fails_may_be_tried_again(site: Site, reply: Reply) -> None:
    site.server.on(LOGIN, reply, Reply(TOKEN))
    with pytest.raises(BackendError) as caught:
        await site.calls()
    assert caught.value.retry
    assert await site.calls()


async def test_an_action_that_is_refused_for_its_token_is_not_sent_again(site: Site) -> None:
    site.server.on(LOGIN, *minted("one", "two"))
    site.server.on(CALLS, only("one"))
    await site.calls()
    site.server.on(CONTROL, UNAUTHORISED, Reply("{}"))
    outcome = await site.backend.act(HOLD)
    assert outcome.answered is Answered.REFUSED
    assert "nothing was done" in outcome.words
    assert len(site.server.of(CONTROL)) == 1
    assert (await site.backend.act(HOLD)).answered is Answered.ACCEPTED
    first, second = site.server.of(CONTROL)
    assert first.headers["authorization"] == "Bearer one"
    assert second.headers["authorization"] == "Bearer two"


async def test_an_action_does_not_leave_without_a_token(site: Site) -> None:
    site.server.on(LOGIN, Reply(reset=True))
    with pytest.raises(BackendError) as caught:
        await site.backend.act(HOLD)
    assert not caught.value.unsure
    assert site.server.of(CONTROL) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"app_secret": ""}, "it is empty"),
        ({"app_id": ""}, "app_id"),
        ({"app_id": "two words"}, "app_id"),
        ({"client": "me"}, "client"),
        ({"client": "../user"}, "client"),
        ({"url": "apiproxy.telphin.ru"}, "web address"),
        ({"batch": 0}, "batch"),
        ({"page_size": 0}, "page_size"),
        ({"token": "x"}, "token"),
    ],
)
def test_settings_that_make_no_sense(change: dict[str, object], words: str) -> None:
    values = {"name": "cloud", "app_id": "id", "app_secret": "secret"} | change
    with pytest.raises(ValueError, match=words):
        TelphinSettings.model_validate(values)


async def test_a_client_by_its_number(site: Site) -> None:
    site.server.on(f"{API}/client/9593/current_calls/", Reply('{"call_list":[]}'))
    assert (await site.open(client=9593).read(Topic.CALLS)).source == (
        "GET /client/9593/current_calls/"
    )


async def test_a_token_that_has_run_out_is_renewed_before_an_action_which_goes_out_once(
    site: Site,
) -> None:
    site.server.on(LOGIN, *minted("one", "two"))
    site.server.on(CONTROL, Reply("{}"))
    await site.calls()
    site.now += 3600
    outcome = await site.backend.act(HOLD)
    assert outcome.answered is Answered.ACCEPTED
    (sent,) = site.server.of(CONTROL)
    assert sent.headers["authorization"] == "Bearer two"


@pytest.mark.parametrize("trouble", [Reply(reset=True), Reply(silent=True), Reply("", 500)])
async def test_a_renewal_that_fails_leaves_no_doubt_about_the_action(
    site: Site, trouble: Reply
) -> None:
    site.server.on(LOGIN, *minted("one"), trouble)
    site.server.on(CONTROL, Reply("{}"))
    backend = site.open(timeout=0.3)
    await backend.read(Topic.CALLS)
    site.now += 3600
    with pytest.raises(BackendError) as caught:
        await backend.act(HOLD)
    assert not caught.value.unsure, "it never left"
    assert site.server.of(CONTROL) == []
