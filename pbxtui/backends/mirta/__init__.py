"""MiRTA PBX, also sold as PBX Cloud and under other names: the Proxy API (``proxyapi.php``)."""

from __future__ import annotations

from pbxtui.backends.base import Backend, Plugin, Runtime
from pbxtui.backends.mirta.settings import MirtaSettings


def _open(settings: MirtaSettings, runtime: Runtime) -> Backend:
    from pbxtui.backends.mirta.backend import MirtaBackend

    return MirtaBackend(settings, runtime)


plugin = Plugin(
    kind="mirta",
    title="MiRTA PBX (PBX Cloud and others), by its Proxy API",
    settings=MirtaSettings,
    open=_open,
    sample="""\
[[site]]
name = "branch"
kind = "mirta"
url = "https://pbx.example.net/pbx/proxyapi.php"
tenant = "ACME"                       # the tenant's code
key = { env = "BRANCH_KEY" }          # the tenant's API key; a read-only key can only watch
# nodes = ["pbx21", "pbx22"]          # the servers' names: 0.35 s a reading in place of 7 s
# park = "700"                        # the number that parks a call
# cache = false                       # ask past the PBX's own cache, where it knows that
""",
)
