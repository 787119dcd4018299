"""Whatever stands in a config file: a config, or one message."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pbxtui.config import ConfigError, load, masked, problems

pytestmark = pytest.mark.usefixtures("acme")
relaxed = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=60,
)

KEYS = [
    *("name", "kind", "host", "port", "ratio", "nodes", "flavour", "secret", "spare", "poll"),
    *("read_only", "timeout", "extension", "calls", "devices", "env", "file", "keyring"),
    *("profile", "theme", "ascii", "mouse", "keys", "site", "access_token", "account"),
]
words = st.one_of(
    st.sampled_from(["acme", "vonage", "broken", "hq", "noc", "", "NO_SUCH_VARIABLE", "a/b"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
keys = st.one_of(st.sampled_from(KEYS), words)
scalars = st.one_of(
    words,
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.times(),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=8,
)
tables = st.dictionaries(keys, values, max_size=6)
sites = st.builds(
    lambda kind, rest: {"name": "hq", "kind": kind, **rest},
    st.sampled_from(["acme", "vonage"]),
    tables,
)
configs = st.builds(
    lambda rest, listed: {**rest, "site": listed}, tables, st.lists(sites, max_size=3)
)


def toml(value: object) -> str:
    """A value as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{toml(str(k))} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    if isinstance(value, int | float):
        return repr(value)
    return str(getattr(value, "isoformat")())  # noqa: B009


def told(path: Path) -> str:
    """All that is ever said of a file: masked, its problems, and its config or the message."""
    try:
        loaded = repr(load(path))
    except ConfigError as error:
        loaded = str(error)
    return "\n".join([masked(path), problems(path), loaded])


def told_of(content: bytes) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "config.toml")
        path.write_bytes(content)
        path.chmod(0o600)
        return told(path)


@relaxed
@given(configs | tables)
@example({"site": [{"name": "hq", "kind": "acme", "host": "x", "secret": {"file": "\x1b"}}]})
def test_any_toml_is_a_config_or_a_message(config: Mapping[str, object]) -> None:
    lines = [f"{toml(key)} = {toml(value)}" for key, value in config.items()]
    assert "\x1b" not in told_of("\n".join(lines).encode())


@relaxed
@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode(errors="replace"))
)
def test_any_bytes_are_a_config_or_a_message(content: bytes) -> None:
    assert "\x1b" not in told_of(content)


GOOD = b'[[site]]\nname = "hq"\nkind = "acme"\nhost = "pbx"\nsecret = "zzs3cr3tzz"\n'


@relaxed
@given(st.integers(0, len(GOOD)), st.integers(0, 12), st.binary(max_size=6))
def test_a_slip_in_a_good_config_never_tells_the_secret(at: int, gone: int, put: bytes) -> None:
    content = GOOD[:at] + put + GOOD[at + gone :]
    if b"secret = " in content and b"zzs3cr3tzz" in content:
        assert "zzs3cr3tzz" not in told_of(content)
