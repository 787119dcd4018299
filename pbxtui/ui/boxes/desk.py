"""What the boxes know of their surroundings, and what they give back."""

from __future__ import annotations

from dataclasses import dataclass

from textual.screen import ModalScreen

from pbxtui.model import Verb
from pbxtui.service import Fleet
from pbxtui.service.acting import Ask
from pbxtui.service.acting.met import Met
from pbxtui.service.recents import Recents
from pbxtui.ui.looks import Looks


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader said in a box.

    ``verb`` may be another than the one asked about (a transfer became an attended one), and
    ``site`` another than the row's (a number is dialled at the site that was chosen).
    """

    verb: Verb
    site: str
    ask: Ask


Box = ModalScreen[Asked | None]
"""A screen that asks; its result is None where the reader left it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the operator sits: the sites, the looks, the last targets, the profile's name."""

    fleet: Fleet
    looks: Looks
    recents: Recents
    profile: str = "noc"
    met: Met | None = None
    """Whom the calls have named; None for those of now."""

    def own(self, site: str) -> str:
        """The operator's extension at a site; may be empty."""
        try:
            return self.fleet.site(site).settings.extension
        except KeyError:
            return ""
