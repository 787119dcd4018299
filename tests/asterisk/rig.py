"""A real Asterisk on loopback, started for the tests and surely stopped after them."""

from __future__ import annotations

import atexit
import contextlib
import itertools
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.asterisk import install, office
from tests.asterisk.manager import Block, Manager

START_TRIES = 3
PATIENCE = 60.0


class RigError(RuntimeError):
    """Asterisk could not be started; the text carries the end of its log."""


_BLOCK = 10
_blocks = itertools.count(random.randrange(1000))


def free_ports(host: str = "127.0.0.1") -> int:
    """The first of ten UDP and TCP ports on ``host`` that nothing has at this moment.

    They lie below the range from which the system gives ports to clients, and no two calls in one
    process give the same.
    """
    for _ in range(1000):
        first = 10_000 + next(_blocks) % 1000 * _BLOCK
        try:
            for port in range(first, first + _BLOCK):
                for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                    with socket.socket(socket.AF_INET, kind) as probe:
                        probe.bind((host, port))
        except OSError:
            continue
        return first
    raise RigError(f"no ten free ports on {host}")


def _keeper(group: int) -> subprocess.Popen[bytes]:
    """A process that kills ``group`` when this one ends, even when it is killed itself.

    It waits for the end of its standard input, which only this process holds open.
    """
    return subprocess.Popen(
        ["/bin/sh", "-c", 'cat >/dev/null; kill -KILL "-$0" 2>/dev/null', str(group)],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )


class Process:
    """A process with its own group, whose output goes to a file, and which does not outlive us."""

    def __init__(self, command: list[str], log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._keeper = _keeper(self._process.pid)
        atexit.register(self.kill)

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait(self, seconds: float) -> int | None:
        """The exit status, or None when it still runs after that time."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def kill(self) -> None:
        """End it and whatever it started, at once; harmless when repeated."""
        self._keeper.kill()
        self._keeper.wait()
        if self._keeper.stdin is not None:
            self._keeper.stdin.close()
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        atexit.unregister(self.kill)

    def tail(self, lines: int = 40) -> str:
        return tail(self.log, lines)


def tail(path: Path, lines: int = 40) -> str:
    """The last lines of a text file; empty when there is none."""
    with contextlib.suppress(OSError):
        text = path.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])
    return ""


class Rig:
    """One Asterisk with the office of :mod:`tests.asterisk.office`.

    ``ports`` are chosen anew on each first start and stay the same over ``stop`` and ``start``, so
    that a client can be seen to come back.
    """

    def __init__(self, installation: install.Installation | None = None) -> None:
        found = installation or install.find()
        if found is None:
            raise RigError(install.HOW)
        self.installation = found
        self.ports = office.Ports(0, 0, 0, 0)
        self.folder = self._make_folder()
        self._process: Process | None = None
        self._chosen = False

    # -- life ------------------------------------------------------------------------------

    def start(self) -> None:
        """Start it and wait until it is fully booted. Nobody is registered then.

        A killed Asterisk would bring back registrations from up to a second before, also those
        that had been taken off since.
        """
        shutil.rmtree(self.folder / "db", ignore_errors=True)
        for last in (False,) * (START_TRIES - 1) + (True,):
            if not self._chosen:
                self._choose_ports()
            self._write()
            log = self.folder / "log" / "console.log"
            self._process = Process(self._command("-f", *self._user()), log)
            if self._ready():
                self._chosen = True
                return
            said = f"{self._process.tail()}\n{tail(self.folder / 'log' / 'messages.log')}"
            self._process.kill()
            if last:
                raise RigError(f"Asterisk did not start; the end of its log:\n{said}")

    def stop(self) -> None:
        """Stop it as an administrator would; kill it when that does not help."""
        if self._process is None:
            return
        if self._process.running:
            self.cli("core stop now")
            self._process.wait(10)
        self.kill()

    def kill(self) -> None:
        """End it without a word to anybody, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def crash(self) -> None:
        """Let it fail by itself, and wait until it is gone."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSEGV)
        self._process.wait(PATIENCE)

    def close(self) -> None:
        """Stop it and remove its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.running

    # -- talking to it ---------------------------------------------------------------------

    def cli(self, command: str) -> str:
        """What ``asterisk -rx`` prints for a command."""
        done = subprocess.run(
            self._command("-rx", command), capture_output=True, check=False, timeout=PATIENCE
        )
        return done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")

    def ami(self, login: office.Login | None = office.NOC, *, events: str = "off") -> Manager:
        """A bare AMI connection, logged in unless ``login`` is None."""
        manager = Manager(self.ports.ami)
        if login is not None:
            answer = manager.login(login.username, login.secret, events=events)
            if answer.get("Response") != "Success":
                manager.close()
                raise AssertionError(f"login as {login.username}: {answer}")
        return manager

    def channels(self) -> list[Block]:
        """The rows of ``CoreShowChannels``."""
        with self.ami() as manager:
            rows = manager.ask_all("CoreShowChannels")
        return [row for row in rows if row.get("Event") == "CoreShowChannel"]

    def hang_up_everything(self) -> None:
        """End every channel, and wait until there is none."""
        deadline = time.monotonic() + PATIENCE
        while self.channels():
            if time.monotonic() > deadline:
                raise RigError(f"channels that do not end: {self.channels()}")
            self.cli("channel request hangup all")

    def clear(self) -> bool:
        """End every channel after a test. False where Asterisk itself fell over that: it is gone.

        Seldom (twice in some hundred runs) it reads a channel that has gone, when everything is
        hung up in the middle of an attended transfer, and ends with a segmentation fault. What was
        tested was over by then, and the next test starts another one.
        """
        try:
            self.hang_up_everything()
        except ConnectionError:
            if self._process is None or self._process.wait(PATIENCE) is None:
                raise
            self.kill()
            return False
        return True

    def report(self) -> str:
        """What is going on in Asterisk, for the text of a failure."""
        if not self.running:
            return "Asterisk is not running"
        asked = ("core show channels verbose", "queue show", "pjsip show contacts")
        return "\n".join([*map(self.cli, asked), self.log_tail(15)])

    def log_tail(self, lines: int = 40) -> str:
        return tail(self.folder / "log" / "messages.log", lines)

    # -- inside ----------------------------------------------------------------------------

    def _make_folder(self) -> Path:
        root = self.installation.root
        parent = Path(tempfile.gettempdir()) if root is None else root / "srv"
        parent.mkdir(parents=True, exist_ok=True)
        for stale in parent.glob("pbxtui-rig-*"):
            owner = stale.name.split("-")[2]
            if owner.isdigit() and not Path("/proc", owner).exists():
                shutil.rmtree(stale, ignore_errors=True)
        return Path(tempfile.mkdtemp(prefix=f"pbxtui-rig-{os.getpid()}-", dir=parent))

    def _choose_ports(self) -> None:
        first = free_ports()
        self.ports = office.Ports(
            ami=first,
            sip=first + 1,
            trunk=free_ports(office.TRUNK_HOST),
            rtp=random.randrange(20000, 30000, 200),
        )

    def _seen_inside(self, path: Path) -> str:
        root = self.installation.root
        return str(path) if root is None else "/" + str(path.relative_to(root))

    def _write(self) -> None:
        names = ("etc", "run", "spool", "log", "db")
        for name in names:
            (self.folder / name).mkdir(exist_ok=True)
        etc, run, spool, log, database = (self._seen_inside(self.folder / name) for name in names)
        root = self.installation.root or Path("/")
        libraries = sorted(root.glob("usr/lib*/**/asterisk/modules"))
        if not libraries:
            raise RigError(f"no modules of Asterisk below {root}usr/lib")
        folders = office.Folders(
            etc=etc,
            run=run,
            spool=spool,
            log=log,
            database=database,
            modules=self._seen_inside(libraries[0]),
            varlib="/var/lib/asterisk",
            data="/usr/share/asterisk"
            if (root / "usr/share/asterisk/documentation").exists()
            else "/var/lib/asterisk",
        )
        office.write(self.folder / "etc", folders, self.ports)
        owner = self._owner()
        for path in [self.folder, *self.folder.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
            if owner is not None:
                os.chown(path, *owner)

    def _owner(self) -> tuple[int, int] | None:
        """The user and group that Asterisk runs as, or None to run it as ourselves."""
        if os.geteuid() != 0:
            return None
        root = self.installation.root
        if root is None:
            with contextlib.suppress(KeyError):
                user = pwd.getpwnam("asterisk")
                return user.pw_uid, user.pw_gid
            return None
        for line in (root / "etc/passwd").read_text(encoding="utf-8").splitlines():
            fields = line.split(":")
            if fields[0] == "asterisk":
                return int(fields[2]), int(fields[3])
        return None

    def _user(self) -> list[str]:
        return ["-U", "asterisk", "-G", "asterisk"] if self._owner() is not None else []

    def _command(self, *arguments: str) -> list[str]:
        root = self.installation.root
        enter = [] if root is None else ["chroot", str(root)]
        config = self._seen_inside(self.folder / "etc" / "asterisk.conf")
        return [*enter, self.installation.asterisk, "-C", config, *arguments]

    def _ready(self) -> bool:
        deadline = time.monotonic() + PATIENCE
        while self.running and time.monotonic() < deadline:
            if "fully booted" in self.cli("core waitfullybooted").lower():
                return self._listens()
            time.sleep(0.05)  # the control socket is not there yet: poll for it
        return False

    def _listens(self) -> bool:
        with contextlib.suppress(OSError, AssertionError), self.ami() as manager:
            return f"127.0.0.1:{self.ports.sip}" in self.cli("pjsip show transports") and bool(
                manager.banner
            )
        return False


def main() -> int:
    """Start the office and keep it until Enter is pressed: for trying things out by hand."""
    rig = Rig()
    try:
        rig.start()
        print(f"AMI 127.0.0.1:{rig.ports.ami}, user {office.NOC.username}, {office.NOC.secret}")
        print(f"SIP 127.0.0.1:{rig.ports.sip}; Enter ends it.")
        sys.stdin.readline()
    finally:
        rig.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
