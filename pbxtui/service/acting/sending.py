"""The one place where an action leaves: intent on the disk, one request, result on the disk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from pbxtui.backends.base import Backend, BackendError
from pbxtui.model import Action, Answered, Outcome, clean
from pbxtui.service.acting.audit import Journal, JournalError, Line, Mark
from pbxtui.service.acting.expect import Observed
from pbxtui.service.acting.refusal import Refusal
from pbxtui.service.site import Site

log = logging.getLogger(__name__)

LEFT_WORDS = "pbxtui was left while it waited for the answer"
UNSENT_WORDS = "pbxtui was left before it was sent"

Leaving = Callable[[], Refusal | None]
"""Looks once more whether an action may leave: why not, else None, and then it is on its way."""


class Sending:
    """Writes the journal in a thread of its own, in order, and sends actions.

    ``clock`` gives epoch seconds.
    """

    def __init__(self, journal: Journal, clock: Callable[[], float]) -> None:
        self._journal = journal
        self._clock = clock
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="journal")

    def later(self, do: Callable[[], None]) -> Future[None]:
        """Have something done in the thread that writes."""
        return self._writer.submit(do)

    def note(
        self,
        line: Line,
        mark: Mark,
        outcome: Outcome | None = None,
        observed: Observed | None = None,
    ) -> Future[JournalError | None]:
        """Have a step written; the future tells why it could not be, else None."""
        return self._writer.submit(self._note, line, mark, outcome, observed)

    def _note(
        self, line: Line, mark: Mark, outcome: Outcome | None, observed: Observed | None
    ) -> JournalError | None:
        try:
            self._journal.note(
                line,
                mark,
                outcome=None if outcome is None else outcome.answered,
                words="" if outcome is None else outcome.words,
                observed="" if observed is None else observed.value,
            )
        except JournalError as error:
            log.error("%s", error)
            return error
        return None

    async def send(
        self, line: Line, action: Action, site: Site, leaving: Leaving
    ) -> tuple[Outcome, bool]:
        """Send an action once. The answer, and whether it may have reached the PBX.

        Without an intent in the journal nothing is sent. ``leaving`` is asked in the very moment
        before the sending, since the disk may have been slow. Whoever cancels this leaves a
        result in the journal all the same.
        """
        sent = False
        try:
            fault = await _written(self.note(line, Mark.INTENT))
            if fault is not None:
                words = f"nothing was sent: {fault}"
                return Outcome(Answered.REFUSED, words, self._clock()), False
            backend = await self._open(site)
            refused = None if isinstance(backend, Outcome) else leaving()
            if isinstance(backend, Outcome):
                outcome = backend
            elif refused is not None:
                outcome = Outcome(Answered.REFUSED, str(refused), self._clock())
            else:
                sent = True
                outcome, sent = await self._act(backend, action)
        except BaseException:
            words = LEFT_WORDS if sent else UNSENT_WORDS
            answered = Answered.NOT_CONFIRMED if sent else Answered.REFUSED
            self.note(line, _mark(sent), Outcome(answered, words, self._clock()))
            raise
        await _written(self.note(line, _mark(sent), outcome))
        return outcome, sent

    async def _open(self, site: Site) -> Backend | Outcome:
        try:
            return await site.open()
        except Exception as error:
            log.exception("%s cannot be opened", site.name)
            why = error.of_action if isinstance(error, BackendError) else str(error)
            words = f"{site.name} cannot be opened: {clean(why, 200)}"
            return Outcome(Answered.REFUSED, words, self._clock())

    async def _act(self, backend: Backend, action: Action) -> tuple[Outcome, bool]:
        """The answer, and whether the request may have left."""
        try:
            return await backend.act(action), True
        except BackendError as error:
            answered = Answered.NOT_CONFIRMED if error.unsure else Answered.REFUSED
            return Outcome(answered, clean(error.of_action, 600), self._clock()), error.sent
        except Exception as error:
            log.exception("%s: sending “%s” broke", backend.site, action.verb)
            words = f"pbxtui itself failed while it was sending: {type(error).__name__}"
            return Outcome(Answered.NOT_CONFIRMED, words, self._clock()), True

    async def close(self) -> None:
        """Wait until everything is written."""
        await asyncio.to_thread(self._writer.shutdown)


def _mark(sent: bool) -> Mark:
    """An intent is followed by a result, or by the refusal of what never left."""
    return Mark.RESULT if sent else Mark.REFUSED


async def _written(future: Future[JournalError | None]) -> JournalError | None:
    """Wait for a line; who is cancelled meanwhile does not keep it from being written."""
    return await asyncio.shield(asyncio.wrap_future(future))
