"""The readings of devices, lamps and flows."""

from __future__ import annotations

from collections.abc import Callable

from pbxtui.backends.base import LoginRefused, NotUnderstood
from pbxtui.backends.mirta import devices
from pbxtui.backends.mirta.api import Api
from pbxtui.backends.mirta.directory import Directory
from pbxtui.backends.mirta.lamps import (
    FLOW_COLUMNS,
    LAMP_COLUMNS,
    Changes,
    flow_of,
    lamp_of,
)
from pbxtui.backends.mirta.records import help_of
from pbxtui.backends.mirta.times import WallClock
from pbxtui.backends.mirta.wire import Gathered, rows_of
from pbxtui.model import Device, Flow, Lamp

PEERS = ("PEERS", "CHANSIPPEERS")
"""The older and the newer name of one request."""
_AGAIN = 600.0
"""Seconds until flows are asked for again where the key has no right to them."""

Raw = dict[str, object]


class Phones:
    """Reads PEERS or CHANSIPPEERS, BLFS and FLOWS."""

    def __init__(
        self, site: str, api: Api, directory: Directory, clock: Callable[[], float]
    ) -> None:
        self._site = site
        self._api = api
        self._directory = directory
        self._clock = clock
        self._wall = WallClock()
        self._lamp_changes, self._flow_changes = Changes(self._wall), Changes(self._wall)
        self._peers = ""
        self._flows_after = float("-inf")
        self.flows: dict[str, Flow] = {}
        """The flows of the last reading, by id; one mapping for ever."""

    # --- devices -----------------------------------------------------------------------------

    async def devices(self) -> tuple[dict[str, Device], Raw, tuple[str, ...], str]:
        """The devices, their rows, notes, and what was asked."""
        reqtype, value = await self._ask_peers()
        gathered = Gathered(self._api.client, reqtype)
        found: dict[str, Device] = {}
        raw: Raw = {}
        rows = rows_of(self._api.client, value, reqtype)
        for columns, row in gathered.each(rows, devices.COLUMNS):
            device = devices.device_of(self._site, columns, self._directory)
            if device is not None and devices.better(found.get(device.id), device):
                found[device.id] = device
                raw[device.id] = row
        notes = gathered.notes()
        if not devices.unlisted(self._site, found, self._directory, {}):
            return found, raw, notes, reqtype
        value = await self._api.json("BLFS")
        lit = Gathered(self._api.client, "BLFS")
        words: dict[str, str] = {}
        for columns, _ in lit.each(rows_of(self._api.client, value, "BLFS"), LAMP_COLUMNS):
            words[self._directory.extension(columns["st_extension"].strip())] = columns["st_state"]
        found |= devices.unlisted(self._site, found, self._directory, words)
        return found, raw, (*notes, *lit.notes()), f"{reqtype}, BLFS"

    async def _ask_peers(self) -> tuple[str, object]:
        """The peers by whichever name this server has for them, and that name.

        What an unknown request type is answered with is UNKNOWN: nothing or a sentence makes the
        other name be tried, and nothing from both is only believed of a name that HELP lists.
        """
        known = self._peers
        listed = frozenset({known}) if known else await self._offered()
        names = [known] if known else sorted(PEERS, key=lambda name: name not in listed)
        failed: NotUnderstood | None = None
        for reqtype in names:
            try:
                value = await self._api.json(reqtype)
            except NotUnderstood as error:
                failed = failed or error
                continue
            if value is not None or reqtype in listed:
                self._peers = reqtype
                return reqtype, value
        self._peers = ""
        raise failed or NotUnderstood(
            f"{self._api.client.host} answers {' and '.join(PEERS)} with nothing, and HELP lists "
            "neither",
            "this server may have no list of phones; a bug report helps",
        )

    async def _offered(self) -> frozenset[str]:
        try:
            return help_of(await self._api.text("HELP")).reqtypes
        except (NotUnderstood, LoginRefused):
            return frozenset()

    # --- lamps and flows ---------------------------------------------------------------------

    async def lamps(self) -> tuple[dict[str, Lamp], Raw, tuple[str, ...]]:
        """The lamps, their rows, and notes."""
        client = self._api.client
        value, now = await self._api.json("BLFS"), self._api.now()
        gathered = Gathered(client, "BLFS")
        kept = list(gathered.each(rows_of(client, value, "BLFS"), LAMP_COLUMNS))
        for columns, _ in kept:
            self._lamp_changes.note(columns["st_extension"], columns["st_timestamp"], now)
        self._lamp_changes.done(now)
        lamps: dict[str, Lamp] = {}
        raw: Raw = {}
        for columns, row in kept:
            lamp = lamp_of(self._site, columns, self._directory, self._wall)
            if lamp is not None:
                lamps[lamp.id] = lamp
                raw[lamp.id] = row
        return lamps, raw, gathered.notes()

    async def read_flows(self) -> tuple[dict[str, Flow], Raw, tuple[str, ...]] | str:
        """The flows, their rows, and notes; or why there are none, for a key without the right.

        Raises :class:`BackendError`, also for a right that the key had before.
        """
        client = self._api.client
        if self._clock() < self._flows_after:
            return _NO_RIGHT
        try:
            value, now = await self._api.json("FLOWS"), self._api.now()
        except LoginRefused:
            if self.flows:
                raise
            self._flows_after = self._clock() + _AGAIN
            return _NO_RIGHT
        gathered = Gathered(client, "FLOWS")
        kept = list(gathered.each(rows_of(client, value, "FLOWS"), FLOW_COLUMNS))
        for columns, _ in kept:
            self._flow_changes.note(columns["fl_id"], columns["st_timestamp"], now)
        self._flow_changes.done(now)
        flows: dict[str, Flow] = {}
        raw: Raw = {}
        for columns, row in kept:
            flow = flow_of(self._site, columns, self._wall)
            if flow is not None:
                flows[flow.id] = flow
                raw[flow.id] = row
        self.flows.clear()
        self.flows.update(flows)
        return flows, raw, gathered.notes()


_NO_RIGHT = "no flows: the key has no right to FLOWS"
