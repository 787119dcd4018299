"""Vonage's lists page by page: only ``next_page_uri`` is followed, and only within the API.

No page number is documented as a parameter, and what stands in the paging fields of the last
page is UNKNOWN: an address seen before ends the list, and so does a page that brings nothing new,
unless ``pages`` says that there are further ones: where a hundred calls come between two pages,
the next holds only what the one before held.

When calls end between two pages, later ones move up and one may be missed. The service's rule
that a missing call is only lost until the next reading covers that, and a larger ``page_size``
avoids it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from pbxtui.backends.base import Forbidden, NotUnderstood, TooBig
from pbxtui.backends.decoding import Unread, mistaken, off_loop
from pbxtui.backends.http import Answer, HttpClient
from pbxtui.backends.httpfaults import size
from pbxtui.model import clean

MOST_PAGES = 1000
MOST_BYTES = 256 * 1024 * 1024

_NOT_FOUND = "No matching resource found"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a page held: its rows, how many of them were new, and what stood around them."""

    rows: int
    new: int
    unread: tuple[Unread, ...]
    around: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Pages:
    """A whole list: the bodies of its pages, and sentences about what is not in order."""

    bodies: tuple[bytes, ...]
    notes: tuple[str, ...]


def whole(answer: Answer, client: HttpClient) -> Answer:
    """The answer to a GET, if there is something in it.

    A token that is no VBC user's gets an empty 202 instead of a 401 (CAPTURED): that says nothing
    about calls. Raises :class:`Forbidden`.
    """
    if answer.body.strip():
        return answer
    fault = Forbidden(
        f"{answer.status} from {client.host} with nothing in it: the token is not a VBC user's",
        "get the token with the login of a VBC user of the account (an Account Administrator), "
        f"not with the developer portal's, then pbxtui check {client.site}",
    )
    fault.sent, fault.status = True, answer.status
    raise fault


def says_none(body: bytes) -> bool:
    """Whether a 404 is the API's own, which on a list means an empty one.

    The API says "No matching resource found for given API Request" with a code and nothing else
    (DOCUMENTED); the gateway before it wraps its own in ``fault``, or adds a description.
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return False
    if not isinstance(value, dict) or "description" in value or "fault" in value:
        return False
    code, message = str(value.get("code", "")), value.get("message")
    return isinstance(message, str) and message.startswith(_NOT_FOUND) and code[:3] != "900"


def next_page(client: HttpClient, path: str, given: object) -> str | None:
    """The whole address of the next page; None where there is none.

    ``given`` is usually relative to the API, like ``/cc/accounts/1234/calls?…`` (DOCUMENTED).
    Raises :class:`NotUnderstood` for any place outside the API: the token must not go there.
    """
    if not isinstance(given, str) or not given.strip():
        return None
    text = given.strip()
    base = str(client.base)
    root = urlsplit(base)
    try:
        parts = urlsplit(text)
    except ValueError:
        raise _elsewhere(client, text) from None
    if parts.scheme:
        address = text
    elif parts.netloc:
        address = f"{root.scheme}:{text}"
    elif text.startswith("?"):
        address = f"{base}{path}{text}"
    elif not text.startswith("/"):
        return None
    elif text.startswith(f"{root.path}/"):
        address = f"{root.scheme}://{root.netloc}{text}"
    else:
        for prefix in ("/telephony/v3/", "/v3/"):
            if text.startswith(prefix):
                text = text[len(prefix) - 1 :]
                break
        address = f"{base}{text}"
    inside = unquote(urlsplit(address).path)
    steps_out = any(step in (".", "..") for step in inside.split("/"))
    within = inside.startswith(f"{root.path}/") and not steps_out
    if not (within and _plain(address) and client.owns(address)):
        raise _elsewhere(client, text)
    return address


def _plain(address: str) -> bool:
    return address.isascii() and address.isprintable() and not set(address) & set(" \\")


def _elsewhere(client: HttpClient, text: str) -> NotUnderstood:
    return NotUnderstood(
        f"{client.host} names a next page outside its API: {clean(client.mask(text), 80)}",
        "nothing was sent there, so that the token stays with Vonage; check url in the config",
    )


async def read_pages(
    client: HttpClient,
    path: str,
    page_size: int,
    noun: str,
    take: Callable[[bytes], Taken],
) -> Pages:
    """Read a list to its end; ``take`` gets each body, in a thread if it is large.

    ``noun`` is the plural for people ("calls"). Never returns half a list: raises
    :class:`TooBig` where there is no end in sight, and any other :class:`BackendError`.
    """
    address, bodies, taken = path, list[bytes](), list[Taken]()
    params: dict[str, str | int] | None = {"page_size": page_size}
    seen = {f"{client.base}{path}?page_size={page_size}"}
    while True:
        answer = await client.request("GET", address, params=params, accept=(404,))
        if answer.status == 404:
            if not says_none(answer.body):
                raise client.refusal(answer)
            break
        page = await off_loop(whole(answer, client).body, take)
        if page.unread and len(page.unread) == page.rows:
            words = page.unread[0].words
            raise mistaken(client, f"none of {page.rows} {noun} could be read: {words}")
        bodies.append(answer.body)
        taken.append(page)
        following = next_page(client, path, page.around.get("next_page_uri"))
        if following is None or following in seen:
            break
        if not page.new and (_pages_said(page) or 0) <= len(bodies):
            break
        if len(bodies) >= MOST_PAGES or sum(map(len, bodies)) > MOST_BYTES:
            raise TooBig(
                f"the list of {noun} does not end: {len(bodies)} pages, "
                f"{size(sum(map(len, bodies)))}, and more",
                "a larger page_size in the config may help; check url",
            )
        seen.add(following)
        address, params = following, None
    rows, unread = sum(page.rows for page in taken), [u for page in taken for u in page.unread]
    notes = []
    if unread:
        first = "" if len(unread) == 1 else "the first is "
        notes.append(f"{len(unread)} of {rows} {noun} could not be read: {first}{unread[0].words}")
    if _cut_short(taken, page_size):
        notes.append(
            f"{rows} {noun} were read and there may be more: Vonage names no further page; "
            "a larger page_size in the config asks for more at once"
        )
    return Pages(tuple(bodies), tuple(notes))


def _cut_short(taken: list[Taken], page_size: int) -> bool:
    """Whether a list that ended may have more rows than Vonage let us see."""
    useful = [page for page in taken if page.new]
    if not useful:
        return False
    said = _pages_said(useful[-1])
    count = len(taken) if taken[-1].new else len(useful)
    return useful[-1].rows >= page_size if said is None else said > count


def _pages_said(page: Taken) -> int | None:
    """How many pages there are, by the paging fields of one; None where they don't say."""
    try:
        return int(str(page.around.get("pages")))
    except ValueError:
        return None
