"""Actions of the model as requests to Telphin. Each is sent once, whatever comes back.

In a transfer ``send_dst`` is the target; in pickup, eavesdrop, whisper and conference it is the
phone of whoever takes over or listens (DOCUMENTED). Hold, offhold and park want one too, and it is
UNKNOWN whether it may be left out: they get the phone's own number, which does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace

from pbxtui.backends.base import BackendError, NotFound
from pbxtui.backends.decoding import decode
from pbxtui.backends.http import path_piece
from pbxtui.backends.telphin.api import Api
from pbxtui.backends.telphin.calls import CallBook
from pbxtui.backends.telphin.devices import Registration, registrations_of
from pbxtui.backends.telphin.directory import Directory, short
from pbxtui.backends.telphin.facts import CAPABILITIES
from pbxtui.backends.telphin.inquiries import agent_path
from pbxtui.backends.telphin.wire import CALLBACK, REGISTRATION
from pbxtui.model import (
    Action,
    Answer,
    Answered,
    Dial,
    Direction,
    Hangup,
    Hold,
    Leg,
    LegState,
    Listening,
    LogAgent,
    Monitor,
    OnDevice,
    Outcome,
    Park,
    Resume,
    Transfer,
    clean,
)

GONE = "the call has already ended"

_HEARING = {
    Listening.LISTEN: "eavesdrop",
    Listening.WHISPER: "whisper",
    Listening.BARGE: "conference",
}
_NUMBER = re.compile(r"\+?[0-9*#]{1,40}")
_HANDLE = re.compile(r"([0-9]{1,15})/(.+)", re.S)
_OnLeg = Hold | Resume | Hangup | Transfer | Park | Answer | Monitor


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackOptions:
    """What else a callback can be told (DOCUMENTED); None leaves Telphin's default.

    ``call_duration`` is in seconds at most. ``src_ani`` and ``dst_ani`` are numbers of the
    client's own, and ignored otherwise. ``dst_dtmf`` is sent when the destination answers; ``w``
    in it waits for half a second and ``W`` for a whole one.
    """

    caller_id_number: str | None = None
    caller_id_name: str | None = None
    src_ani: str | None = None
    dst_ani: str | None = None
    src_caller_id_name: str | None = None
    call_duration: int | None = None
    allow_public_transfer: bool | None = None
    announce_sound_id: int | None = None
    dst_announce_sound_id: int | None = None
    dst_dtmf: str | None = None

    def body(self) -> dict[str, object]:
        """The fields that were given, by their names on the wire."""
        given = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in given if value is not None}


@dataclass(frozen=True, slots=True)
class _Target:
    """A row to act on: the pair of ids that goes into the path, and its leg's handle."""

    handle: str
    extension_id: int
    api_id: str

    @property
    def path(self) -> str:
        return f"/extension/{self.extension_id}/current_calls/{path_piece(self.api_id)}"


class Actions:
    """Carries actions out for one site. ``own`` is the operator's extension, maybe empty."""

    def __init__(self, api: Api, directory: Directory, book: CallBook, own: str) -> None:
        self._api = api
        self._directory = directory
        self._book = book
        self._own = short(own)

    async def act(self, action: Action) -> Outcome:
        """See :meth:`pbxtui.backends.base.Backend.act`."""
        capability = CAPABILITIES[action.verb]
        if not capability.possible:
            raise BackendError(capability.why, capability.nearest)
        try:
            return await self._send(action)
        except BackendError as error:
            error.sent = False  # at most something was read before: the action has not left
            raise

    async def _send(self, action: Action) -> Outcome:
        match action:
            case Hold() | Resume() | Hangup() | Transfer() | Park() | Answer() | Monitor():
                return await self._on_leg(action, self._target(action))
            case Dial():
                return await self._dial(action)
            case LogAgent():
                return await self._log(action)
            case OnDevice():
                return await self._unregister(action.device)
            case _:
                raise BackendError(f"pbxtui cannot do “{action.verb}” with Telphin")

    # --- calls -------------------------------------------------------------------------------

    async def _on_leg(self, action: _OnLeg, target: _Target) -> Outcome:
        if isinstance(action, Hangup):
            outcome, _ = await self._api.act("DELETE", target.path, gone=GONE)
            return outcome
        word, destination = self._asked(action, target)
        body = {"action": word, "send_dst": destination}
        outcome, _ = await self._api.act("PUT", target.path, body, gone=GONE)
        return outcome

    def _asked(self, action: _OnLeg, target: _Target) -> tuple[str, str]:
        """The action's word on the wire, and its ``send_dst``."""
        match action:
            case Transfer():
                word = "attended_transfer" if action.attended else "transfer"
                return word, number(action.to)
            case Answer():
                return "pickup", self._by(action.extension, target, "picks up")
            case Monitor():
                return _HEARING[action.how], self._by(action.extension, target, "listens")
            case Hold():
                return "hold", self._number_of(target)
            case Resume():
                return "offhold", self._number_of(target)
            case _:
                return "park", self._number_of(target)

    def _by(self, extension: str, target: _Target, does: str) -> str:
        """The phone of whoever takes over or listens: not one that is on the call already."""
        by = number(extension or self._own, f"say which phone {does}, or set extension")
        row = self._book.row(target.handle)
        if row is None or short(by) != self._number_of(target):
            return by
        if row.answered is None and row.phoning is False:
            raise BackendError(
                f"{by} is ringing already, and Telphin cannot make a phone answer",
                "answer at the phone",
            )
        raise BackendError(f"{by} is on this call already", "choose another phone")

    def _number_of(self, target: _Target) -> str:
        known = self._directory.get(target.extension_id)
        if known is not None and known.number:
            return known.number
        row = self._book.row(target.handle)
        if row is None:
            return ""
        return short(row.caller if row.phoning else row.called)

    def _target(self, action: _OnLeg) -> _Target:
        """The row that an action is for. Raises :class:`BackendError` when none can be told."""
        if action.leg:
            return self._row(action.leg)
        call = self._book.call(action.call)
        if call is None:
            raise NotFound(GONE, "look again: it is not in the last reading")
        legs = list(call.legs)
        for want in self._preferred(action):
            legs = [leg for leg in legs if want(leg)] or legs
        if len(legs) > 1 and not isinstance(action, Answer):
            raise BackendError(
                f"{len(legs)} phones are on this call and Telphin acts on one at a time",
                "choose the leg",
            )
        return self._row(legs[0].id)

    def _preferred(self, action: _OnLeg) -> tuple[Callable[[Leg], bool], ...]:
        """What to prefer of several legs, the first first.

        To hang up, the leg of whoever phoned ends a call of two; to ring fewer phones would be no
        end. For the rest it is the operator's own phone, then one that talks, then the called.
        """

        def up(leg: Leg) -> bool:
            return leg.state is not LegState.RINGING

        if isinstance(action, Hangup):
            return up, lambda leg: leg.direction is Direction.OUTBOUND
        return (
            lambda leg: leg.extension == self._own != "",
            lambda leg: up(leg) is not isinstance(action, Answer),
            lambda leg: leg.direction is Direction.INBOUND,
        )

    def _row(self, handle: str) -> _Target:
        row = self._book.row(handle)
        if row is not None:
            return _Target(row.handle, row.extension_id, row.api_id)
        found = _HANDLE.fullmatch(handle)
        if found is None:
            raise NotFound(f"“{clean(handle)}” is no leg of this site", "look again")
        return _Target(handle, int(found[1]), found[2])

    # --- dialling ----------------------------------------------------------------------------

    async def _dial(self, action: Dial) -> Outcome:
        source = number(action.from_ or self._own, "set extension in the config, or name a phone")
        phone = await self._directory.phone(source)
        if phone is None:
            raise NotFound(
                f"Telphin has no phone {source} to dial from", "check extension in the config"
            )
        return await self.callback(phone.id, (phone.number,), number(action.to))

    async def callback(
        self,
        extension_id: int,
        src_num: tuple[str, ...],
        dst_num: str,
        options: CallbackOptions | None = None,
    ) -> Outcome:
        """Ring all of ``src_num`` at once, and dial ``dst_num`` when the first answers.

        The outcome's ``created`` is the callback's id, under which the call is listed if
        ``callback_id`` is the same (UNKNOWN, likely).
        """
        body: dict[str, object] = {"src_num": list(src_num), "dst_num": dst_num}
        body |= (options or CallbackOptions()).body()
        path = f"/extension/{extension_id}/callback/"
        outcome, answer = await self._api.act("POST", path, body, gone="there is no such extension")
        if outcome.answered is not Answered.ACCEPTED:
            return outcome
        try:
            got = decode(self._api.http, answer, CALLBACK)
        except BackendError as error:
            return replace(outcome, answered=Answered.NOT_CONFIRMED, words=error.words)
        id = clean(got.get("call_id") or got.get("call_api_id") or "")
        if not id:
            words = f"{self._api.http.host} answered without the id of a call"
            return replace(outcome, answered=Answered.NOT_CONFIRMED, words=words)
        return replace(outcome, created=id)

    # --- agents and phones -------------------------------------------------------------------

    async def _log(self, action: LogAgent) -> Outcome:
        if action.queue:
            raise BackendError(
                "Telphin logs an agent in and out of all queues at once", "name no queue"
            )
        status = "available" if action.in_ else "logged_out"
        path = agent_path(self._api, action.agent)
        outcome, _ = await self._api.act(
            "PUT", path, {"status": status}, gone="there is no such agent any more"
        )
        return outcome

    async def _unregister(self, device: str) -> Outcome:
        """Delete a registration. Which one is read first; without any there is nothing to do."""
        id, _, which = device.partition("/")
        if not (id.isascii() and id.isdecimal() and len(id) < 16):
            raise BackendError(f"“{clean(device)}” is no phone of this site")
        row = await self._api.one(f"/extension/{int(id)}/registration/", REGISTRATION)
        found = registrations_of(row, self._api.now) if row.get("registered") else []
        one = _chosen(found, which)
        path = f"/extension/{int(id)}/registration/{path_piece(one.handle)}"
        outcome, _ = await self._api.act("DELETE", path, gone="there is no such registration")
        return outcome


def _chosen(found: list[Registration], which: str) -> Registration:
    """The registration of a device's id: the named one, else the first."""
    for one in found:
        if one.handle and which in ("", one.id):
            return one
    raise NotFound("the phone is not registered", "there is nothing to unregister")


def number(text: str, missing: str = "say which number") -> str:
    """A number to dial, without the spaces and signs that people write in it.

    Raises :class:`BackendError` for what is none; so nothing else gets into a request, such as the
    ``$cv(…)`` that Telphin replaces with its variables.
    """
    digits = re.sub(r"[\s().\-/]", "", text)
    if not digits:
        raise BackendError("no number was given", missing)
    if not _NUMBER.fullmatch(digits):
        raise BackendError(f"“{clean(text, 60)}” is no number that can be dialled", missing)
    return digits
