"""MiRTA's answers as they come: status 200 for everything, and a content type that says little.

Nothing is 0 bytes, ``null``, ``]``, ``[]`` or ``{}`` (CAPTURED, which of them depends on the
request). Numbers are texts and SQL's NULL is ``null``; rows carry each column twice, by number and
by name, so that keys of digits are left out where names are wanted. An error is a sentence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pbxtui.backends.base import BackendError, Forbidden, LoginRefused, NotUnderstood
from pbxtui.backends.decoding import Unread, lenient, mistaken
from pbxtui.backends.http import Answer, HttpClient
from pbxtui.backends.httpfaults import is_page, page_title
from pbxtui.model import clean

EMPTY = frozenset({b"", b"]", b"[]", b"null", b"{}", b'""'})
_TOO_BAD = b"mistaken the security api key"
_JSON = re.compile(rb'[\[{"]|-?\d|(?:true|false|null)\b')
_LONGEST_SENTENCE = 300
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")

Row = Mapping[str, object]


class KeyRefused(LoginRefused):
    """MiRTA's one text for four faults; it refuses before it does anything."""

    @property
    def unsure(self) -> bool:
        """Never: the key is looked at before anything is done."""
        return False


def text_of(value: object) -> str:
    """A value of the wire as text: null is nothing. Raises ``ValueError`` for lists and objects."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f"a text was expected, {_kind(value)} came")


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    return "a list" if isinstance(value, list) else "an object"


def tidy(text: str) -> str:
    """The same as ``clean``, past its cache for the plain texts that seldom come twice."""
    if len(text) <= 80 and text.isascii() and text.isprintable():
        return text.strip()
    return clean(text)


def is_empty(body: bytes) -> bool:
    """Whether a body is one of the ways to say that there is nothing: 0 bytes, ``]``, ``null``."""
    return body.strip() in EMPTY


def check_key(client: HttpClient, body: bytes, asked: str, tenant: str) -> None:
    """Raise :class:`KeyRefused` for the text that a refused key is answered with (CAPTURED)."""
    start = body[:2000].lstrip()
    if _TOO_BAD not in start.lower() or start[:1] in (b"[", b"{", b'"'):
        return
    fault = KeyRefused(
        f"{client.host} answers {asked} with “Too bad... you mistaken the security api key.”; it "
        "says so for a wrong key, for a missing tenant, for an unknown tenant "
        f"({clean(client.mask(tenant))} was sent), and for a key that lacks the right",
        "check key and tenant in the config, and ask who runs the PBX whether the key has the "
        f"right and this machine's address is allowed; then pbxtui check {client.site}",
    )
    fault.sent, fault.status = True, 200
    raise fault


def check_answered(client: HttpClient, answer: Answer, asked: str) -> None:
    """Raise :class:`NotUnderstood` for nothing under another status than 200.

    Nothing at all means that there are none, and comes with 200 as every answer does (CAPTURED);
    with another status it is somebody's in between.
    """
    if answer.status != 200 and is_empty(answer.body):
        raise NotUnderstood(
            f"{client.host} answers {asked} with status {answer.status} and nothing in it",
            "check url in the config; is there a proxy in between?",
        )


def value_of(client: HttpClient, body: bytes, asked: str) -> object:
    """A body as JSON; None where it says that there is nothing.

    Raises :class:`NotUnderstood` or :class:`Forbidden` for a sentence or anything else.
    """
    stripped = body.strip()
    if stripped in EMPTY:
        return None
    if not _JSON.match(stripped):
        raise not_data(client, body, asked)
    if not _HALF.search(body):
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            pass
    return lenient(client, body)


def words_of(client: HttpClient, body: bytes) -> str:
    """A body as one clean line, without secrets."""
    return clean(" ".join(client.quoted(body).split()), _LONGEST_SENTENCE)


def not_data(client: HttpClient, body: bytes, asked: str) -> BackendError:
    """The error for an answer that is a sentence, a web page or neither."""
    said = body[: 4 * _LONGEST_SENTENCE].decode("utf-8", "replace").strip()
    sentence = len(said) <= _LONGEST_SENTENCE and "\ufffd" not in said and said.isprintable()
    if is_page(body) or not sentence:
        return client.not_json(body, cut=False)
    words = f"{client.host} answers {asked} with “{words_of(client, body)}”"
    if "tenant" in said.lower():
        return Forbidden(
            words,
            "check tenant in the config; with a tenant's key some servers do not answer this",
        )
    return NotUnderstood(
        words, f"this server may be older than pbxtui knows; pbxtui check {client.site}"
    )


def text_answer(client: HttpClient, body: bytes) -> str:
    """An answer that is meant as text. Raises :class:`NotUnderstood` for a web page."""
    if is_page(body) and not body.lstrip()[:5].lower().startswith(b"<pre"):
        title = page_title(client.quoted(body))
        named = f", “{title}”," if title else ""
        raise NotUnderstood(
            f"{client.host} answered with a web page{named} instead of an answer",
            "check url in the config; is there a proxy or a login page in between?",
        )
    return client.mask(body.decode("utf-8", "replace"))


# --- rows --------------------------------------------------------------------------------------


def rows_of(client: HttpClient, value: object, asked: str) -> list[object]:
    """The rows of a list, or of a map keyed by id. Raises :class:`NotUnderstood`."""
    if value is None:
        return []
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        every = list(value.values())
        if all(isinstance(row, dict | list) for row in every):
            return every
    raise mistaken(client, f"{asked}: a list was expected, {_said(value)} came")


def map_of(client: HttpClient, value: object, asked: str) -> dict[str, object]:
    """A map keyed by id; nothing is an empty one. Raises :class:`NotUnderstood`."""
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    raise mistaken(client, f"{asked}: an object was expected, {_said(value)} came")


def _said(value: object) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return "a text" if isinstance(value, str) else "a number"


def named(row: object, wanted: Iterable[str] | None = None) -> dict[str, str]:
    """The named columns of a row as texts, not yet cleaned; all of them, or those ``wanted``.

    Raises ``ValueError`` for a row that is no object, or a column that is no text.
    """
    if not isinstance(row, dict):
        raise ValueError("an object was expected, something else came")
    if wanted is None:
        wanted = [name for name in row if not (name.isascii() and name.isdecimal())]
    columns = {}
    for name in wanted:
        try:
            columns[name] = text_of(row.get(name))
        except ValueError as error:
            raise ValueError(f"{clean(name, 40)}: {error}") from None
    return columns


class Gathered:
    """What a list brought: rows that were read, and those that could not be."""

    def __init__(self, client: HttpClient, asked: str) -> None:
        self._client = client
        self._asked = asked
        self.count = 0
        self.unread: list[Unread] = []

    def each(
        self, rows: Iterable[object], wanted: Sequence[str] | None = None
    ) -> Iterator[tuple[dict[str, str], object]]:
        """Each row's named columns with the row itself; unreadable rows are noted."""
        for number, row in enumerate(rows):
            try:
                columns = named(row, wanted)
            except ValueError as error:
                self.miss(number, str(error), row)
            else:
                self.count += 1
                yield columns, row

    def miss(self, number: int, words: str, row: object) -> None:
        """Note a row that cannot be read; ``number`` counts from 0."""
        said = self._client.mask(f"{self._asked} row {number + 1}: {words}")
        self.unread.append(Unread(clean(said), row))

    def notes(self) -> tuple[str, ...]:
        """A sentence about the unreadable rows. Raises where not one could be read."""
        if not self.unread:
            return ()
        first = self.unread[0].words
        if not self.count:
            raise mistaken(self._client, f"none of {len(self.unread)} rows could be read: {first}")
        every = self.count + len(self.unread)
        return (f"{len(self.unread)} of {every} rows of {self._asked} were not read: {first}",)
