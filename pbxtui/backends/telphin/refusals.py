"""What Telphin's errors mean, in words: by HTTP status and by the word in ``status``."""

from __future__ import annotations

import json

from pbxtui.backends.base import BackendError, LoginRefused
from pbxtui.backends.http import Answer, HttpClient

_FORBIDDEN = {
    "app_access_type_deny": (
        "the application's access level does not allow this",
        "ask Telphin's administrator for application level “All”; "
        "the default, “Call API”, reads and controls calls only",
    ),
    "user_access_type_deny": (
        "the application's user may only read",
        "give the user full access in Telphin's cabinet",
    ),
    "user_blocked": ("the user or the client is blocked", "ask Telphin why"),
    "access_denied": (
        "the application has no right to this",
        "check client in the config; the application must belong to that client",
    ),
}
"""The words of a 403 (DOCUMENTED)."""

_REPORT_PAUSE = 15.0


def status_word(body: bytes) -> str:
    """The word that an error's body has beside its message; may be empty."""
    try:
        value = json.loads(body[:65_536])
    except (ValueError, RecursionError):
        return ""
    word = value.get("status") if isinstance(value, dict) else None
    return word.strip().lower() if isinstance(word, str) else ""


def refusal(client: HttpClient, answer: Answer) -> BackendError:
    """The error for an answer that is no success, with what to do about it."""
    error = client.refusal(answer)
    word = status_word(answer.body)
    start, check = f"{answer.status} from {client.host}", f"pbxtui check {client.site}"
    if answer.status == 403 and word in _FORBIDDEN:
        what, hint = _FORBIDDEN[word]
        error.words, error.hint = f"{start}: {what} ({word})", hint
    elif answer.status == 404 and word == "client_not_found":
        error.words = f"{start}: it knows no such client"
        error.hint = f"check client in the config, then {check}"
    elif answer.status == 429:
        _throttled(client, answer, error, word)
    elif isinstance(error, LoginRefused):
        error.hint = f"a new token is not accepted either; check app_id and client, then {check}"
    return error


def _throttled(client: HttpClient, answer: Answer, error: BackendError, word: str) -> None:
    """A 429 is the quota of the hour (DOCUMENTED), or a second report at once (CAPTURED)."""
    said = answer.body[:2000].lower()
    if word != "rate_limit_exceeded" and (b"concurrent" in said or b"already exists" in said):
        error.words = f"429 from {client.host}: it is still busy with another report"
        error.hint = "one report at a time; try again shortly"
        error.retry_after = error.retry_after or _REPORT_PAUSE
        return
    quota = client.quota
    if error.retry_after is None and quota is not None:
        error.retry_after = quota.reset_in
    if error.retry_after is not None:
        minutes = max(1, round(error.retry_after / 60))
        error.words = f"429 from {client.host}: the requests of this hour are used up"
        error.hint = (
            f"it can be asked again in {minutes} min; all applications of the client share the "
            "quota, and a longer poll in the config asks less often"
        )
