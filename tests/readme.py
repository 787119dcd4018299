"""The parts of the README that are generated: ``python -m tests.readme`` writes them anew."""

from __future__ import annotations

import re
from pathlib import Path

from pbxtui.backends import registry
from pbxtui.backends.operations import Operation
from pbxtui.model import Kind, Verb
from pbxtui.ui.actions import ACTS, Group, sign
from tests.backends.makes import opened, operations

README = Path(__file__).resolve().parent.parent / "README.md"


def keys() -> str:
    """The table of keys, from the one table of actions."""
    lines = ["| key | does | name in `[keys]` |", "|---|---|---|"]
    for group in Group:
        for act in ACTS:
            if act.group is group:
                shown = " ".join(f"`{sign(key)}`" for key in act.keys)
                lines.append(f"| {shown} | {act.help} | `{act.id}` |")
    return "\n".join(lines)


def offered() -> str:
    """What each make shows and can do; where not, the reason."""
    backends = {kind: opened(kind) for kind in registry.kinds()}
    lines = [f"| | {' | '.join(backends)} |", f"|---|{'---|' * len(backends)}"]
    for kind in Kind:
        cells = [
            f"no: {b.missing[kind]}" if kind in b.missing else "read" for b in backends.values()
        ]
        lines.append(f"| {kind.value} | {' | '.join(cells)} |")
    for verb in Verb:
        cells = []
        for backend in backends.values():
            capability = backend.capabilities[verb]
            nearest = f" (nearest: {capability.nearest})" if capability.nearest else ""
            cells.append("acts" if capability.possible else f"no: {capability.why}{nearest}")
        lines.append(f"| {verb.value} | {' | '.join(cells)} |")
    return "\n".join(lines)


def wires() -> str:
    """Every operation of each wire, and what is done with it."""
    lines = ["| system | operation | used |", "|---|---|---|"]
    for kind in registry.kinds():
        lines += [f"| {kind} | {one.wire} | {_used(one)} |" for one in operations(kind)]
    return "\n".join(lines)


def _used(one: Operation) -> str:
    if one.topics:
        return f"read: {', '.join(topic.value for topic in one.topics)}"
    if one.verbs:
        return f"acts: {', '.join(verb.value for verb in one.verbs)}"
    return f"asked for: `{one.method}`" if one.method else f"not used: {one.why}"


PARTS = {"keys": keys, "offered": offered, "wires": wires}


def written(text: str) -> str:
    """The README with its generated parts as they should be."""
    for name, part in PARTS.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)", re.DOTALL)
        found = pattern.search(text)
        if found is None:
            raise ValueError(f"the README has no place for {name}")
        text = f"{text[: found.start()]}{found[1]}{part()}{found[2]}{text[found.end() :]}"
    return text


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
