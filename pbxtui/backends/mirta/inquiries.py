"""The questions that are no part of the live picture: counts, history, phone books, HELP."""

from __future__ import annotations

from collections.abc import Mapping

from pbxtui.backends.base import NotUnderstood
from pbxtui.backends.decoding import mistaken
from pbxtui.backends.mirta.api import Api, named
from pbxtui.backends.mirta.directory import Directory, Extension
from pbxtui.backends.mirta.names import extensions
from pbxtui.backends.mirta.queues import Member, member_of
from pbxtui.backends.mirta.records import (
    Did,
    Entry,
    History,
    Record,
    ServerHelp,
    csv_records,
    did_of,
    entry_of,
    help_of,
    record_of,
)
from pbxtui.backends.mirta.times import whole
from pbxtui.backends.mirta.wire import Gathered, map_of, rows_of, text_of
from pbxtui.model import Outcome, Party, clean, clean_block

_DEFAULT_BOOK = "Default"
_SHORTEST = 2
_READING = frozenset(
    {
        "BLFS",
        "CHANNEL",
        "CHANNELS",
        "CHANSIPPEERS",
        "COUNTCALLS",
        "COUNTCHANNELS",
        "COUNTPEERS",
        "FLOWS",
        "GETCURRENTCALLS",
        "HELP",
        "INFO",
        "LICENSEDAYS",
        "PEERS",
        "PHONEBOOKS",
    }
)
"""Request types that change nothing, whatever their parameters."""


class Inquiries:
    """Answers are returned, never kept. Every method raises :class:`BackendError`."""

    def __init__(self, api: Api, directory: Directory) -> None:
        self._api = api
        self._directory = directory

    # --- the server --------------------------------------------------------------------------

    async def help(self) -> ServerHelp:
        """What this server has. HELP is plain text in ``<pre>``, about 24 kB (CAPTURED)."""
        text = clean_block(await self._api.text("HELP"))
        return help_of(text)

    async def count_peers(self) -> dict[str, int]:
        """How many phones are registered, by node; it takes up to half a minute (CAPTURED)."""
        return await self._counts("COUNTPEERS", {})

    async def count_channels(self, node: str = "") -> dict[str, int]:
        """How many channels there are, by node (the shape is INFERRED from COUNTPEERS).

        With a tenant's key it was only ever refused (CAPTURED): then :class:`Forbidden`.
        """
        return await self._counts("COUNTCHANNELS", {"nodename": node} if node else {})

    async def _counts(self, reqtype: str, parameters: Mapping[str, str]) -> dict[str, int]:
        value = await self._api.json(reqtype, parameters, slow=True)
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            value = {"": value}
        counts = {}
        for node, count in map_of(self._api.client, value, reqtype).items():
            number = _count(count)
            if number is None:
                raise mistaken(self._api.client, f"{reqtype}: a number was expected")
            counts[clean(node)] = number
        return counts

    async def count_calls(self) -> int:
        """How many calls run; nothing at all means none (CAPTURED of an idle tenant)."""
        value = await self._api.json("COUNTCALLS")
        number = 0 if value is None else _count(value)
        if number is None:
            raise mistaken(self._api.client, "COUNTCALLS: a number was expected")
        return number

    async def config(self) -> dict[str, int | None]:
        """The tenant's limits (maxchannels, maxextensions, maxdids); None for no limit."""
        value = await self._api.json("INFO", {"info": "config"})
        limits: dict[str, int | None] = {}
        for name, limit in map_of(self._api.client, value, "INFO config").items():
            number = _count(limit)
            limits[clean(name)] = None if number == -1 else number
        return limits

    async def balance(self) -> float | None:
        """The credit that is left; None where the PBX names none."""
        value = await self._api.json("INFO", {"info": "balance"})
        if value is None:
            return None
        try:
            return float(text_of(value))
        except ValueError:
            raise mistaken(self._api.client, "INFO balance: a number was expected") from None

    # --- extensions and numbers --------------------------------------------------------------

    async def extensions(self, number: str = "") -> tuple[Extension, ...]:
        """Every extension, or one. The secrets that the PBX sends along are dropped here."""
        return await extensions(self._api, number)

    async def dids(self) -> tuple[Did, ...]:
        """The outside numbers."""
        return tuple(did_of(columns) for columns in await self._columns("INFO", {"info": "dids"}))

    async def outdialed(self) -> dict[str, str]:
        """The state of those who dial out, by a label of free text (CAPTURED)."""
        value = await self._api.json("INFO", {"info": "outdialed"})
        states = {}
        for label, told in map_of(self._api.client, value, "INFO outdialed").items():
            state = told.get("STATE") if isinstance(told, dict) else told
            states[clean(label)] = clean(state) if isinstance(state, str) else ""
        return states

    # --- queues ------------------------------------------------------------------------------

    async def agents_connected(self, queue: str = "") -> tuple[Member, ...]:
        """The agents whose phones are there, of one queue or of all (newer servers)."""
        asked = {"queue": queue} if queue else {}
        value = await self._api.json("INFO", {"info": "agentsconnected", **asked})
        members = []
        for outer, record in map_of(self._api.client, value, "INFO agentsconnected").items():
            try:
                members.append(member_of(outer, record, self._directory))
            except ValueError as error:
                words = f"INFO agentsconnected: {clean(outer, 40)}: {error}"
                raise mistaken(self._api.client, words) from None
        return tuple(members)

    async def agents_delay(self, queue: str = "") -> dict[str, dict[str, int]]:
        """A map of maps of numbers (CAPTURED); what they stand for is UNKNOWN."""
        asked = {"queue": queue} if queue else {}
        value = await self._api.json("INFO", {"info": "agentsdelay", **asked})
        delays: dict[str, dict[str, int]] = {}
        for outer, inner in map_of(self._api.client, value, "INFO agentsdelay").items():
            counts = {} if inner is None else map_of(self._api.client, inner, "INFO agentsdelay")
            numbers = {clean(key): _count(count) for key, count in counts.items()}
            delays[clean(outer)] = {key: n for key, n in numbers.items() if n is not None}
        return delays

    async def queue_reset(self, queue: str) -> Outcome:
        """Begin a queue's figures anew. Sent once."""
        return await self._api.act("QUEUERESET", queueid=queue)

    async def queue_clean(self, queue: str) -> Outcome:
        """Take every agent out of a queue. Sent once."""
        return await self._api.act("QUEUE", action="clean", id=queue)

    # --- history -----------------------------------------------------------------------------

    async def call(self, id: str) -> Record:
        """A call that was originated here, by its originate id or unique id; UNKNOWN shape.

        Raises ``ValueError`` without an id: the PBX would hang for more than half a minute.
        """
        if not id.strip():
            raise ValueError("INFO call without an id hangs")
        value = await self._api.json("INFO", {"info": "call", "id": id})
        if isinstance(value, dict):
            told = {key: item for key, item in value.items() if isinstance(item, str | int | float)}
            return record_of({key: str(item) for key, item in told.items()})
        return {} if value is None else {"text": clean(str(value))}

    async def cdrs(self, **filters: str) -> tuple[Record, ...]:
        """A row for each leg of calls that are over; ``start``, ``end``, ``phone``, ``uniqueid``.

        Times are the server's own, without a zone. Where the JSON is broken, as on one known
        host, the csv is read.
        """
        try:
            found = await self._columns("INFO", {"info": "cdrs", **filters})
        except NotUnderstood as error:
            body = await self._api.body("INFO", {"info": "cdrs", **filters, "format": "csv"})
            first, _, _ = body.partition(b"\n")
            if b"uniqueid" not in first:
                raise error from None
            return csv_records(body.decode("utf-8", "replace"))
        return tuple(record_of(columns) for columns in found)

    async def simple_cdrs(self, **filters: str) -> tuple[Record, ...]:
        """A row for each call that is over (newer servers), with the same filters."""
        found = await self._columns("INFO", {"info": "simplecdrs", **filters})
        return tuple(record_of(columns) for columns in found)

    async def queue_logs(self, **filters: str) -> tuple[Record, ...]:
        """What the queues noted; ``queue``, ``start``, ``end``. Agents' own columns are dropped."""
        found = await self._columns("INFO", {"info": "queuelogs", **filters})
        return tuple(record_of(columns) for columns in found)

    async def history(self, id: str) -> History:
        """What is remembered of one call, by its unique id."""
        legs = [row for row in await self.cdrs(uniqueid=id) if row.get("uniqueid", id) == id]
        queues = [row for row in await self.queue_logs() if row.get("callid") == id]
        return History(tuple(legs), tuple(queues))

    # --- people ------------------------------------------------------------------------------

    async def phonebook(self, text: str, *, book: str = "") -> tuple[Entry, ...]:
        """Whoever matches a piece of a name, or of a number where digits are given.

        Without a ``book`` all of them are searched on servers that list them, else "Default",
        which is the name in the vendor's examples.
        """
        digits = text.strip().lstrip("+").replace(" ", "")
        field = "phone1" if digits.isdecimal() else "name"
        value = digits if field == "phone1" else text.strip()
        found: list[Entry] = []
        for each in [book] if book else await self._books():
            query = {"subreqtype": "query", "phonebook": each, "field": field}
            rows = await self._columns("PHONEBOOK", {**query, "value": f"%{value}%"})
            found += [entry_of(columns, each) for columns in rows]
        return tuple(found)

    async def people(self, words: str) -> tuple[Party, ...]:
        """Whoever is in the phone books, once for each of their numbers; see :meth:`phonebook`.

        The extensions of the tenant that are known already come first. One piece of a name or a
        number of one character would find half a book, and is not asked for.
        """
        piece = words.strip().strip("%")
        if len(piece) < _SHORTEST:
            return ()
        known = [Party(each.number, each.name) for each in self._directory.extensions.values()]
        low = piece.casefold()
        found = [p for p in known if p.number and (low in p.number or low in p.name.casefold())]
        entries = await self.phonebook(piece)
        found += [Party(number, entry.name) for entry in entries for number in entry.numbers]
        return tuple(dict.fromkeys(found))

    async def _books(self) -> list[str]:
        try:
            value = await self._api.json("PHONEBOOKS", {"subreqtype": "list"})
        except NotUnderstood:
            return [_DEFAULT_BOOK]
        every = list(value.values()) if isinstance(value, dict) else value
        names = every if isinstance(every, list) else []
        return [name for name in names if isinstance(name, str)] or [_DEFAULT_BOOK]

    async def check_auth(self, username: str, password: str) -> Outcome:
        """Whether a user's password is right. It travels in the query, and is masked like a key."""
        self._api.mask.add(password)
        return await self._api.act("CHECKAUTH", username=username, password=password)

    # --- anything else -----------------------------------------------------------------------

    async def request(self, reqtype: str, **parameters: str) -> str:
        """Any other request, and its answer as clean text of several lines; may be empty.

        What may change something is sent once. ``parameters`` may name another ``tenant`` (``%``
        with an administrator's key), but no ``key``. Raises ``ValueError`` for a key.
        """
        if "key" in parameters:
            raise ValueError("the key is the config's")
        reads = reqtype.upper() in _READING
        return clean_block(await self._api.text(reqtype.upper(), parameters, once=not reads))

    async def _columns(self, reqtype: str, parameters: Mapping[str, str]) -> list[dict[str, str]]:
        asked = named(reqtype, parameters)
        value = await self._api.json(reqtype, parameters)
        gathered = Gathered(self._api.client, asked)
        rows = rows_of(self._api.client, value, asked)
        found = [columns for columns, _ in gathered.each(rows)]
        gathered.notes()
        return found


def _count(value: object) -> int | None:
    try:
        return whole(text_of(value))
    except ValueError:
        return None
