"""What can be asked of a PBX, what it answered, and what each make can do.

These are the types; carrying them out is the dispatcher's and the backends' work.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pbxtui.model.words import LampState, Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class OnLeg:
    """An action upon a live call; ``leg`` is empty where the whole call is meant."""

    site: str
    call: str
    leg: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(OnLeg):
    """Put the far side on hold: whoever it is hears music."""

    verb = Verb.HOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(OnLeg):
    """Talk on with whoever was held."""

    verb = Verb.RESUME


@dataclass(frozen=True, slots=True, kw_only=True)
class Hangup(OnLeg):
    """End one leg, or the call with all of its legs."""

    verb = Verb.HANGUP


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(OnLeg):
    """Blind, or attended when ``attended`` is set; ``to`` is the number or extension."""

    verb = Verb.TRANSFER
    to: str
    attended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OnConsultation(OnLeg):
    """An action upon an attended transfer that has begun; ``leg`` is that of whoever transfers.

    ``to`` is the number of whoever is asked. ``asked`` and ``waiting`` are the legs of whoever is
    asked and of whoever waits meanwhile, empty where the PBX shows none. ``second`` is the leg by
    which the phone asks, where that is another one, of another call.
    """

    to: str = ""
    asked: str = ""
    waiting: str = ""
    second: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteTransfer(OnConsultation):
    """Let whoever waits and whoever was asked talk; the phone that transfers leaves."""

    verb = Verb.COMPLETE


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTransfer(OnConsultation):
    """Ask nobody any more, and go back to whoever waits."""

    verb = Verb.CANCEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Park(OnLeg):
    """Leave the call at the PBX's parking place, for anybody to take back."""

    verb = Verb.PARK


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieve(OnLeg):
    """Take a parked call back to the operator's ``extension``."""

    verb = Verb.RETRIEVE
    extension: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(OnLeg):
    """Answer at, or pick up to, the operator's ``extension``."""

    verb = Verb.ANSWER
    extension: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendDtmf(OnLeg):
    """Send tones into the call: ``digits`` is 0 to 9, A to D, ``*`` and ``#``."""

    verb = Verb.DTMF
    digits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(OnLeg):
    """Begin a recording, or end it where ``on`` is unset."""

    verb = Verb.RECORD
    on: bool


class Listening(StrEnum):
    """What a supervisor hears and who hears the supervisor."""

    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor(OnLeg):
    """Have a supervisor's ``extension`` ring and join the call in one of three ways."""

    verb = Verb.MONITOR
    extension: str
    how: Listening = Listening.LISTEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """Ring ``from_`` (an own extension) first, then ``to``."""

    verb = Verb.DIAL
    site: str
    from_: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseAgent:
    """Pause an agent, or end the pause; an empty ``queue`` means every queue of the agent."""

    site: str
    agent: str
    queue: str = ""
    paused: bool = True
    reason: str = ""

    @property
    def verb(self) -> Verb:
        return Verb.PAUSE if self.paused else Verb.UNPAUSE


@dataclass(frozen=True, slots=True, kw_only=True)
class LogAgent:
    """Log an agent in to or out of a queue."""

    site: str
    agent: str
    queue: str = ""
    in_: bool = True

    @property
    def verb(self) -> Verb:
        return Verb.LOGIN if self.in_ else Verb.LOGOUT


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFlow:
    """Set a flow's state, its value, or both."""

    verb = Verb.FLOW
    site: str
    flow: str
    state: LampState | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDevice:
    """Unregister a phone, or restart it."""

    site: str
    device: str
    reboot: bool = False

    @property
    def verb(self) -> Verb:
        return Verb.REBOOT if self.reboot else Verb.UNREGISTER


Action = (
    Hold
    | Resume
    | Hangup
    | Transfer
    | CompleteTransfer
    | CancelTransfer
    | Park
    | Retrieve
    | Answer
    | SendDtmf
    | Record
    | Monitor
    | Dial
    | PauseAgent
    | LogAgent
    | SetFlow
    | OnDevice
)


class Answered(StrEnum):
    """What came back for an action."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_CONFIRMED = "not_confirmed"
    """It may have reached the PBX; nothing says whether it did anything."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The PBX's answer to one action, with its own words; ``at`` is epoch seconds.

    ``created`` is the id of what the action made (a call), where the PBX names it.
    """

    answered: Answered
    words: str = ""
    at: float = 0.0
    created: str = ""


@dataclass(frozen=True, slots=True)
class Capability:
    """Whether a PBX can do something; if not, why in one sentence, and what comes nearest.

    For what is possible, ``why`` says what should be known before. ``shown`` is False where the
    PBX's own lists never show what came of it: an accepted one is then assumed.
    """

    possible: bool
    why: str = ""
    nearest: str = ""
    shown: bool = True


CAN = Capability(True)
