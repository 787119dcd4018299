"""Asterisk, by the Asterisk Manager Interface (AMI) over TCP."""

from __future__ import annotations

from pbxtui.backends.asterisk.settings import AsteriskSettings
from pbxtui.backends.base import Backend, Plugin, Runtime


def _open(settings: AsteriskSettings, runtime: Runtime) -> Backend:
    from pbxtui.backends.asterisk.backend import AsteriskBackend

    return AsteriskBackend(settings, runtime)


plugin = Plugin(
    kind="asterisk",
    title="Asterisk, by its Manager Interface (AMI)",
    settings=AsteriskSettings,
    open=_open,
    sample="""\
[[site]]
name = "lab"
kind = "asterisk"
host = "127.0.0.1"
# port = 5038
username = "pbxtui"                   # a user of manager.conf, for reading with at least
secret = { env = "LAB_SECRET" }       #   read = system,call,agent and write = system,call,
                                      #   and to act also write = originate,agent
# context = "from-internal"           # the dialplan context where internal numbers are dialled
""",
)
