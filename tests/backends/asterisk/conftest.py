"""The other end of the wire, for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.backends.asterisk.peer import Peer, listening


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with listening() as running:
        yield running
