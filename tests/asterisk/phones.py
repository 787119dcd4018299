"""SIP phones for the tests: sipp processes that register, are called, call, hold and hang up.

Each phone holds a twin socket to its sipp, over which the scenario tells what happens to each call
and is told what to do next: so a test decides when a phone answers, holds or hangs up, and waits
for that to have happened.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import tempfile
import threading
import time
import uuid
from pathlib import Path

from tests.asterisk import office
from tests.asterisk.rig import Process, Rig, free_ports

PATIENCE = 15.0
SCENARIOS = Path(__file__).with_name("scenarios")
_END = b"\x1b"
_FAILURES = (403, 404, 408, 480, 481, 486, 487, 488, 500, 502, 503, 600, 603)


def connect(caller: Phone, called: Phone) -> tuple[PhoneCall, PhoneCall]:
    """Let one phone call the other, who answers: the call as each of them has it."""
    outgoing = caller.dial(called.extension)
    incoming = called.incoming()
    outgoing.rings()
    incoming.answer()
    return outgoing.talks(), incoming


class PhoneError(AssertionError):
    """A phone did not get where it should; the text carries the end of sipp's messages."""


class Line:
    """One sipp process with its twin socket: the calls to, or from, one address."""

    def __init__(
        self, rig: Rig, scenario: str, host: str, port: int, *options: str, caller: bytes = b""
    ) -> None:
        self.port = port
        self._rig = rig
        self._states: dict[str, list[str]] = {}
        self._shown: dict[str, str] = {}
        self._changed = threading.Condition()
        self.folder = Path(tempfile.mkdtemp(prefix="pbxtui-phone-"))
        (self.folder / "scenario.xml").write_text(
            _assemble(scenario, self.folder), encoding="utf-8"
        )
        (self.folder / "sound.ul").write_bytes(b"\xff" * 800)
        (self.folder / "caller.csv").write_bytes(b"SEQUENTIAL\n" + caller + b";\n")
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(PATIENCE)
            self._process = Process(
                [
                    rig.installation.sipp,
                    f"127.0.0.1:{rig.ports.sip}",
                    *("-sf", str(self.folder / "scenario.xml")),
                    *("-inf", str(self.folder / "caller.csv")),
                    *_sockets(host, port),
                    *("-3pcc", f"127.0.0.1:{server.getsockname()[1]}"),
                    *("-nostdin", "-bind_local", "-f", "3600"),
                    *("-trace_msg", "-message_file", str(self.folder / "messages.txt")),
                    *("-trace_err", "-error_file", str(self.folder / "errors.txt")),
                    *options,
                ],
                self.folder / "console.txt",
            )
            try:
                self._twin, _ = server.accept()
            except TimeoutError:
                self._process.kill()
                raise PhoneError(f"sipp did not start:\n{self.diagnostics()}") from None
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def calls(self, state: str | None = None) -> list[str]:
        """The Call-IDs seen so far; only those now in ``state``, if one is given."""
        with self._changed:
            return [c for c, seen in self._states.items() if state is None or seen[-1] == state]

    def wait(
        self, state: str, call: str | None = None, *, but: frozenset[str] = frozenset()
    ) -> str:
        """Wait until a call (any but those of ``but``, or ``call``) has come to ``state``."""
        deadline = time.monotonic() + PATIENCE
        with self._changed:
            while True:
                for name, seen in self._states.items():
                    if seen[-1] == state and name not in but and call in (None, name):
                        return name
                left = deadline - time.monotonic()
                if left <= 0 or (state != "over" and not self._process.running):
                    raise PhoneError(
                        f"no call came to {state!r}, only {self._states}:\n{self.diagnostics()}\n"
                        f"{self._rig.report()}"
                    )
                self._changed.wait(min(left, 0.5))

    def wait_past(self, state: str, call: str) -> None:
        """Wait until ``call`` is no longer in ``state``."""
        with self._changed:
            gone = self._changed.wait_for(
                lambda: self._states.get(call, [state])[-1] != state, PATIENCE
            )
        if not gone:
            raise PhoneError(f"{call} stays {state!r}:\n{self.diagnostics()}")

    def shown(self, call: str) -> str:
        """The From header that ``call`` began with; empty for one that this phone made."""
        with self._changed:
            return self._shown.get(call, "")

    def messages(self) -> str:
        """Every SIP message of this line, in both directions."""
        return _tail(self.folder / "messages.txt", 1_000_000)

    def tell(self, call: str, what: str) -> None:
        """Tell the scenario of ``call`` what to do next."""
        with contextlib.suppress(OSError):
            self._twin.sendall(f"Call-ID: {call}\r\nDo: {what}\r\n\r\n".encode() + _END)

    def diagnostics(self) -> str:
        """The end of what sipp wrote: its errors, and its SIP messages."""
        files = ("console.txt", "errors.txt", "messages.txt")
        return "\n".join(_tail(self.folder / name) for name in files)

    def stop(self) -> None:
        """End sipp. Its calls should be over by then."""
        self._process.kill()
        self._twin.close()
        self._reader.join()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _listen(self) -> None:
        buffer = b""
        with contextlib.suppress(OSError):
            while data := self._twin.recv(65536):
                *messages, buffer = (buffer + data).split(_END)
                for message in messages:
                    self._note(message.decode("utf-8", "replace"))

    def _note(self, message: str) -> None:
        call = re.search(r"Call-ID:\s*(\S+)", message)
        state = re.search(r"State:\s*(\w+)", message)
        shown = re.search(r"From:\s*(.+)", message)
        if call is not None and state is not None:
            with self._changed:
                if shown is not None:
                    self._shown[call[1]] = shown[1].strip()
                self._states.setdefault(call[1], []).append(state[1])
                self._changed.notify_all()


def _assemble(scenario: str, folder: Path) -> str:
    text = (SCENARIOS / f"{scenario}.xml").read_text(encoding="utf-8")
    failures = "\n  ".join(
        f'<recv response="{code}" optional="true" next="failed"/>' for code in _FAILURES
    )
    for mark, part in (
        ("<!-- failures -->", failures),
        ("<!-- talk -->", (SCENARIOS / "talk.xml").read_text(encoding="utf-8")),
        ("<!-- over -->", (SCENARIOS / "over.xml").read_text(encoding="utf-8")),
    ):
        text = text.replace(mark, part)
    return text.replace("sound.ul", str(folder / "sound.ul"))


def _tail(path: Path, length: int = 3000) -> str:
    with contextlib.suppress(OSError):
        return path.read_text(encoding="utf-8", errors="replace")[-length:]
    return ""


def _sockets(host: str, port: int) -> tuple[str, ...]:
    """sipp's ports: for SIP, for control, and four for sound and pictures."""
    media, control = str(port + 4), str(port + 1)
    return ("-i", host, "-p", str(port), "-mi", host, "-mp", media, "-cp", control)


class PhoneCall:
    """One call at one phone. Each method returns when the phone has seen it through."""

    def __init__(self, line: Line, call_id: str) -> None:
        self._line = line
        self._id = call_id

    def answer(self) -> PhoneCall:
        self._line.tell(self._id, "answer")
        return self.talks()

    def decline(self) -> None:
        """Answer 486, busy here."""
        self._line.tell(self._id, "decline")
        self.ended()

    def hold(self) -> None:
        """Put the other side on hold, by a re-INVITE with ``sendonly``."""
        self._line.tell(self._id, "hold")
        self._line.wait("held", self._id)

    def resume(self) -> None:
        self._line.tell(self._id, "resume")
        self._line.wait("talking", self._id)

    def speak(self) -> None:
        """Send a tenth of a second of silence, so that frames flow; does not wait for its end."""
        self._line.tell(self._id, "speak")

    def hang_up(self) -> None:
        """Send BYE, or CANCEL when it is still ringing at the other side.

        A caller whom somebody has just answered must have been seen to talk before: sipp aborts a
        call that is told something while the answer is under way.
        """
        self._line.wait_past("calling", self._id)
        self._line.tell(self._id, "bye")
        self.ended()

    def shown(self) -> str:
        """What the phone shows while it rings: the From header of whoever calls."""
        return self._line.shown(self._id)

    def rings(self) -> PhoneCall:
        """Wait until the other side rings."""
        self._line.wait("ringing", self._id)
        return self

    def talks(self) -> PhoneCall:
        """Wait until it is answered."""
        self._line.wait("talking", self._id)
        return self

    def ended(self) -> None:
        """Wait until it is over, by whomever."""
        self._line.wait("over", self._id)


class Phone:
    """A phone that can be called as soon as it is there, and calls as often as asked.

    A desk phone registers; the trunk (``Phone.trunk``) is known to Asterisk by its address.
    """

    def __init__(self, rig: Rig, extension: str, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.rig = rig
        self.extension = extension
        self.registered = False
        self._host = host
        self._lines: list[Line] = []
        self._seen: frozenset[str] = frozenset()
        port = port or free_ports(host)
        self._answering = self._line("called", port, "-aa")

    @classmethod
    def trunk(cls, rig: Rig) -> Phone:
        """The outside world, at the other end of the trunk."""
        return cls(rig, "outside", host=office.TRUNK_HOST, port=rig.ports.trunk)

    @property
    def port(self) -> int:
        return self._answering.port

    def register(self, expires: int = 600) -> Phone:
        """Register this phone's address; 0 seconds take it off again."""
        with tempfile.TemporaryDirectory(prefix="pbxtui-register-") as folder:
            log, console = Path(folder, "messages.txt"), Path(folder, "console.txt")
            process = Process(
                [
                    self.rig.installation.sipp,
                    f"127.0.0.1:{self.rig.ports.sip}",
                    *("-sf", str(SCENARIOS / "register.xml")),
                    *_sockets(self._host, free_ports(self._host)),
                    *("-m", "1", "-nostdin", "-f", "3600"),
                    *("-key", "phone_port", str(self.port), "-key", "expires", str(expires)),
                    *("-trace_msg", "-message_file", str(log)),
                    *self._identity(),
                ],
                console,
            )
            status = process.wait(PATIENCE)
            process.kill()
            if status != 0:
                said = f"{_tail(console)}\n{_tail(log)}"
                raise PhoneError(f"{self.extension} did not register ({status}):\n{said}")
        self.registered = expires > 0
        return self

    def unregister(self) -> None:
        self.register(expires=0)

    def incoming(self) -> PhoneCall:
        """Wait for the next call to this phone; it is ringing then."""
        call = self._answering.wait("ringing", but=self._seen)
        self._seen |= {call}
        return PhoneCall(self._answering, call)

    @property
    def rung(self) -> int:
        """How often this phone has been called so far."""
        return len(self._answering.calls())

    def told(self) -> str:
        """Every SIP message to and from this phone outside of the calls it made."""
        return self._answering.messages()

    def dial(self, number: str, *, name: str | bytes = "") -> PhoneCall:
        """Call ``number`` as a caller of that display name; does not wait for anything."""
        call = f"{uuid.uuid4().hex}@phone"
        port = free_ports(self._host)
        options = ("-m", "1", "-cid_str", call, "-key", "number", number)
        line = self._line("calling", port, *options, caller=_quoted(name))
        return PhoneCall(line, call)

    def stop(self) -> None:
        """End the phone's processes, and with them what they still have to say: no BYE is sent."""
        for line in self._lines:
            line.stop()
        self._lines.clear()

    def diagnostics(self) -> str:
        return "\n".join(line.diagnostics() for line in self._lines)

    def _identity(self) -> tuple[str, ...]:
        login = ("-au", self.extension, "-ap", office.password(self.extension))
        return (*login, "-key", "extension", self.extension)

    def _line(self, scenario: str, port: int, *options: str, caller: bytes = b"") -> Line:
        options = (*self._identity(), *options)
        line = Line(self.rig, scenario, self._host, port, *options, caller=caller)
        self._lines.append(line)
        return line


def _quoted(name: str | bytes) -> bytes:
    """A SIP display name, as it stands in a From header.

    Raises ``ValueError`` for what sipp cannot send: a semicolon divides its columns.
    """
    spoken = name.encode() if isinstance(name, str) else name
    if b";" in spoken or b"\n" in spoken:
        raise ValueError(f"sipp cannot send the name {name!r}")
    return b'"' + spoken.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"' if spoken else b""
