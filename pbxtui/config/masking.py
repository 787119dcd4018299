"""The config as it can be shown to others: what is or may be a secret is masked.

Works line by line and shows only what it understands, so that a broken file gives nothing away:
the value of a key that no settings class knows as open, and every line that is not plain TOML, is
masked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from pbxtui.backends import registry
from pbxtui.backends.settings import SiteSettings
from pbxtui.config import file
from pbxtui.config.file import Contents
from pbxtui.config.mistakes import MASK, ConfigError
from pbxtui.config.said import Patience
from pbxtui.config.secrets import SOURCES
from pbxtui.config.sites import GENERAL_KEYS, secret_keys
from pbxtui.model import Topic, clean, clean_block

# Possessive throughout: a line is read once from left to right, however it is made.
_STRING = r'(?:"(?:\\.|[^"\\])*+"|' r"'[^']*+')"
_SCALAR = rf"(?:{_STRING}|[-+\w.:]++)"
_COMMENT = r"\s*+(?:\#.*)?"
_PART = rf"(?:[\w-]++|{_STRING})"
_KEY = rf"{_PART}(?:\s*+\.\s*+{_PART})*+"
_ITEMS = rf"(?:{_SCALAR}[\s,]*+)*+"
_NAMELESS_PAIR = rf"{_KEY}\s*+=\s*+{_SCALAR}"

_HEADER = re.compile(rf"\s*+\[\[?\s*+(?P<name>{_KEY})\s*+\]\]?{_COMMENT}")
_ASSIGNMENT = re.compile(rf"(?P<before>\s*+)(?P<key>{_KEY})(?P<equals>\s*+=\s*+)(?P<value>.*)")
_COMMENTED = re.compile(rf"(?P<sign>\s*+\#[\s\#]*+)(?P<rest>{_KEY}\s*+=.*)")
_ONE = re.compile(rf"{_SCALAR}{_COMMENT}")
_LIST = re.compile(rf"\[\s*+{_ITEMS}(?P<end>\]?){_COMMENT}")
_MORE_OF_LIST = re.compile(rf"\s*+{_ITEMS}(?P<end>\]?){_COMMENT}")
_TABLE = re.compile(rf"\{{(?P<inside>\s*+(?:{_NAMELESS_PAIR}[\s,]*+)*+)\}}(?P<tail>{_COMMENT})")
_PAIR = re.compile(rf"(?P<key>{_KEY})(?P<equals>\s*+=\s*+)(?P<value>{_SCALAR})")
_WORD = re.compile(r"[^\s\"']+")
_TRIPLE = re.compile(r'"""|' r"'''")
_USERINFO = re.compile(r"(://)[^/\s@\"']+@")
_QUERY = re.compile(r"(?i)([?&][\w-]*(?:key|token|secret|pass|auth)[\w-]*=)[^&\"'#\s]+")
_SMELLS = re.compile(r"(?i)token|secret|pass|pwd|key|auth|credential")
_SHORTEST = 4
_LONGEST_KEY = 24


def masked(path: Path | None = None) -> str:
    """The path of the config, as a comment, and what the file says, with its secrets masked.

    Raises ``ConfigError`` when there is no file or it cannot be read.
    """
    contents = file.find(path, strict=False)
    secret, known = _keys()
    text = "\n".join(_Masker(known).lines(contents.text))
    for value in sorted(_written_out(contents, secret, known), key=len, reverse=True):
        text = text.replace(value, MASK)
    where = clean(str(contents.path.absolute()), 1000)
    return f"# {where}\n{clean_block(text, 2 * file.MAX_BYTES)}\n"


def _keys() -> tuple[frozenset[str], frozenset[str]]:
    """The keys that hold secrets in some kind of site, and those that hold none in any."""
    secret: set[str] = set()
    known = {*GENERAL_KEYS, *(topic.value for topic in Topic), *Patience._fields} - {"keys"}
    for settings in _settings():
        secret |= secret_keys(settings)
        known |= {field.alias or name for name, field in settings.model_fields.items()}
    return frozenset(secret), frozenset(known - secret)


def _settings() -> Iterator[type[SiteSettings]]:
    yield SiteSettings
    for kind in registry.kinds():
        try:
            yield registry.plugin(kind).settings
        except Exception:  # a broken plug-in of somebody else: its keys stay masked
            continue


def _written_out(
    contents: Contents, secret: frozenset[str], known: frozenset[str]
) -> Iterator[str]:
    """The secrets that the file holds as text, line by line, wherever else they stand.

    A key that no settings class knows holds one where its name says so.
    """

    def hides(key: str, whole: str) -> bool:
        return key in secret or (whole not in known and _SMELLS.search(whole) is not None)

    try:
        table = file.parse(contents)
    except ConfigError:
        yield from _written_in_broken(contents.text, hides)
        return
    queue: list[tuple[str, object]] = list(table.items())
    while queue:
        key, value = queue.pop()
        if isinstance(value, Mapping):
            queue += [item for item in value.items() if item[0] not in SOURCES]
        elif isinstance(value, list):
            queue += [(key, item) for item in value]
        elif isinstance(value, str) and hides(key, key):
            yield from (line for line in value.splitlines() if len(line) >= _SHORTEST)


def _written_in_broken(text: str, hides: Callable[[str, str], bool]) -> Iterator[str]:
    for line in text.splitlines():
        setting = _ASSIGNMENT.fullmatch(line)
        if setting is None or _TABLE.fullmatch(setting["value"]):
            continue
        last = _last(setting["key"])
        if last not in SOURCES and hides(last, setting["key"].strip("\"'")):
            yield from (word for word in _WORD.findall(setting["value"]) if len(word) >= _SHORTEST)


class _Masker:
    """Masks a file from its first line to its last."""

    def __init__(self, known: frozenset[str]) -> None:
        self._known = known
        self._in_text = False
        self._in_list = False
        self._in_keys = False
        self._in_commented_keys = False

    def lines(self, text: str) -> Iterator[str]:
        for line in text.splitlines():
            yield self._line(line)

    def _line(self, line: str) -> str:
        delimiters = len(_TRIPLE.findall(line))
        if self._in_text or delimiters:
            before = _ASSIGNMENT.fullmatch(line) if not self._in_text else None
            self._in_text ^= delimiters % 2 == 1
            return f"{before['before']}{before['key']} = {MASK}" if before else MASK
        if self._in_list:
            more = _MORE_OF_LIST.fullmatch(line)
            self._in_list = more is not None and not more["end"]
            if more is not None:
                return line
        if not line.strip():
            return line
        header = _HEADER.fullmatch(line)
        if header is not None:
            self._in_keys = header["name"].strip("\"'") == "keys"
            return line
        if line.lstrip().startswith("#"):
            return self._comment(line)
        assignment = _ASSIGNMENT.fullmatch(line)
        if assignment is None:
            return MASK
        shown, self._in_list = self._value(assignment["key"], assignment["value"], self._in_keys)
        return assignment["before"] + assignment["key"] + assignment["equals"] + shown

    def _comment(self, line: str) -> str:
        header = _HEADER.fullmatch(line.lstrip("# \t"))
        if header is not None:
            self._in_commented_keys = header["name"].strip("\"'") == "keys"
        setting = _COMMENTED.fullmatch(line)
        if setting is None:
            return _without_passwords(line)
        assignment = _ASSIGNMENT.fullmatch(setting["rest"])
        if assignment is None:
            return MASK
        shown, _ = self._value(assignment["key"], assignment["value"], self._in_commented_keys)
        return setting["sign"] + assignment["key"] + assignment["equals"] + shown

    def _value(self, key: str, value: str, in_keys: bool) -> tuple[str, bool]:
        """What may be seen of a value, and whether it is a list that goes on in the next line."""
        table = _TABLE.fullmatch(value)
        if table is not None:
            tail = table["tail"] if _last(key) in self._known else ""
            return f"{{{self._pairs(key, table['inside'])}}}{tail}", False
        if _ONE.fullmatch(value):
            return self._scalar(key, value, in_keys), False
        items = _LIST.fullmatch(value)
        if items is not None and _last(key) in self._known:
            return _without_passwords(value), not items["end"]
        return MASK, False

    def _pairs(self, key: str, inside: str) -> str:
        """``{ env = "NAME" }`` is seen under any key, other pairs under a known key only."""
        last = _last(key)

        def pair(match: re.Match[str]) -> str:
            shown = MASK
            if last in self._known or last == "keys" or match["key"] in SOURCES:
                shown = self._scalar(match["key"], match["value"], last == "keys")
            return match["key"] + match["equals"] + shown

        return _PAIR.sub(pair, inside)

    def _scalar(self, key: str, value: str, in_keys: bool) -> str:
        """What may be seen of one value and the comment after it."""
        last = _last(key)
        if last == "command":
            words = value.strip("\"'").split()
            return f'"{words[0]} {MASK}"' if words else value
        if last in SOURCES or last in self._known:
            return _without_passwords(value)
        if in_keys and len(value) <= _LONGEST_KEY and not _SMELLS.search(key):
            return value
        return MASK


def _last(key: str) -> str:
    """The last part of a dotted key, without its quotes."""
    return re.split(r"\s*\.\s*", key)[-1].strip("\"'")


def _without_passwords(value: str) -> str:
    return _QUERY.sub(rf"\1{MASK}", _USERINFO.sub(rf"\1{MASK}@", value))
