"""What an action was answered, as an outcome.

``OK`` is how AGENT and QUEUE answer, ``Success|message|id|`` how DIAL does (INFERRED from clients
in production); how HANGUP, TRANSFER, ATXTRANSFER, SETFLOW, UNREGISTER and REBOOT do is UNKNOWN, so
that both are taken. Anything else is a refusal in the PBX's own words; nothing at all, or an answer
that breaks off, confirms nothing.
"""

from __future__ import annotations

import json
import re

from pbxtui.backends.http import HttpClient
from pbxtui.backends.httpfaults import is_page, page_title
from pbxtui.backends.mirta.wire import is_empty, words_of
from pbxtui.model import Answered, Outcome, clean

EMPTY_WORDS = "the PBX answered with nothing"
_OK = re.compile(r"ok\b(?!\s*\w)", re.I)
_SUCCESS = re.compile(r"success", re.I)
_ERROR = re.compile(r"error\s*\|", re.I)
_WHOLE = ("ok", "success")


def outcome_of(client: HttpClient, body: bytes, at: float) -> Outcome:
    """The outcome that an answer means; ``at`` is epoch seconds."""
    if is_empty(body):
        return Outcome(Answered.NOT_CONFIRMED, EMPTY_WORDS, at)
    if is_page(body):
        title = page_title(client.quoted(body))
        named = f", “{title}”," if title else ""
        return Outcome(
            Answered.NOT_CONFIRMED, f"a web page{named} came instead of the PBX's answer", at
        )
    text = body.decode("utf-8", "replace").strip()
    if "\ufffd" in text or "\x00" in text:
        return Outcome(Answered.NOT_CONFIRMED, "what came back is no text", at)
    told = _in_json(text)
    if told is not None:
        return _judge(client, told[0], told[1], told[2], at)
    if _breaks_off(text):
        words = words_of(client, text.encode("utf-8", "replace"))
        return Outcome(Answered.NOT_CONFIRMED, f"the answer breaks off: {words}", at)
    pieces = [piece.strip() for piece in text.split("|")]
    if _SUCCESS.match(text) or _ERROR.match(text):
        message = pieces[1] if len(pieces) > 1 else ""
        created = pieces[2] if len(pieces) > 2 else ""
        return _judge(client, pieces[0], message, created, at)
    return _judge(client, text, "", "", at)


def _breaks_off(text: str) -> bool:
    """Whether a text is the beginning of JSON, or of a word that would confirm something."""
    begun = text.lower()
    return text[:1] in ('"', "{", "[") or any(
        word.startswith(begun) and word != begun for word in _WHOLE
    )


def _in_json(text: str) -> tuple[str, str, str] | None:
    """Response, message and id of an answer in JSON (documented for a sister of DIAL)."""
    if text[:1] not in ('"', "{"):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, str):
        return value.strip(), "", ""
    told = {str(key).lower(): item for key, item in value.items() if isinstance(item, str)}
    response = told.get("response", told.get("status", told.get("result", "")))
    message = told.get("message", told.get("error", ""))
    return (response, message, told.get("id", "")) if response or message else None


def _judge(client: HttpClient, response: str, message: str, created: str, at: float) -> Outcome:
    words = words_of(client, (message or response).encode("utf-8", "replace"))
    if _SUCCESS.match(response) or _OK.match(response):
        made = clean(client.mask(created), 64)
        return Outcome(Answered.ACCEPTED, words, at, made)
    return Outcome(Answered.REFUSED, words, at)
