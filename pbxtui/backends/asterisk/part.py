"""What each class that carries some kinds of action out begins with."""

from __future__ import annotations

from pbxtui.backends.asterisk.office import Office
from pbxtui.backends.asterisk.sending import Sender
from pbxtui.backends.asterisk.settings import AsteriskSettings


class Part:
    """Carries some kinds of action out. ``now`` is on the PBX's clock, in epoch seconds."""

    def __init__(
        self, sender: Sender, office: Office, settings: AsteriskSettings, now: float
    ) -> None:
        self._sender = sender
        self._office = office
        self._settings = settings
        self._now = now
