"""Numbers and phones as Vonage names them: a destination and what kind it is.

Of what kind a number is must be said in a request (DOCUMENTED), and people do not say it. So it
is inferred from its look: ``VH`` and digits is a phone's own id, ``*`` or ``#`` begins a feature
code, up to six digits are an extension, more or a ``+`` somebody outside. Where that is wrong
(a short number of the public network, say), the kind can be written in front: ``pstn:911``.

Outside numbers go as they are given, with or without their ``+``: which of the two Vonage wants
is UNKNOWN, its examples have none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pbxtui.backends.base import BackendError
from pbxtui.model import Leg, LegState, clean

Contact = dict[str, str]
"""``destination`` and ``type``, as both stand on the wire."""

DEVICE, EXTENSION, PSTN, FEATURE_CODE = "device", "extension", "pstn", "feature_code"
DIAL_FROM = (DEVICE, EXTENSION, FEATURE_CODE)
DIAL_TO = (DEVICE, EXTENSION, PSTN, FEATURE_CODE)
TALK_TO = (DEVICE, EXTENSION, PSTN)
"""What may stand in a PUT: no feature code (DOCUMENTED)."""

_KINDS = {
    DEVICE: "a phone (VH…)",
    EXTENSION: "an extension",
    PSTN: "an outside number",
    FEATURE_CODE: "a feature code",
}
_PHONE = re.compile(r"VH[0-9]{1,20}", re.I)
_SHORT = re.compile(r"[0-9]{1,6}")
_LOOKS = (
    (DEVICE, _PHONE),
    (FEATURE_CODE, re.compile(r"[*#][0-9*#]{1,30}")),
    (EXTENSION, _SHORT),
    (PSTN, re.compile(r"\+?[0-9]{3,30}")),
)
_GIVEN = re.compile(r"[+*#0-9A-Za-z_.-]{1,64}")
_FILLING = re.compile(r"[\s()/.\-]")
_DIGITS_OR_LESS = re.compile(r"\+?[0-9]*")


def contact(text: str, kinds: Iterable[str], missing: str = "say which number") -> Contact:
    """A number, an extension or a phone's id as a contact of one of ``kinds``.

    The spaces and signs that people write in numbers are left out. Raises
    :class:`BackendError` for what is no number, or of a kind that cannot stand there;
    ``missing`` says what to do where there is nothing.
    """
    text = text.strip()
    kind, colon, given = text.partition(":")
    if colon and kind in _KINDS:
        number = given.strip()
        kind = kind if _GIVEN.fullmatch(number) else ""
    else:
        number = _FILLING.sub("", text)
        kind = next((kind for kind, look in _LOOKS if look.fullmatch(number)), "")
    if not number:
        raise BackendError("no number was given", missing)
    if not kind:
        raise BackendError(
            f"“{clean(text, 60)}” is no number that can be dialled",
            "digits, with + in front for another country, or the id of a phone (VH…)",
        )
    kinds = tuple(kinds)
    if kind not in kinds:
        raise BackendError(
            f"“{clean(text, 60)}” is {_KINDS[kind]}, which Vonage does not take here",
            f"it takes {', '.join(_KINDS[allowed] for allowed in kinds)}",
        )
    return {"destination": number, "type": kind}


def phones_of(leg: Leg) -> list[str]:
    """The extension of a leg, or the id of its phone; nothing for somebody outside.

    The documented shape names no phones, and what its directions mean is UNKNOWN. There each short
    number of a leg's two ends may be its phone: two of them on a call between two desks.
    """
    if leg.extension:
        return [leg.extension]
    if leg.device:
        return [leg.device] if _PHONE.fullmatch(leg.device) else []
    ends = (leg.from_.number, leg.to.number)
    return list(dict.fromkeys(end for end in ends if _SHORT.fullmatch(end)))


def phone_of(leg: Leg) -> str:
    """The extension of a leg, or the id of its phone; empty where there is none, or two may be."""
    phones = phones_of(leg)
    return phones[0] if len(phones) == 1 else ""


def phones_on(legs: Iterable[Leg]) -> list[str]:
    """The phones of the house on the legs that are not over, each once."""
    live = (leg for leg in legs if leg.state is not LegState.ENDED)
    return list(dict.fromkeys(phone for leg in live for phone in phones_of(leg)))


def same_number(one: str, other: str) -> bool:
    """Whether two numbers are the same but for how they are written."""
    plain = [_FILLING.sub("", number) for number in (one, other)]
    if not all(number and _DIGITS_OR_LESS.fullmatch(number) for number in plain):
        return plain[0] == plain[1] != ""
    return plain[0].lstrip("+") == plain[1].lstrip("+") != ""
