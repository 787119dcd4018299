"""What Vonage answers to an action, as an outcome.

A new call is answered with a bare uuid (DOCUMENTED), or with 202 and nothing (CAPTURED, perhaps
only where the token is not a user's); a quoted uuid and an object with ``call_id`` or ``id`` are
as likely. A change is answered with an object (DOCUMENTED), the end of a leg with 204 (DOCUMENTED).
Nobody has shown what a live account sends for a change, so each form is taken after each action.
What is none of them confirms nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy

from pbxtui.backends.base import (
    READ_AGAIN,
    BackendError,
    Conflict,
    NotFound,
    NotUnderstood,
)
from pbxtui.backends.decoding import lenient
from pbxtui.backends.http import Answer, HttpClient
from pbxtui.backends.httpfaults import is_page, server_words, size
from pbxtui.backends.vonage.actions import Asked
from pbxtui.backends.vonage.paging import says_none
from pbxtui.model import Answered, Outcome, clean

RAISING = frozenset(range(300, 600))
"""The statuses that are no success, and that :func:`outcome_of` reads all the same."""

BUSY = "busy changing state, look again"

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
_MOST = 64 * 1024
_IDS = ("call_id", "id", "leg_id")
_TOLD = (*_IDS, "call_state")
_MISTAKES = ("fault", "error", "errors", "errorCode", "errorMessage", "invalid_parameters")


def outcome_of(
    client: HttpClient, asked: Asked, answer: Answer, at: float, *, renewed: bool = False
) -> Outcome:
    """The outcome that an answer means; ``at`` is epoch seconds.

    ``renewed`` says that after a 401 the next request gets a new token.
    """
    if answer.status >= 300:
        return _refused(client, asked, answer, at, renewed)
    if answer.status == 204:
        return Outcome(Answered.ACCEPTED, "", at)
    told = _told(client, answer)
    if isinstance(told, str):
        return Outcome(Answered.NOT_CONFIRMED, told, at)
    words, created = _own_words(client, told), ""
    if asked.method == "POST":
        created = _text(client, told.get("call_id")) or _text(client, told.get("id"))
    return Outcome(Answered.ACCEPTED, words, at, created)


def not_carried_out(error: BackendError) -> BackendError:
    """The error of a request that surely did nothing; unlike a reading it is not repeated."""
    told = copy(error)
    told.hint = told.hint.replace(READ_AGAIN, "nothing was done")
    return told


def _told(client: HttpClient, answer: Answer) -> Mapping[object, object] | str:
    """What a successful answer names, or in words why it confirms nothing."""
    start, body = f"{answer.status} from {client.host}", answer.body.strip()
    if not body:
        if answer.status != 202:
            return f"{start} with nothing in it, which does not say that it was done"
        return (  # CAPTURED
            f"{start} with nothing in it: a token that is not a VBC user's gets this too, "
            "and then nothing is done"
        )
    if len(body) > _MOST:
        return f"{start} with {size(len(body))} in it, which is no answer to an action"
    value: object = body.decode("utf-8-sig", "replace").strip()
    if not _is_id(value):
        try:
            value = lenient(client, body)
        except NotUnderstood as error:
            if is_page(body) or body[:1] in (b"{", b"[", b'"'):
                return error.words
    if isinstance(value, str):
        return {"id": value} if _is_id(value) else _unclear(start, client, value)
    known = isinstance(value, dict) and any(_text(client, value.get(key)) for key in _TOLD)
    if not isinstance(value, dict) or not known or _says_mistake(value):
        said = server_words(body, client.quoted(body))
        return f"{start}, but it says {said}" if said else f"{start}, which names no call"
    return value


def _is_id(value: object) -> bool:
    return isinstance(value, str) and _UUID.fullmatch(value.strip()) is not None


def _says_mistake(value: Mapping[object, object]) -> bool:
    """Whether an object is one of the known forms of an error, whatever its status."""
    return any(value.get(key) for key in _MISTAKES) or {"code", "message"} <= value.keys()


def _own_words(client: HttpClient, told: Mapping[object, object]) -> str:
    """The state and the destination that the PBX names; what values they have is UNKNOWN."""
    state, destination = (_text(client, told.get(key)) for key in ("call_state", "destination"))
    to = f"destination {destination}" if destination else ""
    return ", ".join(filter(None, (clean(state, 80), clean(to, 80))))


def _refused(client: HttpClient, asked: Asked, answer: Answer, at: float, renewed: bool) -> Outcome:
    error = not_carried_out(client.refusal(answer))
    if error.unsure:
        return Outcome(Answered.NOT_CONFIRMED, error.words, at)
    start = f"{answer.status} from {client.host}"
    said = server_words(answer.body, client.quoted(answer.body))
    more = f" ({said})" if said else ""
    words = error.of_action
    if isinstance(error, Conflict):
        words = f"{start}: {BUSY}{more}"
    elif isinstance(error, NotFound) and says_none(answer.body):
        words = f"{start}: {asked.gone}"
    elif answer.status == 401:
        words = f"{error.words}; nothing was done, and {_after_401(client, said, renewed)}"
    elif answer.status in (400, 422):
        words = error.words
    return Outcome(Answered.REFUSED, words, at)


def _after_401(client: HttpClient, said: str, renewed: bool) -> str:
    check = f"pbxtui check {client.site}"
    if "not permitted" in said:
        return f"account in the config may be another one's: check it, then {check}"
    if renewed:
        return "the next try gets a new token"
    return f"a new token is needed: get one, then {check}"


def _unclear(start: str, client: HttpClient, text: str) -> str:
    said = clean(client.mask(text[:400]), 60)
    return f"{start}, which says only “{said}”" if said else f"{start}, which names no call"


def _text(client: HttpClient, value: object) -> str:
    """A text or number of an answer, clean and without secrets; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return clean(client.mask(str(value)))
