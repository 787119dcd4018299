"""Peers, lamps, flows and counts, over the office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from pbxtui.simulator.mirta.channels import Channels
from pbxtui.simulator.mirta.door import Asked
from pbxtui.simulator.mirta.replies import (
    NOTHING,
    Json,
    Reply,
    doubled,
    doubled_plain,
    either,
    empty,
    sentence,
    table,
    wall,
    written,
)
from pbxtui.simulator.mirta.switches import MirtaSwitches
from pbxtui.simulator.office import Office
from pbxtui.simulator.things import Extension, Flow

_PEER = (
    "node",
    "Name",
    "Host",
    "Dyn",
    "Forcerport",
    "Comedia",
    "ACL",
    "Port",
    "Status",
    "Description",
    "Realtime",
)
"""The eleven columns of ``sip show peers`` with the node, in their order (CAPTURED)."""


class Reads:
    """The reading request types that are no INFO."""

    def __init__(
        self,
        office: Office,
        switches: MirtaSwitches,
        channels: Channels,
        hostile: Callable[[str, int], str],
    ) -> None:
        self._office = office
        self._switches = switches
        self._channels = channels
        self._hostile = hostile

    def channels(self, asked: Asked) -> Reply:
        rows = self._channels.rows(asked.get("nodename"))
        if asked.json:
            return written(rows) if rows else empty(self._switches.empty_channels)
        lines = ("!".join(map(str, row)) for row in rows)
        return Reply("".join(f"{line}\n" for line in lines).encode())

    def channel(self, asked: Asked) -> Reply:
        """Without a channel: 55 pairs of empty texts (CAPTURED); with one: UNKNOWN, thinly so."""
        leg = self._channels.find(asked.get("channel"))
        if leg is None:
            return either(asked, [["", ""] for _ in range(55)], "")
        pairs = [["Name", self._channels.name(leg)], ["UniqueID", self._channels.unique(leg)]]
        return either(asked, pairs, "".join(f"{name}: {value}\n" for name, value in pairs))

    def current_calls(self, asked: Asked) -> Reply:
        """UNKNOWN; the names of the phone's channels."""
        extension = self._office.extensions.get(asked.get("phone").partition("-")[0])
        names: list[Json] = (
            [self._channels.name(leg) for leg in extension.legs] if extension else []
        )
        return either(asked, names, "\n".join(map(str, names)))

    # --- peers -------------------------------------------------------------------------------

    def peers(self, asked: Asked) -> Reply:
        rows = [row for extension in self._sip() for row in self._peer(extension)]
        if not asked.json:
            return Reply(table(_PEER, rows).encode())
        return written([dict(zip(_PEER, row, strict=True)) for row in rows])

    def _sip(self) -> list[Extension]:
        every = self._office.building.extensions
        return [extension for extension in every if not self._channels.is_pjsip(extension)]

    def home(self, extension: Extension) -> str:
        """The node where an extension registers."""
        return self._switches.nodes[extension.serial % len(self._switches.nodes)]

    def _peer(self, extension: Extension) -> list[list[Json]]:
        now = self._office.now
        device = next((each for each in extension.devices if each.online), extension.devices[0])
        host, port = device.address, str(device.port)
        if device.online:
            latency = round(device.rtt_ms(now))
            status = f"OK ({latency} ms)" if latency < 2000 else f"LAGGED ({latency} ms)"
        elif now - device.changed < device.period:
            status = "UNREACHABLE"
        else:
            host, port, status = "(Unspecified)", "0", "UNKNOWN"
        home = self.home(extension)
        row = self._columns(extension, home, host, port, status)
        if not self._switches.peers_on_all_nodes:
            return [row]
        return [
            row if node == home else self._columns(extension, node, "(Unspecified)", "0", "UNKNOWN")
            for node in self._switches.nodes
        ]

    def _columns(
        self, extension: Extension, node: str, host: str, port: str, status: str
    ) -> list[Json]:
        filler = self._switches.peer_filler
        description = self._hostile("", extension.serial)
        return [
            node,
            f"{extension.username}/{extension.username}",
            host,
            "D",
            "Yes",
            "Yes",
            "N" if filler else "",
            port,
            status,
            description,
            "no" if filler else "",
        ]

    # --- lamps and flows ---------------------------------------------------------------------

    def blfs(self, asked: Asked) -> Reply:
        rows = [self._lamp(extension) for extension in self._office.building.extensions]
        rows += [self._flow_lamp(flow) for flow in self._office.building.flows]
        if asked.json:
            return written([doubled(row) for row in rows])
        return Reply("".join(map(doubled_plain, rows)).encode())

    def _state_name(self, number: str) -> str:
        return f"{number}-{self._office.tenant}" if self._switches.lamp_suffix else number

    def _lamp(self, extension: Extension) -> list[tuple[str, Json]]:
        return [
            ("st_extension", self._state_name(extension.number)),
            ("st_state", extension.lamp.value),
            ("st_timestamp", wall(extension.lamp_since, self._switches)),
        ]

    def _flow_lamp(self, flow: Flow) -> list[tuple[str, Json]]:
        return [
            ("st_extension", self._state_name(flow.number)),
            ("st_state", flow.state.value),
            ("st_timestamp", wall(flow.since, self._switches)),
        ]

    def flows(self, asked: Asked) -> Reply:
        rows = [self._flow(flow) for flow in self._office.building.flows]
        if asked.json:
            return written([doubled(row) for row in rows])
        return Reply("".join(map(doubled_plain, rows)).encode())

    def _flow(self, flow: Flow) -> list[tuple[str, Json]]:
        values = {state.value: value for state, value in flow.values.items()}
        unset = self._switches.unset_flow and flow is self._office.building.flows[-1]
        since = wall(flow.since, self._switches, seconds=self._switches.flow_seconds)
        return [
            ("fl_id", str(flow.id)),
            ("fl_te_id", "7"),
            ("fl_name", self._hostile(flow.name, flow.id)),
            ("fl_comment", ""),
            ("fl_number", flow.number),
            ("fl_value", "" if unset else flow.value),
            ("fl_value_for_unavailable", values.get("UNAVAILABLE", "")),
            ("fl_value_for_inuse", values.get("INUSE", "")),
            ("fl_value_for_notinuse", values.get("NOT_INUSE", "")),
            ("fl_value_for_ringing", values.get("RINGING", "")),
            ("fl_variable_name", ""),
            ("fl_monitor_type", ""),
            ("fl_monitor_type_id", "0"),
            ("fl_monitor_parameter", ""),
            ("st_extension", None if unset else f"{flow.number}-{self._office.tenant}"),
            ("st_state", None if unset else flow.state.value),
            ("st_timestamp", None if unset else since),
            ("st_peername", None if unset else self._switches.nodes[0]),
        ]

    # --- counts ------------------------------------------------------------------------------

    def count_peers(self, asked: Asked) -> Reply:
        there = [extension for extension in self._sip() if extension.reachable]
        counts = Counter(dict.fromkeys(self._switches.nodes, 0))
        counts.update(self.home(extension) for extension in there)
        return self._counted(asked, counts)

    def count_channels(self, asked: Asked, *, admin: bool) -> Reply:
        if self._switches.count_channels == "refused" and not admin:
            return sentence("Wrong or missing tenant", self._switches.newline)
        counts = Counter(dict.fromkeys(self._switches.nodes, 0))
        counts.update(str(row[13]).rpartition("-")[0] for row in self._channels.rows())
        node = asked.get("nodename")
        return self._counted(asked, Counter({node: counts[node]}) if node else counts)

    def _counted(self, asked: Asked, counts: Counter[str]) -> Reply:
        shown: dict[str, Json] = dict(counts)
        if self._switches.total_key:
            shown[self._switches.total_key] = counts.total()
        plain = "".join(f"{node}:{count}|" for node, count in shown.items())
        return either(asked, shown, f"{plain}\n")

    def count_calls(self) -> Reply:
        if not self._office.active or self._switches.count_calls == "empty":
            return NOTHING
        return Reply(str(self._office.active).encode())
