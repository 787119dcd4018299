"""Telphin's RingMe (and its white labels): the REST API 1.0."""

from __future__ import annotations

from pbxtui.backends.base import Backend, Plugin, Runtime
from pbxtui.backends.telphin.settings import TelphinSettings


def _open(settings: TelphinSettings, runtime: Runtime) -> Backend:
    from pbxtui.backends.telphin.backend import TelphinBackend

    return TelphinBackend(settings, runtime)


plugin = Plugin(
    kind="telphin",
    title="Telphin RingMe, by its REST API",
    settings=TelphinSettings,
    open=_open,
    sample="""\
[[site]]
name = "cloud"
kind = "telphin"
app_id = "…"                          # App ID and App Secret of a trusted application
app_secret = { env = "CLOUD_SECRET" }
# url = "https://apiproxy.telphin.ru"   # a white label has a host of its own
# client = "@me"                      # or the number of a client
# extension = "102"                   # the operator's own phone, where dial starts
# page_size = 100                     # rows asked for at a time
# batch = 50                          # phones whose registrations are asked for at once
# extensions_every = 300              # seconds between two readings of the list of extensions
# poll = { calls = 5 }                # the quota is by the hour; pbxtui slows down to keep it
""",
)
