"""The rules that hold for every backend, whatever stands behind it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import fields, is_dataclass

from pbxtui.backends.base import Backend
from pbxtui.model import KINDS_OF, Call, Device, Kind, Leg, Topic, Verb
from pbxtui.service import Site


def opened(site: Site) -> Backend:
    """The backend of a site that was read."""
    assert site.backend is not None
    return site.backend


def each_kind_is_read_or_has_a_reason(site: Site) -> None:
    backend = opened(site)
    for topic in Topic:
        for kind in KINDS_OF[topic]:
            if topic in backend.topics and kind not in backend.missing:
                assert site.health[topic].read_at is not None
            else:
                reason = backend.missing[kind]
                assert reason.endswith(".")
                assert len(reason) > 10
                assert not site.snapshot.of(kind)


def each_call_can_be_told_apart_and_acted_on(site: Site) -> None:
    calls = [call for call in site.snapshot.calls.values() if not call.over]
    assert calls
    for call in calls:
        assert call.legs
        assert call.site == site.name
        assert len({leg.id for leg in call.legs}) == len(call.legs)
        for leg in call.legs:
            assert leg.channel, "a leg that cannot be acted on"


def each_verb_is_possible_or_has_a_reason(site: Site) -> None:
    for verb in Verb:
        capability = opened(site).capabilities[verb]
        assert capability.possible or len(capability.why) > 10, verb


def each_field_has_an_origin(site: Site) -> None:
    origins = opened(site).origins
    for kind, known in ((Kind.CALLS, Call), (Kind.DEVICES, Device)):
        for field in fields(known):
            if field.name != "site":
                assert field.name.rstrip("_") in origins[kind], (kind, field.name)
    for field in fields(Leg):
        assert f"legs.{field.name.rstrip('_')}" in origins[Kind.CALLS], field.name


def each_row_can_be_seen_as_it_was_sent(site: Site, secrets: Iterable[str]) -> None:
    backend = opened(site)
    for kind in Kind:
        for id_ in site.snapshot.of(kind):
            raw = backend.raw(kind, id_)
            assert raw, (kind, id_)
            for secret in secrets:
                assert secret not in raw
    assert backend.raw(Kind.CALLS, "no such call") == ""


def texts(site: Site) -> list[str]:
    """Every text of the snapshot."""
    found: list[str] = []

    def gather(value: object) -> None:
        if type(value) is str:
            found.append(value)
        elif isinstance(value, tuple):
            for item in value:
                gather(item)
        elif is_dataclass(value):
            for field in fields(value):
                gather(getattr(value, field.name))

    for kind in Kind:
        for thing in site.snapshot.of(kind).values():
            gather(thing)
    return found


def nothing_uncleaned_reached_the_model(site: Site) -> None:
    for text in texts(site):
        assert len(text) <= 200
        bad = [c for c in text if unicodedata.category(c)[0] == "C" and c not in "\u200c\u200d"]
        assert not bad, (text, bad)
