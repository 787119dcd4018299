"""What can be asked of Telphin one by one, beside the readings that are polled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from pbxtui.backends.base import BackendError, NotUnderstood
from pbxtui.backends.decoding import decode
from pbxtui.backends.http import path_piece
from pbxtui.backends.telphin import records
from pbxtui.backends.telphin.api import Api
from pbxtui.backends.telphin.calls import CallBook
from pbxtui.backends.telphin.devices import devices_from
from pbxtui.backends.telphin.directory import Directory, Extension, extension_from
from pbxtui.backends.telphin.listing import read_calls
from pbxtui.backends.telphin.queues import LOCAL, REMOTE
from pbxtui.backends.telphin.records import Did, Event, History, Mode, Phone, User
from pbxtui.backends.telphin.rows import RowReader
from pbxtui.backends.telphin.wire import EXTENSION, REGISTRATION
from pbxtui.model import Call, Device, Outcome


class Inquiries:
    """Reads and changes that no topic covers. Everything raises :class:`BackendError`.

    Ids are Telphin's own: ``extension_id`` is the number on the wire, not the short number.
    """

    site: str
    _api: Api
    _directory: Directory

    # --- who and what ------------------------------------------------------------------------

    async def user(self) -> User:
        """Whom the application acts for, and of which client."""
        return records.user_from(await self._api.one("/user/", records.USER))

    async def limits(self) -> dict[str, int]:
        """How many calls, extensions, events and so on the client may have, by name."""
        path = f"{self._api.client}/limit/"
        return records.limits_from(await self._api.one(path, records.LIMITS))

    async def dids(self) -> tuple[Did, ...]:
        """The client's telephone numbers, and the extensions that they ring."""
        path = f"{self._api.client}/did/"
        pages = await self._api.pages(path, records.DIDS, (), "numbers")
        return tuple(records.did_from(row) for row in pages.rows.values())

    async def modes(self) -> tuple[Mode, ...]:
        """The phones' modes that the client has defined; which one is on is UNKNOWN."""
        path = f"{self._api.client}/extension/call_status/"
        read = await self._api.listing(path, records.MODES, "modes")
        return tuple(map(records.mode_from, read.rows))

    # --- calls -------------------------------------------------------------------------------

    async def extension_calls(self, extension_id: int) -> tuple[Call, ...]:
        """The calls of one phone. That they come as the client's do is INFERRED."""
        body = await self._api.get(f"/extension/{extension_id}/current_calls/")
        rows, _ = read_calls(self._api.http, body, RowReader())
        return CallBook.alone(self.site, self._directory.get, rows)

    async def history(self, call_uuid: str) -> History:
        """One call that is over; it gets there some time after its end (INFERRED).

        ``call_uuid`` has 32 hexadecimal digits, in upper or lower case.
        """
        path = f"{self._api.client}/call_history/{path_piece(call_uuid)}"
        return records.history_from(await self._api.one(path, records.HISTORY))

    async def histories(self, start: float, end: float, *, page: int = 1) -> tuple[History, ...]:
        """One page of the calls that began between two times (epoch seconds), newest first."""
        query: Sequence[tuple[str, str | int]] = [
            ("start_datetime", _gmt(start)),
            ("end_datetime", _gmt(end)),
            ("order", "desc"),
            ("page", page),
            ("per_page", self._api.page_size),
        ]
        body = await self._api.get(f"{self._api.client}/call_history/", query)
        read = self._api.some(records.HISTORIES.read(self._api.http, body), "calls")
        return tuple(map(records.history_from, read.rows))

    # --- phones and extensions ---------------------------------------------------------------

    async def registration(self, extension_id: int) -> tuple[Device, ...]:
        """One phone with its registrations, as devices."""
        row = await self._api.one(f"/extension/{extension_id}/registration/", REGISTRATION)
        known = self._directory.get(extension_id)
        extension = known or Extension(extension_id, "", "", "phone", "")
        return tuple(devices_from(self.site, extension, row, self._api.now))

    async def delete_registration(self, extension_id: int, registration_id: str) -> Outcome:
        """Unregister a phone until it registers again. That it can is DOCUMENTED, the path
        INFERRED.
        """
        path = f"/extension/{extension_id}/registration/{path_piece(registration_id)}"
        outcome, _ = await self._api.act("DELETE", path, gone="there is no such registration")
        return outcome

    async def phone(self, extension_id: int) -> Phone:
        """A phone's settings. The SIP password among them is dropped at once."""
        body = await self._api.get(f"/extension/{extension_id}/phone/")
        try:
            return records.phone_from(decode(self._api.http, body, records.PHONE))
        except NotUnderstood:
            raise NotUnderstood(  # without quoting: there may be a password in it
                f"{self._api.http.host} sent something that is no phone's settings",
                "check url in the config",
            ) from None

    async def set_external_number(self, extension_id: int, number: str) -> Outcome:
        """Bind a mobile number to a phone; an empty one ends it. Needs the level "All"."""
        body = {"external_number": number or None}
        outcome, _ = await self._api.act("PUT", f"/extension/{extension_id}/phone/", body)
        return outcome

    async def extension(self, extension_id: int) -> Extension:
        """One extension, with its status: ``active`` or ``blocked``."""
        path = f"{self._api.client}/extension/{extension_id}"
        return extension_from(await self._api.one(path, EXTENSION))

    async def set_extension_status(self, extension_id: int, status: str) -> Outcome:
        """``active`` or ``blocked``. Needs the level "All"."""
        if status not in ("active", "blocked"):
            raise BackendError(f"“{status}” is no status of an extension", "active or blocked")
        path = f"{self._api.client}/extension/{extension_id}"
        outcome, _ = await self._api.act("PUT", path, {"status": status})
        return outcome

    # --- events ------------------------------------------------------------------------------

    async def phone_events(self) -> tuple[Event, ...]:
        """The HTTP events of the client's phones."""
        return await self._events(f"{self._api.client}/phone_events/")

    async def extension_events(self, extension_id: int) -> tuple[Event, ...]:
        """The HTTP events of one extension."""
        return await self._events(f"/extension/{extension_id}/event/")

    async def agent_events(self, agent: str) -> tuple[Event, ...]:
        """The HTTP events of an agent; ``agent`` is ``local/…`` or ``remote/…``."""
        return await self._events(f"{agent_path(self._api, agent)}/event/")

    async def _events(self, path: str) -> tuple[Event, ...]:
        read = await self._api.listing(path, records.EVENTS, "events")
        return tuple(map(records.event_from, read.rows))


def agent_path(api: Api, agent: str) -> str:
    """The path of an agent's id. Raises :class:`BackendError` for what is none."""
    side, _, id = agent.partition("/")
    if side not in (LOCAL, REMOTE) or not (id.isascii() and id.isdecimal()):
        raise BackendError(f"“{agent}” is no agent of this site", "choose one from the list")
    return f"{api.client}/agent/{side}/{id}"


def _gmt(when: float) -> str:
    return datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%d %H:%M:%S")
