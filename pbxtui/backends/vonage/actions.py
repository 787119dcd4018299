"""Actions of the model as requests to Vonage: one request each, upon exactly what was named.

Which leg of a call is to be held, or leaves it in a transfer, is documented nowhere (UNKNOWN). So
an action on a leg goes to the leg that was chosen and to no other, and one that needs a leg is not
sent without. What was read last is only asked for what people do not say: which phone of the house
is on the call, and how the PBX spells an id.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pbxtui.backends.base import BackendError, NotFound
from pbxtui.backends.http import path_piece
from pbxtui.backends.vonage.book import CallBook
from pbxtui.backends.vonage.contacts import (
    DEVICE,
    DIAL_FROM,
    DIAL_TO,
    TALK_TO,
    Contact,
    contact,
    phone_of,
    phones_on,
    same_number,
)
from pbxtui.backends.vonage.settings import VonageSettings
from pbxtui.model import (
    Action,
    Answer,
    Call,
    CancelTransfer,
    CompleteTransfer,
    Dial,
    Hangup,
    Hold,
    Leg,
    LegState,
    Park,
    Record,
    Resume,
    SendDtmf,
    Transfer,
    clean,
)

RECORDING_TONE = "RECORDER_RECORDINGTONE"
"""Instead of a sound's address: the beep of a recording (DOCUMENTED in 2020 only)."""

_CALL_OVER = "the call has already ended"
_LEG_OVER = "the leg has already ended"
_SOMETHING_GONE = "the call has already ended, or there is no such phone on it or to reach"
_NO_PHONE = "there is no such phone or number"
_SET_EXTENSION = 'name it, or set extension = "…" for this site in the config'

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
_DTMF = re.compile(r"[0-9A-D*#]{1,64}")
_SOUND = re.compile(r"https?://[!-~]{1,2000}", re.I)
_UP = frozenset({LegState.TALKING, LegState.HELD})
_WAITING = frozenset({LegState.SETUP, LegState.RINGING})


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that carries an action out. ``gone`` is what the API's own 404 means here."""

    method: str
    path: str
    body: Mapping[str, object] | None
    gone: str


class Actions:
    """Makes the requests of one site; ``path`` is that of its calls."""

    def __init__(self, settings: VonageSettings, path: str, book: CallBook) -> None:
        self._own = settings.extension.strip()
        self._dial_type = settings.dial_type
        self._service = settings.recording
        self._path = path
        self._book = book

    def asked(self, action: Action) -> Asked:
        """The request for an action. Raises :class:`BackendError` where there can be none."""
        match action:
            case Dial():
                return self._dial(action)
            case Hangup(leg=""):
                return Asked("DELETE", self._call(action.call), None, _CALL_OVER)
            case Hangup():
                return Asked("DELETE", self._leg(action.call, action.leg), None, _LEG_OVER)
            case Answer():
                return self._answer(action)
            case Park():
                by = self._by(action.call, action.leg, "parks")
                return self._put_call(action.call, {"state": "parked", "from": by})
            case CompleteTransfer():
                call, second = self._asking(action)
                handle = self._book.leg_handle(call, second) or second
                target = {"destination": handle, "type": "leg"}
                return self._put_leg(action.call, action.leg, {"state": "active", "to": target})
            case CancelTransfer():
                return Asked("DELETE", self._leg(*self._asking(action)), None, _LEG_OVER)
            case Transfer(attended=True):
                target = {"destination": self._second_leg(action), "type": "leg"}
                return self._put_leg(action.call, action.leg, {"state": "active", "to": target})
            case Transfer(leg=""):
                to = contact(action.to, TALK_TO)
                by = self._by(action.call, "", "transfers")
                return self._put_call(action.call, {"from": by, "to": to})
            case Transfer():
                to = contact(action.to, TALK_TO)
                return self._put_leg(action.call, action.leg, {"state": "active", "to": to})
            case Hold():
                return self._put_leg(action.call, action.leg, {"state": "held"})
            case Resume():
                return self._put_leg(action.call, action.leg, {"state": "active"})
            case SendDtmf():
                body = {"dtmf": _digits(action.digits)}
                return self._put_leg(action.call, action.leg, body)
            case Record():
                word = "start" if action.on else "stop"
                body = {"recording": word, "service": self._service}
                return self._put_leg(action.call, action.leg, body)
            case _:
                raise BackendError(f"pbxtui cannot do “{action.verb}” with Vonage")

    def play(self, call: str, leg: str, sound: str) -> Asked:
        """Play a sound (a web address of a WAV file) to a leg."""
        if sound != RECORDING_TONE and not _SOUND.fullmatch(sound):
            raise BackendError(
                f"“{clean(sound, 60)}” is no address of a sound",
                "Vonage fetches it from the web: https://…",
            )
        return self._put_leg(call, leg, {"stream": True, "stream_url": sound})

    def stop(self, call: str, leg: str) -> Asked:
        """Stop the sound that is played to a leg."""
        return self._put_leg(call, leg, {"stream": False})

    # --- paths -------------------------------------------------------------------------------

    def _call(self, call: str) -> str:
        return f"{self._path}/{path_piece(self._book.call_handle(call))}"

    def _leg(self, call: str, leg: str) -> str:
        handle = self._book.leg_handle(call, leg)
        if handle is None:
            raise BackendError(
                "Vonage gave this leg no id, so that nothing can be asked of it",
                "act on the whole call",
            )
        return f"{self._call(call)}/legs/{path_piece(handle)}"

    def _put_call(self, call: str, body: Mapping[str, object]) -> Asked:
        return Asked("PUT", self._call(call), body, _SOMETHING_GONE)

    def _put_leg(self, call: str, leg: str, body: Mapping[str, object]) -> Asked:
        if not leg:
            raise BackendError(
                "Vonage does this to one leg of a call, and says nowhere to which", "choose the leg"
            )
        gone = _SOMETHING_GONE if "to" in body else _LEG_OVER
        return Asked("PUT", self._leg(call, leg), body, gone)

    # --- what people do not say --------------------------------------------------------------

    def _dial(self, action: Dial) -> Asked:
        source = contact(action.from_ or self._own, DIAL_FROM, _SET_EXTENSION)
        body: dict[str, object] = {"from": source, "to": contact(action.to, DIAL_TO)}
        if self._dial_type:
            body["type"] = self._dial_type
        return Asked("POST", self._path, body, _NO_PHONE)

    def _answer(self, action: Answer) -> Asked:
        """At the operator's phone; without any, the leg itself is told to answer.

        Vonage wants the phone's own id (DOCUMENTED), which is known where it rings for the call.
        """
        phone = action.extension.strip() or self._own
        if not phone:
            if not action.leg:
                raise BackendError("it is not said which phone answers", _SET_EXTENSION)
            return self._put_leg(action.call, action.leg, {"state": "active"})
        call = self._book.call(action.call)
        ringing = [
            leg
            for leg in (call.legs if call is not None else ())
            if leg.state in _WAITING and leg.device and leg.extension == phone
        ]
        chosen = [leg for leg in ringing if leg.id == action.leg] or ringing
        if len(chosen) == 1:
            to = {"destination": chosen[0].device, "type": DEVICE}
        else:
            to = contact(phone, TALK_TO)
        return self._put_call(action.call, {"state": "active", "to": to})

    def _by(self, id: str, leg: str, does: str) -> Contact:
        """The phone of the house that transfers or parks.

        It is that of the chosen leg, else the operator's, else the only one on the call. That
        ``from`` means this phone is INFERRED from Vonage's example, which has an extension there.
        """
        call = self._book.call(id)
        if call is None:
            if self._own:
                return contact(self._own, TALK_TO)
            raise NotFound(
                f"it is not known which phone {does}: the call is not in the last reading",
                "look again",
            )
        chosen = next((phone_of(each) for each in call.legs if each.id == leg), "")
        phones = phones_on(call.legs)
        phone = chosen or (self._own if self._own in phones else "")
        if not phone:
            if len(phones) != 1:
                found = clean(" and ".join(phones), 80) or "no phone of the house"
                raise BackendError(
                    f"{found} on this call: it is not clear which phone {does}",
                    'choose its leg, or set extension = "…" for this site in the config',
                )
            phone = phones[0]
        return contact(phone, TALK_TO)

    def _asking(self, action: CompleteTransfer | CancelTransfer) -> tuple[str, str]:
        """The second call of the phone that transfers, and its leg there."""
        for call in self._book.calls():
            if call.id != action.call and any(leg.id == action.second for leg in call.legs):
                return call.id, action.second
        raise NotFound(
            "the call on which the phone asks is not in Vonage's list any more", "look again"
        )

    def _second_leg(self, action: Transfer) -> str:
        """The leg that an attended transfer joins with: of another call at the same phone.

        ``to`` may be that leg's id, or a number on that call.
        """
        wanted = action.to.strip()
        calls = list(self._book.calls())
        for call in calls:
            if any(leg.id == wanted and leg.channel for leg in call.legs):
                return self._book.leg_handle(call.id, wanted) or wanted
        if _UUID.fullmatch(wanted):
            return wanted
        mine = next((c for c in calls if c.id == action.call), None)
        legs = mine.legs if mine is not None else ()
        phone = next((phone_of(leg) for leg in legs if leg.id == action.leg), "")
        found = [
            (call, leg)
            for call in calls
            if phone and call is not mine
            for leg in call.legs
            if leg.state in _UP and leg.channel and phone_of(leg) == phone
        ]
        found = [(call, leg) for call, leg in found if _is_on(call, leg, wanted)]
        if len(found) == 1:
            call, leg = found[0]
            return self._book.leg_handle(call.id, leg.id) or leg.id
        many = f"{len(found)} calls" if found else "no other call"
        raise BackendError(
            f"Vonage joins two calls of one phone, and {many} of {phone or 'this leg'} with "
            f"“{clean(wanted, 40)}” can be seen",
            "dial from the same phone first, and name the number or the leg",
        )


def _is_on(call: Call, own: Leg, number: str) -> bool:
    """Whether a number is on a call beside one's own leg."""
    ends = [call.from_, call.to, own.from_, own.to]
    ends += [end for leg in call.legs for end in (leg.from_, leg.to)]
    return any(same_number(end.number, number) for end in ends)


def _digits(text: str) -> str:
    digits = re.sub(r"\s", "", text).upper()
    if not _DTMF.fullmatch(digits):
        raise BackendError(
            f"“{clean(text, 60)}” cannot be sent as tones", "0 to 9, *, # and A to D, 64 at most"
        )
    return digits
