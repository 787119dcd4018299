"""Actions of the model as actions of AMI, each sent once.

Which action goes where: :mod:`control` for calls as a whole, :mod:`originating` for those that
begin with a phone ringing, :mod:`sounds` for what is heard or recorded, :mod:`members` for agents.
"""

from __future__ import annotations

from pbxtui.backends.asterisk.control import Control
from pbxtui.backends.asterisk.flows import SETTABLE
from pbxtui.backends.asterisk.members import Members
from pbxtui.backends.asterisk.office import Office
from pbxtui.backends.asterisk.originating import Originating
from pbxtui.backends.asterisk.pairing import LOOK_AGAIN
from pbxtui.backends.asterisk.sending import Sender
from pbxtui.backends.asterisk.settings import AsteriskSettings
from pbxtui.backends.asterisk.sounds import Sounds
from pbxtui.backends.base import BackendError, Conflict, NotFound
from pbxtui.model import (
    Action,
    Answer,
    Answered,
    CancelTransfer,
    CompleteTransfer,
    DeviceState,
    Dial,
    Hangup,
    LogAgent,
    Monitor,
    OnDevice,
    Outcome,
    Park,
    PauseAgent,
    Record,
    Retrieve,
    SendDtmf,
    SetFlow,
    Topic,
    Transfer,
    clean,
)

_RESTART = "Event=check-sync;reboot=true"
"""What most makes of phones restart for (DOCUMENTED by Yealink, Snom, Polycom and Cisco)."""


def topics(action: Action) -> tuple[Topic, ...]:
    """What has to be known before an action can be sent: the first one surely, the rest if it can.

    Lamps and devices tell which device is a phone, and which extension it has.
    """
    match action:
        case Dial():
            return (Topic.LAMPS, Topic.DEVICES)
        case PauseAgent() | LogAgent():
            return (Topic.QUEUES, Topic.LAMPS, Topic.DEVICES)
        case SetFlow():
            return (Topic.LAMPS,)
        case OnDevice():
            return (Topic.DEVICES,)
        case _:
            return (Topic.CALLS, Topic.LAMPS, Topic.DEVICES)


class Acting:
    """Carries actions out on one connection, by what ``office`` has last heard.

    ``now`` is on the PBX's clock, in epoch seconds. Raises :class:`BackendError` where nothing has
    been sent.
    """

    def __init__(
        self, sender: Sender, office: Office, settings: AsteriskSettings, now: float
    ) -> None:
        self._sender = sender
        self._office = office
        self._control = Control(sender, office, settings, now)
        self._originating = Originating(sender, office, settings, now)
        self._sounds = Sounds(sender, office, settings, now)
        self._members = Members(sender, office)

    async def act(self, action: Action) -> Outcome | None:
        """Send an action once; None for one that AMI has nothing for."""
        match action:
            case Hangup() | Transfer() | CompleteTransfer() | CancelTransfer() | Park():
                return await self._control.act(action)
            case Dial() | Retrieve() | Answer() | Monitor():
                return await self._originating.act(action)
            case SendDtmf() | Record():
                return await self._sounds.act(action)
            case PauseAgent() | LogAgent():
                return await self._members.act(action)
            case SetFlow():
                return await self._set_flow(action)
            case OnDevice(reboot=True):
                return await self._restart(action)
            case _:
                return None

    async def _set_flow(self, action: SetFlow) -> Outcome:
        flow = self._office.flow(action.flow)
        if flow is None:
            raise NotFound(
                f"there is no custom device state “{clean(action.flow, 40)}”",
                "a hint in the dialplan, or setting it there once, makes one",
            )
        if action.value is not None:
            raise BackendError("a custom device state has no value", "set its state alone")
        if action.state is None:
            raise BackendError("no state is given for the flow", f"one of {', '.join(SETTABLE)}")
        word = SETTABLE.get(action.state)
        if word is None:
            raise BackendError(
                f"Asterisk's device states do not know {action.state}",
                f"they know {', '.join(SETTABLE)}",
            )
        return await self._sender.send("Setvar", Variable=f"DEVICE_STATE({flow.id})", Value=word)

    async def _restart(self, action: OnDevice) -> Outcome:
        """Ask a phone to restart. It need not: that is a matter of its make and its settings."""
        device = self._office.device(action.device, self._sender.now())
        if device is None:
            raise NotFound(f"there is no phone “{clean(action.device, 40)}”", LOOK_AGAIN)
        if device.state is DeviceState.UNREGISTERED:
            raise Conflict(f"{device.id} is not registered: nothing reaches it", "switch it on")
        outcome = await self._sender.send(
            "PJSIPNotify", Endpoint=device.id.partition("/")[2], Variable=_RESTART
        )
        if outcome.answered is not Answered.ACCEPTED:
            return outcome
        words = f"{outcome.words}: whether it restarts is up to the phone"
        return Outcome(outcome.answered, words, outcome.at)
