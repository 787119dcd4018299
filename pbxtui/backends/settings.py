"""What can be set for a site of any kind. Each backend adds its own fields in a subclass."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from pbxtui.model import Topic, Verb

Seconds = Annotated[float, Field(gt=0, le=86400)]
"""A span of time in seconds, more than zero."""


def _web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        whole = None
    if not whole or not text.isascii() or not text.isprintable() or " " in text or "\\" in text:
        raise ValueError("a web address is needed, like https://pbx.example.net")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("the address may hold no user name, no ? and no #")
    return text.rstrip("/")


WebAddress = Annotated[str, AfterValidator(_web_address)]
"""An ``http`` or ``https`` address with a host, kept without a slash at its end."""


class PollSettings(BaseModel):
    """How often each topic is read, in seconds. The PBX's quota may slow it, never speed it up."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    calls: Seconds = 2.0
    devices: Seconds = 30.0
    queues: Seconds = 5.0
    lamps: Seconds = 5.0

    def of(self, topic: Topic) -> float:
        """Seconds between two readings of a topic."""
        return float(getattr(self, topic.value))


class SiteSettings(BaseModel):
    """One ``[[site]]`` of the config.

    Fields of type ``SecretStr`` may be given as a plain string or as a table ``{ env = … }``,
    ``{ command = … }``, ``{ file = … }`` or ``{ keyring = … }``; the config resolves those before
    they arrive here.

    With ``read_only`` nothing can be done at this site. Where ``allow`` is given only those actions
    are, and those in ``deny`` never.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=24, pattern=r"^[A-Za-z0-9._-]+$")]
    kind: str
    read_only: bool = False
    allow: tuple[Verb, ...] | None = None
    deny: tuple[Verb, ...] = ()
    timeout: Seconds = 10.0
    poll: PollSettings = PollSettings()
    extension: str = ""
