"""The real Asterisk of these tests: one for the whole run, tidied up after each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tests.asterisk import install, office
from tests.asterisk.desk import Desk
from tests.asterisk.phones import Phone
from tests.asterisk.rig import Rig
from tests.asterisk.watching import Watch, opened

MakePhone = Callable[[str], Phone]
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where the tests are shared out among processes, one of them has the Asterisk."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("asterisk"))


@pytest.fixture(scope="session")
def _one_asterisk() -> Iterator[Rig]:
    installation = install.find()
    if installation is None:
        pytest.skip(install.HOW)
    rig = Rig(installation)
    try:
        yield rig
    finally:
        rig.close()


@pytest.fixture
def asterisk(_one_asterisk: Rig) -> Iterator[Rig]:
    """A running Asterisk without a call or a phone, with nobody paused and nobody added."""
    rig = _one_asterisk
    if not rig.running:
        rig.start()
    yield rig
    if not rig.running or not rig.clear():
        return
    with rig.ami() as manager:
        for row in manager.ask_all("QueueStatus"):
            if row.get("Event") == "QueueMember":
                member = {"Interface": row["Location"], "Queue": row["Queue"]}
                manager.ask("QueuePause", **member, Paused="false")
                if row["Membership"] == "dynamic":
                    manager.ask("QueueRemove", **member)
        manager.ask("Setvar", Variable=f"DEVICE_STATE({office.NIGHT})", Value="NOT_INUSE")
    rig.cli("queue reset stats")


@pytest.fixture
def phone(asterisk: Rig) -> Iterator[MakePhone]:
    """A function that plugs in and registers the phone of an extension."""
    plugged: list[Phone] = []

    def plug(extension: str) -> Phone:
        new = Phone(asterisk, extension)
        plugged.append(new)
        return new.register()

    yield plug
    if asterisk.running:
        asterisk.clear()
    for each in plugged:
        if asterisk.running and each.registered:
            each.unregister()
        each.stop()


@pytest.fixture
def trunk(asterisk: Rig) -> Iterator[Phone]:
    """The outside world: it can be dialled with a leading 9, and calls in."""
    outside = Phone.trunk(asterisk)
    yield outside
    if asterisk.running:
        asterisk.clear()
    outside.stop()


@pytest.fixture
async def watch(asterisk: Rig) -> AsyncIterator[Watch]:
    """Somebody who watches the office, by pushes alone after the first lists."""
    watching = Watch(opened(asterisk))
    await watching.begin()
    yield watching
    await watching.end()


@pytest.fixture
def desk(watch: Watch) -> Desk:
    return Desk(watch)
