"""A picture that stands still: one instant in all views, while polling goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pbxtui.model import Topic
from pbxtui.service import Fleet
from pbxtui.ui.heading import Counter, Totals, totals
from pbxtui.ui.status import faded


@dataclass(frozen=True, slots=True)
class Frozen:
    """The instant of a frozen picture.

    ``at`` is epoch seconds on our own clock and ``now`` on that of each PBX; ``faded`` are the
    topics of sites that were too old then, ``sums`` the counts of the header.
    """

    at: float
    now: Mapping[str, float]
    faded: frozenset[tuple[str, Topic]]
    sums: Totals

    def counts(self, now: Totals | None) -> Totals:
        """The counts of then; how the sites are read is told as it is ``now``."""
        if now is None:
            return self.sums
        return replace(self.sums, sites_read=now.sites_read, worst=now.worst)


def freeze(fleet: Fleet, at: float) -> Frozen:
    """The present instant of a fleet."""
    return Frozen(
        at,
        {site.name: site.now() for site in fleet.sites},
        frozenset(
            (site.name, topic) for site in fleet.sites for topic in Topic if faded(site, topic)
        ),
        totals(fleet, Counter()),
    )
