"""One action to Asterisk, sent once, and what its answer means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pbxtui.backends.asterisk.ami import Message
from pbxtui.backends.asterisk.connection import Connection
from pbxtui.backends.asterisk.faults import Unknown, missing_class, refusal
from pbxtui.backends.asterisk.settings import AsteriskSettings
from pbxtui.backends.asterisk.wire import count, text
from pbxtui.backends.base import BackendError, Forbidden
from pbxtui.model import Answered, Outcome, clean

MAX_VALUE = 512
"""Bytes of one field. Asterisk drops lines of more than 1024 (DOCUMENTED in its source)."""
RING = 30.0
"""Seconds for which a phone rings that is to begin a call."""

_GONE = (
    "No such channel",
    "Channel not found",
    "Channel specified does not exist",
    "Channel does not exist",
    "Channel1 does not exist",
    "Channel2 does not exist",
)
"""What is answered for a channel that is over; Redirect names the channel, too (CAPTURED)."""

_HINTS = {
    "Member not dynamic": "a member that queues.conf names cannot be logged out; pause it",
    "Interface not found": "it is no member of that queue",
    "No attended transfer feature code found": "set atxfer in [featuremap] of features.conf",
    "No disconnect feature code found": "set atxferabort in features.conf",
    "Transfer not permitted": "the dialplan does not let this call be transferred",
    "Transfer invalid": "it talks with nobody at this moment",
}
"""What to do about some of Asterisk's words."""

_REASONS = {
    1: "was hung up",
    3: "rang and was not answered",
    5: "is busy",
    8: "cannot be reached: no line is free",
}
"""Reason of an OriginateResponse, a number of Asterisk's control frames (DOCUMENTED in its source).

A phone that declines, is not registered or is unknown all give 0 (CAPTURED).
"""
_NOT_RUNG = "could not be rung: it is not registered, is busy, or has declined"


class Sender:
    """Sends actions on one connection; ``clock`` gives epoch seconds.

    What is refused, or may have got lost on the way, is an outcome. A :class:`BackendError` means
    that nothing has been sent.
    """

    def __init__(
        self, connection: Connection, settings: AsteriskSettings, clock: Callable[[], float]
    ) -> None:
        self._connection = connection
        self._settings = settings
        self._clock = clock

    async def send(self, action: str, **fields: str) -> Outcome:
        """Send one action, once."""
        check(fields)
        try:
            answer = await self._connection.order(action, fields)
        except BackendError as error:
            return self._lost(error)
        return self._outcome(action, answer)

    async def each(
        self, action: str, many: Sequence[Mapping[str, str]], *, on: bool = True
    ) -> list[Outcome]:
        """Send several of one action, one after the other, each once.

        Ends early when the connection breaks, and without ``on`` also at a refusal.
        """
        for fields in many:
            check(fields)
        outcomes: list[Outcome] = []
        for fields in many:
            try:
                outcomes.append(await self.send(action, **fields))
            except BackendError as error:
                if not outcomes:
                    raise
                outcomes.append(Outcome(Answered.NOT_CONFIRMED, error.words, self._clock()))
            last = outcomes[-1].answered
            if last is Answered.NOT_CONFIRMED or (last is Answered.REFUSED and not on):
                break
        return outcomes

    async def ring(self, device: str, whom: str, **fields: str) -> Outcome:
        """Ring a phone and let it go on in ``fields`` when it is answered: an Originate.

        Comes back when somebody has answered or it has rung for :data:`RING` seconds. ``whom`` is
        the number that the phone shows; who is called afterwards sees the phone's own number,
        which a ``CallerID`` would replace (CAPTURED).
        """
        shown = {"Variable": f"CONNECTEDLINE(num,i)={whom}"} if whom else {}
        fields = {
            "Channel": device,
            "Async": "true",
            "Timeout": str(int(RING * 1000)),
            **fields,
            **shown,
        }
        check(fields)
        try:
            answer = await self._connection.originate(fields, RING + self._settings.timeout)
        except BackendError as error:
            return self._lost(error)
        if answer.event != "OriginateResponse":
            return self._outcome("Originate", answer)
        if answer["Response"] == "Success":
            words = clean(f"{device} has answered")
            return Outcome(Answered.ACCEPTED, words, self._clock(), text(answer, "Uniqueid"))
        reason = _REASONS.get(count(answer, "Reason") or 0, _NOT_RUNG)
        return Outcome(Answered.REFUSED, clean(f"{device} {reason}"), self._clock())

    async def asked(self, variable: str, channel: str = "") -> str | None:
        """The value of a variable or function; None where Asterisk does not let us ask."""
        fields = {"Channel": channel} if channel else {}
        check({"Variable": variable, **fields})
        try:
            return clean(
                (await self._connection.ask("Getvar", Variable=variable, **fields))["Value"]
            )
        except BackendError as error:
            if error.sent or not self._connection.alive:
                raise
            return None

    async def until(self, holds: Callable[[], bool], seconds: float) -> None:
        """Wait until something holds by what is heard, or so many seconds have passed."""
        await self._connection.until(holds, seconds)

    def now(self) -> float:
        return self._clock()

    def _outcome(self, action: str, answer: Message) -> Outcome:
        at, said = self._clock(), clean(answer["Message"])
        if answer["Response"] == "Success":
            return Outcome(Answered.ACCEPTED, said, at)
        if answer["Response"] not in ("Error", "Failure"):
            words = f"Asterisk answered {action} with “{clean(answer['Response'], 40)}”"
            return Outcome(Answered.NOT_CONFIRMED, words, at)
        error = refusal(action, answer, self._settings)
        if isinstance(error, Forbidden):
            hint = missing_class(action, self._settings.username)
            return Outcome(Answered.REFUSED, f"{said}: {hint}", at)
        if isinstance(error, Unknown):
            return Outcome(Answered.REFUSED, error.of_action, at)
        return Outcome(Answered.REFUSED, explained(said), at)

    def _lost(self, error: BackendError) -> Outcome:
        """The outcome of an action that got no answer. Raises where it has not been sent."""
        if not error.sent:
            raise error
        return Outcome(Answered.NOT_CONFIRMED, error.words, self._clock())


def explained(said: str) -> str:
    """Asterisk's words of a refusal, and what to do about them where that is known."""
    if not said:
        return "Asterisk refuses without a word"
    hint = "the leg is over" if said.startswith(_GONE) else _HINTS.get(said, "")
    return f"{said}: {hint}" if hint else said


def is_gone(outcome: Outcome) -> bool:
    """Whether an action was refused because there is no such channel (any more)."""
    return outcome.answered is Answered.REFUSED and outcome.words.startswith(_GONE)


def check(fields: Mapping[str, str]) -> None:
    """Raise :class:`BackendError` for a value that cannot stand on a line of its own.

    AMI knows no escaping: a line break in a value would begin the next field, or the next action.
    """
    for key, value in fields.items():
        if not value.isprintable():
            raise BackendError(
                f"“{clean(value, 40)}” cannot be sent as {key}: it holds a line break or another "
                "control character",
                "write it on one line",
            )
        if len(value.encode()) > MAX_VALUE:
            raise BackendError(
                f"“{clean(value, 40)}” is too long to be sent as {key}",
                f"{MAX_VALUE} bytes are the most",
            )


def together(outcomes: Sequence[Outcome], of: int, what: str) -> Outcome:
    """One outcome of several actions: the first that did not go well, and how many did.

    ``of`` is how many there were to send, ``what`` names them in the plural.
    """
    if of == 1:
        return outcomes[0]
    good = [outcome for outcome in outcomes if outcome.answered is Answered.ACCEPTED]
    if len(good) == of:
        return good[-1]
    worst = next((o for o in outcomes if o.answered is not Answered.ACCEPTED), outcomes[-1])
    refused = worst.answered is Answered.REFUSED and not good
    answered = Answered.REFUSED if refused else Answered.NOT_CONFIRMED
    return Outcome(answered, f"{len(good)} of {of} {what}; {worst.words}", worst.at)
