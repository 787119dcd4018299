"""One sentence, what it is about, and the texts by which it is filtered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pbxtui.model import Kind, Thing, clean

LONGEST = 1000
"""Characters of a sentence; every text from outside in it is capped long before."""

HEALTH = "health"
ABOUT = (*(kind.value for kind in Kind), HEALTH)
"""What sentences are about: the kinds of things, and how well the sites are read."""
FIELDS = frozenset({"site", "kind", "state", "from", "to", "queue", "ext", "dir", "name"})
"""The names by which :attr:`Said.texts` can be asked for."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence without its end. ``at`` is epoch seconds on our own clock."""

    at: float
    site: str
    about: str
    words: str
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The words on one line, without control characters, ended like a sentence."""
        words = clean(self.words, LONGEST).rstrip(".;: ")
        return words if words.endswith(("?", "!")) else f"{words}."


def said(at: float, site: str, about: str, words: str, thing: Thing | None = None) -> Said:
    """A sentence about a thing, with the thing's texts to filter by."""
    texts = {"site": site, "kind": about, "words": words}
    if thing is not None:
        texts |= _texts(thing)
    return Said(at, site, about, words, {name: text.lower() for name, text in texts.items()})


def _texts(thing: Thing) -> dict[str, str]:
    """What a thing is filtered by, under the names that the screens use."""
    texts: dict[str, str] = {}
    state = getattr(thing, "state", None)
    if state is not None:
        texts["state"] = "hold held" if state in ("held", "on_hold") else str(state)
    for name, end in (("from", "from_"), ("to", "to")):
        party = getattr(thing, end, None)
        if party is not None:
            texts[name] = f"{party.number} {party.name}"
    for name, attribute in (("ext", "extension"), ("name", "name"), ("dir", "direction")):
        text = getattr(thing, attribute, None)
        if text is not None:
            texts[name] = str(text)
    legs = getattr(thing, "legs", ())
    if legs:
        texts["ext"] = " ".join(leg.extension for leg in legs)
    queue = getattr(thing, "queue", None)
    if queue is not None:
        texts["queue"] = queue
    return texts
