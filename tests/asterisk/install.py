"""Get a real Asterisk, and the sipp phones that call through it, onto this machine.

    python -m tests.asterisk.install

What is already there is used: an ``asterisk`` on PATH, a ``sipp`` on PATH. Otherwise, on a
Debian machine and as root, sipp comes from the package ``sip-tester`` and Asterisk from the
archive's suite ``forky`` (Debian 12 has no package of it), unpacked by debootstrap into a folder
of its own: ``~/.cache/pbxtui/asterisk``, or where ``PBXTUI_ASTERISK_ROOT`` says. Nothing is
installed into the running system but the two tools.

A run that was interrupted leaves only a ``.partial`` folder, which the next run replaces. The exit
status is 0 when there is an Asterisk and a sipp now, 1 when there is not.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SUITE = "forky"
PACKAGES = "asterisk,asterisk-modules,asterisk-config"
MARKER = ".finished"
HOW = (
    "no Asterisk here: run `python -m tests.asterisk.install` (Debian, as root) "
    "or install asterisk and sipp, then run the tests again"
)


@dataclass(frozen=True, slots=True)
class Installation:
    """An Asterisk that can be started: its binary, and the root folder it lives in.

    ``root`` is None for an Asterisk of this machine, else the folder to ``chroot`` into;
    ``asterisk`` is the path of the binary as seen from inside that root.
    """

    root: Path | None
    asterisk: str
    sipp: str


def root_folder() -> Path:
    """The folder that the unpacked Asterisk lives in, whether or not it is there yet."""
    override = os.environ.get("PBXTUI_ASTERISK_ROOT")
    if override:
        return Path(override).expanduser().absolute()
    return Path.home() / ".cache" / "pbxtui" / "asterisk"


def find() -> Installation | None:
    """The Asterisk and sipp of this machine, or None when either is missing."""
    search_path = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin:/usr/local/sbin"
    sipp = shutil.which("sipp", path=search_path)
    if sipp is None:
        return None
    asterisk = shutil.which("asterisk", path=search_path)
    if asterisk is not None:
        return Installation(None, asterisk, sipp)
    root = root_folder()
    if (root / MARKER).exists() and os.geteuid() == 0:
        return Installation(root, "/usr/sbin/asterisk", sipp)
    return None


def mirror() -> str | None:
    """The archive that this machine's own apt uses, read from its sources."""
    apt = Path("/etc/apt")
    files = [*sorted((apt / "sources.list.d").glob("*.sources")), apt / "sources.list"]
    files += sorted((apt / "sources.list.d").glob("*.list"))
    for file in files:
        with contextlib.suppress(OSError):
            found = archive_in(file.read_text(encoding="utf-8", errors="replace"))
            if found is not None:
                return found
    return None


def archive_in(sources: str) -> str | None:
    """The first archive that a sources file of either format names, security updates aside."""
    for line in sources.splitlines():
        deb822 = re.match(r"URIs:\s*(\S+)", line)
        one_line = re.match(r"deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s", line)
        found = deb822 or one_line
        if found is not None and not found.group(1).rstrip("/").endswith("security"):
            return found.group(1)
    return None


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _run(command: Sequence[str], holding: int | None = None) -> bool:
    """Run a command; whether it went well. ``holding`` is a lock that it keeps if we are killed."""
    _say("$ " + " ".join(command))
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    keep = () if holding is None else (holding,)
    return subprocess.run(command, env=environment, pass_fds=keep, check=False).returncode == 0


def _unmount_below(folder: Path) -> None:
    """Undo what an interrupted debootstrap left mounted, before its folder is removed."""
    with contextlib.suppress(OSError):
        mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
        for mount in sorted((m for m in mounts if m.startswith(f"{folder}/")), reverse=True):
            subprocess.run(["umount", "--lazy", mount], check=False)


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[int]:
    """Hold the lock that lets one installation run at a time; its file descriptor."""
    root.parent.mkdir(parents=True, exist_ok=True)
    with open(root.with_name(root.name + ".lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


def _apt(*packages: str) -> bool:
    if _run(["apt-get", "install", "-y", "--no-install-recommends", *packages]):
        return True
    return _run(["apt-get", "update"]) and _run(
        ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    )


def _unpack(root: Path, lock: int) -> bool:
    """Unpack an Asterisk into ``root``; the folder appears there only when it is whole."""
    archive = mirror()
    if archive is None:
        _say("No archive found in /etc/apt: add one to sources.list, then run this again.")
        return False
    partial = root.with_name(root.name + ".partial")
    for leftover in (partial, root):
        _unmount_below(leftover)
        if leftover.exists() and not _run(["rm", "-rf", "--one-file-system", str(leftover)]):
            return False
    bootstrap = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE]
    script = "/usr/share/debootstrap/scripts/sid"
    if not _run([*bootstrap, str(partial), archive, script], lock):
        _say(f"debootstrap failed; its log is {partial}/debootstrap/debootstrap.log")
        return False
    _unmount_below(partial)
    for package in (partial / "var/cache/apt/archives").glob("*.deb"):
        package.unlink()
    (partial / MARKER).touch()
    partial.rename(root)
    return True


def install() -> Installation | None:
    """Get what is missing; the Asterisk there is now, or None with the reason printed."""
    ready = find()
    if ready is not None:
        return ready
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        _say("This installs on Debian and as root. Elsewhere: install asterisk and sipp yourself.")
        return None
    missing = [
        package
        for tool, package in (("sipp", "sip-tester"), ("debootstrap", "debootstrap"))
        if shutil.which(tool) is None and not Path("/usr/sbin", tool).exists()
    ]
    if missing and not _apt(*missing):
        return None
    root = root_folder()
    with _alone(root) as lock:
        if find() is None and not _unpack(root, lock):
            return None
    return find()


def main() -> int:
    """Install, say what there is, and return the exit status."""
    ready = install()
    if ready is None:
        _say("There is no Asterisk here.")
        return 1
    where = f"in {ready.root}" if ready.root else "on this machine"
    _say(f"Asterisk: {ready.asterisk} {where}; phones: {ready.sipp}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
