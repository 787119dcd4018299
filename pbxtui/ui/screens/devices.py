"""The devices screen: which phones can be reached, at every site."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from pbxtui.model import Key, Kind, LegState, Topic
from pbxtui.ui.details import thing_details
from pbxtui.ui.devicetable import DeviceTable
from pbxtui.ui.screens.view import View
from pbxtui.ui.widgets.columns import Row


class DevicesScreen(View):
    """Rows of phones, over all sites."""

    filter_help = "filter: words, state:off, ext:447, ip:10.0, ua:yealink, now:free, !not"

    @property
    def table(self) -> DeviceTable:
        return cast("DeviceTable", self._table)

    def build_table(self) -> DeviceTable:
        return DeviceTable(self.now, self.looks, self.why_empty, self._calls_read, self.clock)

    def sync(self) -> None:
        """Bring the list up to date. What changed just now is on top where the top is shown."""
        top = self.table.sort == "changed" and self.list.top == 0
        super().sync()
        if top and self.list.top:
            self.list.scroll_rows(-self.list.top)

    def details(self, row: Row) -> tuple[str, Callable[[], Sequence[tuple[str, ...]]]]:
        fleet = self.fleet
        if fleet is None or not isinstance(row, Key):
            raise ValueError(f"no phone stands in {row!r}")
        site = fleet.site(row.site)

        def rows() -> Sequence[tuple[str, ...]]:
            device = self.table.things.get(row)
            if device is None:
                return ()
            own = thing_details(site, Kind.DEVICES, device, self.pbx.zone)
            return [*own, *self.table.joined(device)]

        device = self.table.things.get(row)
        name = device.extension if device is not None and device.extension else row.id
        return f"phone {name} at {row.site}", rows

    def leg_shown(self, row: Row) -> LegState | None:
        device = self.table.thing_of(row)
        leg = self.table.leg_of(device) if device is not None else None
        return leg.state if leg is not None else None

    def _calls_read(self, site: str) -> bool:
        if self.fleet is None:
            return False
        return self.fleet.site(site).health[Topic.CALLS].read_at is not None
