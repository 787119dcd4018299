"""Phone books, mail boxes and the other things that have nothing to do with live calls."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from pbxtui.simulator import people
from pbxtui.simulator.mirta.door import Asked
from pbxtui.simulator.mirta.replies import (
    NOTHING,
    Json,
    Object,
    Reply,
    either,
    empty,
    sentence,
    table,
    written,
)
from pbxtui.simulator.mirta.switches import MirtaSwitches
from pbxtui.simulator.office import Office

BOOK = "Default"


class Books:
    """The remaining request types, thinly: their answers are mostly UNKNOWN."""

    def __init__(
        self,
        office: Office,
        switches: MirtaSwitches,
        rng: Random,
        hostile: Callable[[str, int], str],
    ) -> None:
        self._office = office
        self._switches = switches
        self._hostile = hostile
        self._balance = 123.45
        self._entries: dict[int, dict[str, str]] = {}
        for peid in range(1, 41):
            party = people.outside_party(rng)
            name = party.name or people.person(rng)
            self._entries[peid] = {"name": name, "phone1": party.number}

    # --- phone books -------------------------------------------------------------------------

    def phonebooks(self, asked: Asked) -> Reply:
        return either(asked, [BOOK], f"{BOOK}\n")

    def phonebook(self, asked: Asked) -> Reply:
        """Without a book: a sentence that names it (CAPTURED, masked); what is found: UNKNOWN."""
        if asked.get("phonebook").casefold() != BOOK.casefold():
            return sentence("Wrong or missing phonebook", self._switches.newline)
        if asked.sub in ("query", "getall"):
            found = [self._entry(peid) for peid in self._entries if self._matches(peid, asked)]
            if not found:
                return empty("null")
            rows = [list(row.values()) for row in found]
            return either(asked, list(found), table(["peid", "name", "phone1"], rows))
        if asked.sub == "add":
            self._entries[max(self._entries, default=0) + 1] = {"name": "New", "phone1": ""}
        elif asked.sub == "delete":
            self._entries.pop(int(asked.get("peid") or 0), None)
        return sentence("OK", self._switches.newline)

    def _entry(self, peid: int) -> Object:
        entry = self._entries[peid]
        name = self._hostile(entry["name"], peid)
        return {"peid": str(peid), "name": name, "phone1": entry["phone1"]}

    def _matches(self, peid: int, asked: Asked) -> bool:
        if asked.sub == "getall":
            return True
        value = asked.get("value").casefold()
        text = self._entries[peid].get(asked.get("field").lower(), "").casefold()
        inner = value.strip("%")
        if value.startswith("%"):
            return inner in text if value.endswith("%") else text.endswith(inner)
        return text.startswith(inner) if value.endswith("%") else text == value

    # --- the rest ----------------------------------------------------------------------------

    def voicemail(self, asked: Asked) -> Reply:
        """Boxes with their IMAP passwords (CAPTURED, masked); no messages: ``null``."""
        if asked.sub == "list":
            boxes: list[Json] = [
                {"mailbox": ext.number, "imapuser": "box", "imappassword": "imap-secret"}
                for ext in self._office.building.extensions[:5]
            ]
            return either(asked, boxes, table(["mailbox"], [[b["mailbox"]] for b in _rows(boxes)]))
        if asked.sub == "messages":
            return empty("null") if asked.get("mailbox") else NOTHING
        return NOTHING if asked.sub == "message" else sentence("OK", self._switches.newline)

    def campaign(self, asked: Asked) -> Reply:
        return self._ok_with(asked, "campaign", "Wrong or missing campaign")

    def media_file(self, asked: Asked) -> Reply:
        return NOTHING

    def response_path(self, asked: Asked) -> Reply:
        """Without an id 0 bytes (CAPTURED), else a table of the documented columns."""
        if not asked.get("id"):
            return NOTHING
        header = ["UniqueID", "Type", "Type ID", "Value", "Type Name", "Value Name"]
        return Reply(table(header, []).encode())

    def balance(self, asked: Asked) -> Reply:
        try:
            self._balance += float(asked.get("amount"))
        except ValueError:
            return sentence("Wrong or missing amount", self._switches.newline)
        return sentence("OK", self._switches.newline)

    def manage_db(self, asked: Asked) -> Reply:
        """JSON even without ``format``: an object by id (INFERRED)."""
        if asked.sub == "list" and asked.get("object").lower() == "extension":
            return written(
                {
                    str(ext.serial): {
                        "ex_id": str(ext.serial),
                        "ex_name": ext.name,
                        "ex_number": ext.number,
                    }
                    for ext in self._office.building.extensions
                }
            )
        return empty("[]") if asked.sub in ("list", "get") else written({"id": "1"})

    def dnd(self, asked: Asked) -> Reply:
        extension = self._office.extensions.get(asked.get("number"))
        if extension is None:
            return sentence("Extension not found", self._switches.newline)
        if asked.sub == "get":
            return Reply(b"on" if extension.dnd else b"")
        extension.dnd = asked.get("value") == "on"
        self._office.refresh(extension)
        return sentence("OK", self._switches.newline)

    def setting(self, asked: Asked) -> Reply:
        return NOTHING if asked.sub == "get" else sentence("OK", self._switches.newline)

    def license_days(self, asked: Asked) -> Reply:
        return Reply(b"365")

    def cdr(self, asked: Asked) -> Reply:
        return NOTHING if asked.sub == "get" else sentence("OK", self._switches.newline)

    def _ok_with(self, asked: Asked, name: str, otherwise: str) -> Reply:
        return sentence("OK" if asked.get(name) else otherwise, self._switches.newline)


def _rows(values: list[Json]) -> list[Object]:
    return [value for value in values if isinstance(value, dict)]
