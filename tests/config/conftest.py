"""A config of one's own, and a make of PBX that somebody else has installed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

WriteConfig = Callable[..., Path]

ACME = '''
"""A PBX that is not of this project."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr

from pbxtui.backends.base import Plugin
from pbxtui.backends.settings import SiteSettings


class AcmeSettings(SiteSettings):
    kind: Literal["acme"] = "acme"
    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 5038
    ratio: float = 0.5
    nodes: tuple[str, ...] = ()
    flavour: Literal["plain", "salted"] = "plain"
    secret: SecretStr
    spare: Annotated[SecretStr, Field(min_length=3)] | None = None


def _open(settings, runtime):
    raise RuntimeError("not even a socket")


plugin = Plugin(
    kind="acme",
    title="The PBX of Acme",
    settings=AcmeSettings,
    open=_open,
    sample="""[[site]]
name = "lab"
kind = "acme"
host = "127.0.0.1"
secret = { env = "LAB_SECRET" }
# port = 5038
""",
)
'''


def install_acme(place: Path) -> None:
    """Put the make ``acme``, and one whose plug-in is broken, where Python finds packages."""
    info = place / "acmepbx-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acmepbx\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[pbxtui.backends]\nacme = acmepbx:plugin\nbroken = acmepbx_missing:plugin\n"
    )
    (place / "acmepbx.py").write_text(ACME)


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The make ``acme`` by a real entry point."""
    install_acme(tmp_path / "site-packages")
    monkeypatch.syspath_prepend(str(tmp_path / "site-packages"))


@pytest.fixture
def write_config(tmp_path: Path) -> WriteConfig:
    """Write a config, readable by its owner alone unless said otherwise; its path."""

    def write(text: str | bytes, *, mode: int = 0o600, name: str = "config.toml") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        path.chmod(mode)
        return path

    return write
