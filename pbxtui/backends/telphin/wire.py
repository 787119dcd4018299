"""Telphin's wire as it comes. Any field may be missing or null, numbers may come as texts.

Which field names and shapes are CAPTURED and which DOCUMENTED is said at each type. Fields that
are not named here are ignored. ``object`` stands where the documentation and the captures do not
agree on a type.
"""

from __future__ import annotations

import sys
from typing import Annotated, Required

from pydantic import ConfigDict, Field, TypeAdapter, with_config

from pbxtui.backends.decoding import Listing

if sys.version_info >= (3, 12):
    from typing import TypedDict
else:
    from typing_extensions import TypedDict

_LOOSE = ConfigDict(coerce_numbers_to_str=True)

Text = str | None
Id = Annotated[str, Field(min_length=1)]
Number = Annotated[int, Field(ge=0, lt=10**15)]


@with_config(_LOOSE)
class WireRow(TypedDict, total=False):
    """One phone's leg of a call (CAPTURED; ``real_call`` DOCUMENTED, ``call_id`` INFERRED).

    An extension object is a dict; what stands for a side that is outside is UNKNOWN.
    """

    extension_id: Required[Number]
    call_api_id: Required[Id]
    call_flow: Text
    init_time_gmt: Text
    answer_time_gmt: Text
    caller_id_number: Text
    caller_id_name: Text
    called_number: Text
    called_did: Text
    callback_id: Text
    call_id: Text
    real_call: object
    caller_extension: object
    called_extension: object


class WireCalls(TypedDict, total=False):
    """The active calls, always in an object (CAPTURED)."""

    call_list: Required[list[WireRow]]


@with_config(_LOOSE)
class WireExtension(TypedDict, total=False):
    """An extension: a phone, a queue, an IVR (DOCUMENTED; a bare list is CAPTURED)."""

    id: Required[Number]
    name: Text
    type: Text
    status: Text
    label: Text
    caller_id_name: Text


class WireExtensions(TypedDict, total=False):
    extensions: Required[list[WireExtension]]


@with_config(_LOOSE)
class WireRegistration(TypedDict, total=False):
    """One extension's registrations, the last expired ones among them (DOCUMENTED)."""

    extension_id: Number | None
    registered: bool | None
    registrations: list[object] | None


@with_config(_LOOSE)
class WireQueue(TypedDict, total=False):
    """A queue's configuration (DOCUMENTED)."""

    strategy: Text


@with_config(_LOOSE)
class WireAgent(TypedDict, total=False):
    """An agent (DOCUMENTED). What ``status`` is in an answer is UNKNOWN: a text or an object."""

    id: Required[Number]
    name: Text
    status: object
    extension_id: Number | None
    number: Text


class WireAgents(TypedDict, total=False):
    agents: Required[list[WireAgent]]


@with_config(_LOOSE)
class WireToken(TypedDict, total=False):
    """A token with its length of life in seconds (DOCUMENTED)."""

    access_token: Required[Id]
    expires_in: Text


@with_config(_LOOSE)
class WireCallback(TypedDict, total=False):
    """What a callback answers (CAPTURED)."""

    call_id: Text
    call_api_id: Text


CALLS = Listing("call_list", WireRow, WireCalls)
EXTENSIONS = Listing("extensions", WireExtension, WireExtensions)
AGENTS = Listing("agents", WireAgent, WireAgents)
EXTENSION = TypeAdapter(WireExtension)
QUEUE = TypeAdapter(WireQueue)
REGISTRATION = TypeAdapter(WireRegistration)
TOKEN = TypeAdapter(WireToken)
CALLBACK = TypeAdapter(WireCallback)
