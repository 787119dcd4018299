"""What the screens keep from one run to the next: order, columns and sites of each view, filters.

One JSON file in the user's state folder::

    {"version": 1,
     "views": {"calls": {"sort": "since", "downwards": true, "hidden": ["via"], "sites": ["hq"]}},
     "filters": {"late": {"view": "held", "text": "state:hold"}}}

``sites`` is null where all are shown. Several programs may run at once: each writes only what was
changed in it. A file that cannot be read is put aside.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pbxtui.model import clean
from pbxtui.service.files import Later, at_once, replace_file, set_aside

log = logging.getLogger(__name__)

MAX_BYTES = 256 * 1024
LONGEST = 200
MOST = 500
"""Filters at the most; what a file holds beyond that is not read."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user chose of a view. ``sites`` is None for all."""

    sort: str
    downwards: bool = False
    hidden: tuple[str, ...] = ()
    sites: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A filter line and the view that it was typed in."""

    view: str
    text: str


@dataclass(slots=True)
class Kept:
    """All that is in the file."""

    views: dict[str, Choice]
    filters: dict[str, SavedFilter]


class Memory:
    """What is kept. ``path`` is None to keep it as long as the program runs.

    Reading and writing happen when they are asked for: ``load`` blocks, and the writing is done
    where ``later`` puts it. ``trouble`` says what is wrong with the file; empty when nothing is.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        later: Later = at_once,
    ) -> None:
        self.path = path
        self.trouble = ""
        self._later = later
        self._lock = threading.Lock()
        self._kept = Kept({}, {})
        self._views: dict[str, Choice] = {}
        self._filters: dict[str, SavedFilter | None] = {}

    @property
    def filters(self) -> Mapping[str, SavedFilter]:
        """The saved filters by name."""
        return self._kept.filters

    def load(self) -> None:
        """Read the file, if there is one. A broken one is put aside, and ``trouble`` says so."""
        if self.path is not None:
            self._kept = self._read()

    def choice(self, view: str) -> Choice | None:
        """What was chosen of a view, now or in an earlier run."""
        return self._kept.views.get(view)

    def choose(self, choices: Mapping[str, Choice]) -> None:
        """Note what is chosen of the views now, and write what is new."""
        new = {name: one for name, one in choices.items() if self._kept.views.get(name) != one}
        if new:
            self._kept.views |= new
            self._views |= new
            self._write_later()

    def keep_filter(self, name: str, view: str, text: str) -> None:
        self._change(name, SavedFilter(view, text))

    def forget_filter(self, name: str) -> bool:
        """Forget a saved filter; False where there is none of that name."""
        known = name in self._kept.filters
        if known:
            self._change(name, None)
        return known

    def _change(self, name: str, filter: SavedFilter | None) -> None:
        others = {key: one for key, one in self._kept.filters.items() if key != name}
        self._kept.filters = others if filter is None else {**others, name: filter}
        self._filters[name] = filter
        self._write_later()

    def _write_later(self) -> None:
        if self.path is not None:
            self._later(self.write)

    def write(self) -> None:
        """Write what was changed here into what the file holds now. Blocks; never raises."""
        import json

        if self.path is None:
            return
        with self._lock:
            views, self._views = self._views, {}
            filters, self._filters = self._filters, {}
            if not views and not filters:
                return
            kept = self._read()
            kept.views |= views
            named = {**kept.filters, **filters}
            body = {
                "version": 1,
                "views": {name: asdict(choice) for name, choice in kept.views.items()},
                "filters": {name: asdict(one) for name, one in named.items() if one is not None},
            }
            try:
                replace_file(self.path, json.dumps(body, ensure_ascii=False, indent=1) + "\n")
            except OSError as error:
                self.trouble = f"what you chose is not kept: {error.strerror or error}"
                log.warning("%s cannot be written: %s", self.path, error)

    def _read(self) -> Kept:
        import json

        assert self.path is not None
        try:
            with self.path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
            if len(data) > MAX_BYTES:
                raise ValueError(f"it is longer than {MAX_BYTES} bytes")
            return _kept(json.loads(data))
        except FileNotFoundError:
            return Kept({}, {})
        except OSError as error:
            self.trouble = f"{self.path.name} cannot be read: {error.strerror or error}"
            log.warning("%s cannot be read: %s", self.path, error)
        except (ValueError, RecursionError) as error:
            aside = set_aside(self.path, str(error))
            where = f"; it is now {aside.name}" if aside is not None else ""
            self.trouble = f"{self.path.name}, your columns and filters, cannot be read{where}"
        return Kept({}, {})


def _kept(body: object) -> Kept:
    """What a file's JSON holds; single entries that make no sense are left out.

    Raises ``ValueError`` where it is not such a file at all.
    """
    if not isinstance(body, dict) or not isinstance(body.get("version"), int):
        raise ValueError("it is not a file of pbxtui's")
    if body["version"] != 1:
        raise ValueError(f"it is of version {body['version']}, and this program knows version 1")
    views, filters = body.get("views"), body.get("filters")
    choices = {
        clean(name): choice
        for name, one in (views.items() if isinstance(views, dict) else ())
        if (choice := _choice(one)) is not None
    }
    saved = {
        clean(name): SavedFilter(clean(one["view"]), clean(one["text"], LONGEST))
        for name, one in list(filters.items() if isinstance(filters, dict) else ())[:MOST]
        if isinstance(one, dict)
        and isinstance(one.get("view"), str)
        and isinstance(one.get("text"), str)
    }
    return Kept(choices, saved)


def _choice(one: object) -> Choice | None:
    if not isinstance(one, dict) or not isinstance(one.get("sort"), str):
        return None
    sites: Any = one.get("sites")
    return Choice(
        one["sort"],
        one.get("downwards") is True,
        _words(one.get("hidden")),
        _words(sites) if isinstance(sites, list) else None,
    )


def _words(found: object) -> tuple[str, ...]:
    return tuple(w for w in found if isinstance(w, str)) if isinstance(found, list) else ()
