"""Phones in every state, and the screen that shows them."""

from __future__ import annotations

from dataclasses import replace

from textual.pilot import Pilot

from pbxtui.model import Certainty, Device, DeviceState, Kind, Party, Thing, Topic
from pbxtui.ui.devicetable import DeviceTable
from pbxtui.ui.screens.view import View
from tests.ui.seen import lines
from tests.ui.stage import NOON, Stage, call, set_stage

REG, OFF, LOST, UNKNOWN = (
    DeviceState.REGISTERED,
    DeviceState.UNREGISTERED,
    DeviceState.UNREACHABLE,
    DeviceState.UNKNOWN,
)
DESK = Device(
    "hq",
    "d401",
    REG,
    extension="401",
    name="Sales",
    address="10.0.0.9",
    user_agent="Yealink SIP-T46S 66.86.0.15",
    last_seen=NOON - 12,
    since=NOON - 7200,
    rtt_ms=18,
)
FAR = replace(DESK, id="d402", extension="402", name="Stock", address="10.0.0.10", rtt_ms=340)
GONE = replace(
    DESK,
    id="d403",
    extension="403",
    name="Till",
    state=OFF,
    since=NOON - 4000,
    rtt_ms=None,
    user_agent="snomD785/10.1.54.13",
)
DEAD = replace(DESK, id="d1000", extension="1000", name="Gate", state=LOST, rtt_ms=None)
CELL = Device("branch", "38-99-62", REG, Certainty.INFERRED, address="10.9.0.1")
CALL = call("a", from_=Party("+4411", "Anna"), to=Party("401", "Sales"), age=133)
ALL = (DESK, FAR, GONE, DEAD, CELL, CALL)


def office(*things: Thing, ascii: bool = False) -> Stage:
    return set_stage(*things, sites=("hq", "branch"), ascii=ascii)


def view(stage: Stage) -> View:
    return stage.app.views["devices"]


def table(stage: Stage) -> DeviceTable:
    found = view(stage)._table
    assert isinstance(found, DeviceTable)
    return found


def line(stage: Stage, name: str) -> str:
    """The line of the phone of that name."""
    return next(one for one in lines(stage)[2:] if name in one)


def order(stage: Stage) -> list[str]:
    """The names in the order of the lines."""
    known = ("Sales", "Stock", "Till", "Gate", "38-99-62")
    return [name for one in lines(stage)[2:-2] for name in known if name in one]


async def read(stage: Stage, pilot: Pilot[None], *devices: Device, site: str = "hq") -> None:
    stage.give(*devices, site=site, kind=Kind.DEVICES)
    await stage.read(site, Topic.DEVICES)
    await pilot.pause()


async def filtered(stage: Stage, pilot: Pilot[None], typed: str) -> None:
    await pilot.press("slash")
    line = view(stage).filter_line
    assert line is not None
    line.value = typed
    await pilot.pause()
