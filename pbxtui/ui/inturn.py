"""Keys that are typed in a line, one after the other.

Textual gives a key to the line and looks for its binding on the way back, and Enter becomes a
message of its own. Keys that come together, as over a slow link, would overtake it: the digit
after an Enter would be part of the number that is sent, and a command a letter of the filter.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.message_pump import MessagePump
from textual.widget import Widget

if TYPE_CHECKING:
    from textual.events import Key

    from pbxtui.ui.app import PbxApp

PATIENCE = 2.0
"""Seconds for which a key waits for the one before it, at the most."""


async def type_in(app: PbxApp, line: Widget, event: Key) -> bool:
    """Have a line take a key, and wait until all that follows from it is done.

    False where the key is for nobody: it goes its usual way then.
    """
    if event.is_printable:
        line._forward_event(event)
        await settled([line])
        return True
    above = [each for each in line.ancestors if each is not app]
    await settled([line, *above])
    if not (
        await app._check_bindings(event.key, priority=True) or await app._check_bindings(event.key)
    ):
        return False
    await settled([line, *above, app.view])
    return True


async def settled(pumps: Iterable[MessagePump]) -> None:
    """Wait until each in turn has done what it was given so far; none of them may be the caller."""
    try:
        async with asyncio.timeout(PATIENCE):
            for pump in pumps:
                done = asyncio.Event()
                if pump.is_running and pump.call_later(done.set):
                    await done.wait()
    except TimeoutError:
        pass
