"""The first config: valid, commented, and the owner's alone."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

import pytest

from pbxtui.backends import registry
from pbxtui.backends.settings import SiteSettings
from pbxtui.config import Config, ConfigError, load, template, write
from tests.config.conftest import WriteConfig

pytestmark = pytest.mark.usefixtures("acme")


def test_it_is_a_valid_config_without_a_site(write_config: WriteConfig) -> None:
    text = template(["acme"])

    assert load(write_config(text)).sites == ()
    assert all(not line or line.startswith("#") for line in text.splitlines())


def test_a_site_holds_when_its_lines_are_uncommented_once(
    write_config: WriteConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAB_SECRET", "s3cr3t")
    lines = template(["acme"]).splitlines()
    start = lines.index("# [[site]]")
    end = lines.index("", start)
    lines[start:end] = [line.removeprefix("# ") for line in lines[start:end]]

    (site,) = load(write_config("\n".join(lines))).sites

    assert (site.name, site.kind) == ("lab", "acme")


def test_a_broken_plugin_spoils_nothing(write_config: WriteConfig) -> None:
    text = template(["acme", "broken"])

    assert "# broken: its plug-in cannot be loaded" in text
    load(write_config(text))


@pytest.mark.skipif(os.name != "posix", reason="files have no such modes here")
def test_it_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "pbxtui" / "config.toml"
    old = os.umask(0)
    try:
        write(path, "# x\n")
    finally:
        os.umask(old)

    assert path.read_text() == "# x\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert os.listdir(path.parent) == ["config.toml"]


def test_what_is_there_stays_unless_it_is_to_be_replaced(write_config: WriteConfig) -> None:
    path = write_config("mine", mode=0o644)

    with pytest.raises(ConfigError, match=r"is there already .* --force"):
        write(path, "# new\n")
    assert path.read_text() == "mine"

    write(path, "# new\n", replace=True)
    assert path.read_text() == "# new\n"
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name != "posix", reason="links need rights elsewhere")
def test_a_link_to_the_config_stays_a_link(write_config: WriteConfig, tmp_path: Path) -> None:
    path = write_config("mine", name="real.toml")
    link = tmp_path / "config.toml"
    link.symlink_to(path)

    with pytest.raises(ConfigError, match="is there already"):
        write(link, "# new\n")
    write(link, "# new\n", replace=True)

    assert link.is_symlink()
    assert path.read_text() == "# new\n"


def test_a_place_that_cannot_be_written_to_is_said(write_config: WriteConfig) -> None:
    file = write_config("")

    with pytest.raises(ConfigError, match="cannot be written to"):
        write(file / "pbxtui" / "config.toml", "")
    with pytest.raises(ConfigError, match="cannot be written"):
        write(file.parent, "", replace=True)


OURS = ("vonage", "mirta", "telphin", "asterisk")


def named(key: str, text: str) -> bool:
    """Whether a line of comments sets a key, or opens its table."""
    return re.search(rf"^(# )+\[?{key}(\]| = |,)", text.replace("#   ", "# "), re.M) is not None


def test_every_key_that_there_is_stands_in_it() -> None:
    text = template(OURS)
    own = set(SiteSettings.model_fields)
    general = set(Config.__dataclass_fields__) - {"path", "sites"}
    missing = [key for key in general if not named(key, text)]
    missing += [key for key in own - {"name", "kind"} if not named(key, text)]
    for kind in OURS:
        plugin = registry.plugin(kind)
        sample = template([kind])
        missing += [
            f"{kind}: {key}"
            for key in set(plugin.settings.model_fields) - own
            if not named(key, sample)
        ]
    assert not missing
