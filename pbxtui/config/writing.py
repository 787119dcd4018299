"""The first config of a newcomer: written once, readable by its owner alone."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from pbxtui.backends import registry
from pbxtui.config.mistakes import ConfigError
from pbxtui.model import clean

_HEAD = """\
# The config of pbxtui. Take one # away from each line that you want to hold.
#
#   pbxtui check     reads everything of every site once and says what works
#   pbxtui config    shows this file with the secrets masked
#
# A secret (a token, a password) is best kept elsewhere:
#   { env = "NAME" }              an environment variable
#   { command = "pass show hq" }  the first line that a command prints; no shell, ten seconds
#   { file = "hq.token" }         a file of mode 600, here beside this one or at a full path
#   { keyring = "service/user" }  the system's keyring; needs: pip install 'pbxtui[keyring]'
# Text in quotes is taken too, as long as nobody else can read this file (chmod 600).

# profile = "noc"           # "noc" starts locked, "reception" starts ready to act
# theme = "dark"
# ascii = true              # no UTF-8 on the screen; by itself where the terminal has none
# mouse = true
# held = { warn = 60, alarm = 120 }   # seconds after which somebody on hold waits too long
# allow = ["hold", "resume"]   # only these actions; a site may have its own allow and deny
# deny = ["reboot"]            # never these
# grace = 2                    # seconds in which a hang-up can be stopped; 0 for reception

# [keys]                    # other keys for actions; `?` in pbxtui shows the ids
# "call.hold" = "H"
"""

_ANY_KIND = """\
# For a site of any kind, with the values that hold when nothing is said (seconds):
#   read_only = false       # true: nothing can be done there, by nobody
#   deny = ["hangup"]       # and allow, as above, for this site
#   timeout = 10
#   poll = { calls = 2, devices = 30, queues = 5, lamps = 5 }
#   extension = "447"       # your own phone, where dialling starts
"""


def template(kinds: Iterable[str]) -> str:
    """A commented config that is valid as it is, with a sample of a site of each kind."""
    parts = [_HEAD]
    for kind in kinds:
        try:
            plugin = registry.plugin(kind)
        except Exception as error:  # somebody else's plug-in may fail in any way
            parts.append(f"# {kind}: its plug-in cannot be loaded ({type(error).__name__})\n")
        else:
            parts.append(f"# {plugin.title}\n{_commented(plugin.sample)}")
    parts.append(_ANY_KIND)
    return "\n".join(parts)


def _commented(sample: str) -> str:
    """Each line behind a ``# ``: one taken away from every line gives the sample again."""
    return "".join(f"# {line}".rstrip() + "\n" for line in sample.strip("\n").splitlines())


def write(path: Path, text: str, *, replace: bool = False) -> None:
    """Write a config whole or not at all, mode 600, in a folder that is made with mode 700.

    An existing file stays unless ``replace`` is set. Raises :class:`ConfigError`.
    """
    shown = clean(str(path), 400)
    try:
        if replace:
            path = path.resolve()
        folder = path.absolute().parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".config-", suffix=".toml", dir=folder)
    except (OSError, RuntimeError) as error:
        reason = clean(getattr(error, "strerror", None) or str(error))
        raise ConfigError(f"{shown}: its folder cannot be written to: {reason}") from None
    partial = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            partial.replace(path)
        else:
            _link(partial, path)
    except FileExistsError:
        raise ConfigError(
            f"{shown}: is there already and stays as it is; --force writes over it"
        ) from None
    except OSError as error:
        reason = clean(error.strerror or str(error))
        raise ConfigError(f"{shown}: cannot be written: {reason}") from None
    finally:
        with contextlib.suppress(FileNotFoundError):
            partial.unlink()


def _link(partial: Path, path: Path) -> None:
    """Give the file its name only if nothing has it. Raises ``FileExistsError``."""
    try:
        os.link(partial, path)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError, AttributeError):
        # A file system without hard links: the name is taken in one step, then filled.
        with path.open("xb"):
            pass
        partial.replace(path)
