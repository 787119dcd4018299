"""What lets the picture of a view stand still, and its rows grow faint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pbxtui.model import Topic
from pbxtui.ui import status
from pbxtui.ui.looks import Looks
from pbxtui.ui.screens.arranged import Arranged

if TYPE_CHECKING:
    from pbxtui.ui.freezing import Frozen


class Standing(Arranged):
    """A page over the sites of a fleet, whose time can be made to stand still."""

    def __init__(self, looks: Looks) -> None:
        super().__init__(looks)
        self.frozen: Frozen | None = None

    def now(self, site: str) -> float:
        """Epoch seconds on a PBX's clock; standing still while frozen."""
        return self.frozen.now[site] if self.frozen is not None else self.clock(site)

    def clock(self, site: str) -> float:
        """Epoch seconds on a PBX's clock, which never stands still."""
        return self.fleet.site(site).now() if self.fleet is not None else 0.0

    def faded(self, site: str, topic: Topic) -> bool:
        """Whether what a site shows of a topic is too old to be taken for what is."""
        if self.frozen is not None:
            return (site, topic) in self.frozen.faded
        return self.fleet is not None and status.faded(self.fleet.site(site), topic)

    def labels(self) -> Mapping[str, str]:
        usual = super().labels()
        return {**usual, "view.freeze": "go on"} if self.frozen is not None else usual

    def action_freeze(self) -> None:
        self.pbx.freeze()
