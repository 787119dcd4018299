"""The body of the list of calls, as rows."""

from __future__ import annotations

from pbxtui.backends.decoding import Unread, lenient, mistaken
from pbxtui.backends.http import HttpClient
from pbxtui.backends.telphin.rows import Row, RowReader
from pbxtui.backends.telphin.wire import CALLS

_SMALL = 1000


def read_calls(
    client: HttpClient, body: bytes, reader: RowReader
) -> tuple[list[Row], tuple[Unread, ...]]:
    """The rows of ``call_list``, and those that could not be read.

    With no calls the list may be null or left out (INFERRED); but an object that has other things
    instead of it says nothing about calls. Raises :class:`NotUnderstood`.
    """
    if len(body) < _SMALL:
        value = lenient(client, body)
        if value == {} or (
            isinstance(value, dict) and "call_list" in value and value["call_list"] is None
        ):
            return [], ()
        if not isinstance(value, dict):
            raise mistaken(client, "an object with a call_list was expected, something else came")
    page = CALLS.read(client, body)
    if page.unread and not page.rows:
        words = page.unread[0].words
        raise mistaken(client, f"none of {len(page.unread)} calls could be read: {words}")
    return reader.read(page.rows), page.unread
