"""``pbxtui do``: one action from a script, through the service that the screens use."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Sequence
from dataclasses import replace

from pbxtui.backends.settings import SiteSettings
from pbxtui.cli.arguments import Options
from pbxtui.cli.choosing import one
from pbxtui.cli.finding import find, find_queue
from pbxtui.cli.order import Order
from pbxtui.cli.output import say
from pbxtui.cli.reading import opened, read
from pbxtui.cli.stopping import Stopping
from pbxtui.cli.telling import Telling, aloud, left_over, status_of
from pbxtui.config import Config
from pbxtui.model import TOPIC_OF, Action, Call, Fault, Kind, Topic, Verb, clean
from pbxtui.service import open_fleet
from pbxtui.service.acting import (
    Aim,
    Ask,
    Plan,
    Refusal,
    Why,
    aim,
    consultation,
    dial,
    open_dispatcher,
    unaimed,
)

BESIDE = 2.0
"""Seconds that are given to readings which only make the sentence say more."""
PATIENCE = 3.0
"""Seconds for which an answer is still waited for, once somebody wants it ended."""

_PHONES = (Topic.LAMPS, Topic.DEVICES)
_BESIDE = dict.fromkeys(
    (
        *(Verb.TRANSFER, Verb.ATTENDED, Verb.DIAL, Verb.ANSWER, Verb.RETRIEVE, Verb.MONITOR),
        Verb.LOGIN,
    ),
    _PHONES,
)
"""What tells whether the phone that is rung can be reached, for the actions that ring one."""


def do(options: Options) -> int:
    """Do what was asked for; the exit status says what became of it."""
    from pbxtui.config import load

    order = options.order
    assert order is not None
    config = load(options.config)
    settings = one(config, order.site, options.site)
    aloud()
    with asyncio.Runner() as runner:
        errand = runner.run(_begun(order, config, settings))
        try:
            return _do(errand, runner)
        finally:
            runner.run(errand.close())


def _do(errand: _Errand, runner: asyncio.Runner) -> int:
    """One errand from its beginning to its end; questions are asked while nothing runs."""
    order, tell = errand.order, errand.tell
    plan = runner.run(errand.plan())
    if isinstance(plan, Fault):
        if not order.dry_run:
            runner.run(errand.note_unread(plan))
        return tell.unread(plan)
    tell.plan(plan)
    if order.dry_run:
        return tell.dry(plan)
    if plan.refused is None:
        answer, asked = _agreed(plan, order)
        plan = replace(plan, refused=answer)
        fault = runner.run(errand.read()) if asked and answer is None else None
        if fault is not None:
            runner.run(errand.note_unread(fault, plan))
            return tell.unread(fault, plan)
    return runner.run(errand.carry_out(plan))


# --- the question --------------------------------------------------------------------------------


def _agreed(plan: Plan, order: Order) -> tuple[Refusal | None, bool]:
    """Why a plan must not be sent, None where somebody agrees; and whether that took a question."""
    if plan.name:
        option = f"--name {plan.name}"
        if order.typed:
            wrong = f"“{order.typed}” was typed, and it is {plan.name}: nothing was sent"
            return (_unsaid(wrong) if order.typed != plan.name else None), False
        typed = _asked(f"Type {plan.name} to go on: ")
        if typed is None:
            return _unsaid(f"this asks for the name, and nobody can be asked here: {option}"), False
        return (None if typed == plan.name else _unsaid(_NO)), True
    if not plan.needs_yes or order.yes:
        return None, False
    typed = _asked("Go on? [y/N] ")
    if typed is None:
        return _unsaid("this asks first, and nobody can be asked here: --yes"), False
    return (None if typed.lower() in ("y", "yes") else _unsaid(_NO)), True


_NO = "it was asked, and the answer was no: nothing was sent"


def _unsaid(words: str) -> Refusal:
    return Refusal(Why.NOT_SAID, words)


def _asked(question: str) -> str | None:
    """What somebody at the terminal answers; None where there is nobody."""
    if sys.stdin is None or not sys.stdin.isatty() or sys.stderr is None:
        return None
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


# --- the errand ----------------------------------------------------------------------------------


async def _begun(order: Order, config: Config, settings: SiteSettings) -> _Errand:
    return _Errand(order, config, settings)


class _Errand:
    """One order at one site, with a dispatcher of its own."""

    def __init__(self, order: Order, config: Config, settings: SiteSettings) -> None:
        self.order = order
        self.tell = Telling(order)
        self._fleet = open_fleet([settings])
        (self._site,) = self._fleet.sites
        grace = 0.0 if config.grace is None else config.grace
        self._dispatcher = open_dispatcher(self._fleet, replace(config, grace=grace))
        self._dispatcher.rights.unlock()
        if order.dry_run:
            self._dispatcher.assumed.later = lambda do: None
        self._closed = False

    async def close(self) -> None:
        await self._end()
        await self._fleet.stop()

    async def _end(self) -> None:
        if not self._closed:
            self._closed = True
            await self._dispatcher.close(patience=0.0)

    # --- before it is sent -------------------------------------------------------------------

    async def plan(self) -> Plan | Fault:
        """What is to be sent; or why the site cannot be read."""
        if not self.order.dry_run:
            for entry in await self._dispatcher.unfinished():
                say(left_over(entry))
        backend = await opened(self._site)
        if isinstance(backend, Fault):
            return backend
        order, site = self.order, self._site
        at_once = self._dispatcher.rights.check(order.verb, site.settings, backend.capabilities)
        if at_once is not None:
            return self._refused(at_once)
        fault = await self.read(_BESIDE.get(order.verb, ()))
        if fault is not None:
            return fault
        aimed = self._aim()
        if isinstance(aimed, Refusal):
            return self._refused(aimed)
        return self._dispatcher.plan(aimed.action, aimed.chosen)

    async def read(self, beside: Sequence[Topic] = ()) -> Fault | None:
        """Read what the order is about; what stands beside it only for a while, and if it can."""
        backend, site = self._site.backend, self._site
        assert backend is not None
        topic = TOPIC_OF[self.order.kind or Kind.CALLS]
        others = [each for each in beside if each in backend.topics]
        needed = read(site, topic) if topic in backend.topics else _nothing()
        fault, *_ = await asyncio.gather(needed, *(_briefly(read(site, t)) for t in others))
        return fault

    def _aim(self) -> Aim | Refusal:
        order, snapshot, own = self.order, self._site.snapshot, self._own
        ask = Ask(**order.said)
        if order.kind is None:
            return dial(self._site.name, ask.to, ask.extension or own)
        found = find(order.kind, order.name, order.leg, snapshot)
        if isinstance(found, Refusal):
            new = order.verb is Verb.LOGIN and found.why is Why.GONE and self._is_phone(order.name)
            if not new:
                return found
        queue = find_queue(ask.queue, snapshot)
        if isinstance(queue, Refusal):
            return queue
        ask = replace(ask, queue=queue)
        if isinstance(found, Refusal):
            return Aim(self._unaimed(ask))
        if isinstance(found.thing, Call):
            asked = consultation(found.thing, snapshot, self._dispatcher)
            ask = replace(ask, consultation=asked)
        return aim(order.verb, found, snapshot, ask=ask, own=own)

    @property
    def _own(self) -> str:
        return self._site.settings.extension

    def _is_phone(self, number: str) -> bool:
        """Whether it is the number of a phone, which may join a queue as a new agent."""
        snapshot = self._site.snapshot
        phones = {phone.extension for phone in snapshot.devices.values()}
        return number in phones | {lamp.extension for lamp in snapshot.lamps.values()}

    def _unaimed(self, ask: Ask) -> Action:
        order, own = self.order, self._own
        return unaimed(order.verb, self._site.name, order.name, leg=order.leg, ask=ask, own=own)

    def _refused(self, why: Refusal) -> Plan:
        plan = self._dispatcher.plan(self._unaimed(Ask(**self.order.said)))
        return replace(plan, sentence=clean(str(self.order), 300), warnings=(), refused=why)

    async def note_unread(self, fault: Fault, plan: Plan | None = None) -> None:
        """Have it in the journal that nothing was sent, because the site cannot be read."""
        why = Refusal(Why.UNREADY, f"{fault}; nothing was sent")
        told = self._refused(why) if plan is None else replace(plan, refused=why)
        await self._dispatcher.send(told).done()

    # --- sending -----------------------------------------------------------------------------

    async def carry_out(self, plan: Plan) -> int:
        """Send a plan, or have its refusal written; the exit status."""
        stop = Stopping()
        unsubscribe = self._dispatcher.subscribe(self.tell.step)
        with stop.heard():
            ticket = self._dispatcher.send(plan)
            if plan.grace and plan.refused is None:
                say(f"kept back for {plan.grace:g} s; Ctrl+C takes it back")
            if not await stop.or_done(ticket.answered()) and not self._dispatcher.undo(ticket):
                await stop.patiently(ticket.answered(), PATIENCE)
            wait = self.order.wait
            if wait is not None and not stop.asked and not ticket.over:
                await stop.or_done(self._dispatcher.follow(ticket), wait)
            await self._end()
        unsubscribe()
        status = status_of(ticket, waited=wait is not None)
        self.tell.end(ticket, interrupted=stop.asked)
        return 128 + stop.signal if stop.asked else status


async def _nothing() -> Fault | None:
    return None


async def _briefly(reading: Awaitable[object]) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(reading, BESIDE)
