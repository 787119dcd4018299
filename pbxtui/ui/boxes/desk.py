"""What the boxes know of their surroundings, and what they give back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.screen import ModalScreen

from pbxtui.model import Verb
from pbxtui.service import Fleet
from pbxtui.service.acting import Ask, Plan, Refusal
from pbxtui.service.acting.met import Met
from pbxtui.service.recents import Recents
from pbxtui.ui.looks import Looks


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader said in a box.

    ``verb`` may be another than the one asked about (a transfer became an attended one), and
    ``site`` another than the row's (a number is dialled at the site that was chosen). ``leg`` is
    set where a leg of the call was chosen.
    """

    verb: Verb
    site: str
    ask: Ask
    leg: str = ""


Foretell = Callable[[Asked], Plan | Refusal]
"""What would be sent if the reader said this, in the words said before it, or why nothing would."""

Box = ModalScreen[Asked | None]
"""A screen that asks; its result is None where the reader left it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the operator sits: the sites, the looks, the last targets, whom the calls named."""

    fleet: Fleet
    looks: Looks
    recents: Recents
    met: Met | None = None
    """Whom the calls have named; None for those of now."""
    foretell: Foretell | None = None
    """None where it is for several rows at once, each with a sentence of its own."""
    many: int = 1
    """For how many rows it is asked."""

    def own(self, site: str) -> str:
        """The operator's extension at a site; may be empty."""
        try:
            return self.fleet.site(site).settings.extension
        except KeyError:
            return ""
