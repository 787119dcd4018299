"""What each wire offers, operation by operation, and what this program does with it."""

from __future__ import annotations

from dataclasses import dataclass

from pbxtui.model import Topic, Verb


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a PBX's wire.

    Read by itself for some topics, sent for some verbs, or asked for by a method of the backend;
    where none of these, ``why`` says why it is not used.
    """

    wire: str
    topics: tuple[Topic, ...] = ()
    verbs: tuple[Verb, ...] = ()
    method: str = ""
    why: str = ""


def read(wire: str, *topics: Topic) -> Operation:
    """An operation that the poll loop uses."""
    return Operation(wire, topics=topics)


def act(wire: str, *verbs: Verb) -> Operation:
    """An operation that an action sends."""
    return Operation(wire, verbs=verbs)


def ask(wire: str, method: str) -> Operation:
    """An operation that a method of the backend asks for."""
    return Operation(wire, method=method)


def unused(wire: str, why: str) -> Operation:
    """An operation that is left alone, and why."""
    return Operation(wire, why=why)
