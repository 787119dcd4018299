"""Vonage Business Communications (VBC): the Telephony API v3."""

from __future__ import annotations

from pbxtui.backends.base import Backend, Plugin, Runtime
from pbxtui.backends.vonage.settings import VonageSettings


def _open(settings: VonageSettings, runtime: Runtime) -> Backend:
    from pbxtui.backends.vonage.backend import VonageBackend

    return VonageBackend(settings, runtime)


plugin = Plugin(
    kind="vonage",
    title="Vonage Business Communications, by its Telephony API v3",
    settings=VonageSettings,
    open=_open,
    sample="""\
[[site]]
name = "hq"
kind = "vonage"
account = "1234"                      # the account number
access_token = { env = "HQ_TOKEN" }   # good for a day; instead of it, to log in by itself:
# username = "pbxtui@example.com"     #   a VBC user (no SSO; @vbc.prod is added by itself)
# password = { env = "HQ_PASSWORD" }
# client_id = "…"                     #   key and secret of an application with Telephony
# client_secret = { env = "HQ_SECRET" }
# url = "https://api.vonage.com/t/vbc.prod"
# token_url = "https://api.vonage.com/token"
# online_after = 3600                 # seconds since its last registration that a phone counts
# page_size = 100
# dial_type = "click2dial"            # or click2dialme, odr, default, or "" for none
# recording = "ocr"                   # records on demand; "ccr" is the company's recording
# poll = { calls = 6 }                # an application's default quota is ten requests a minute
""",
)
