"""Reading sites once, for ``list`` and ``check``: what failed, in words."""

from __future__ import annotations

from pbxtui.backends.base import Backend, BackendError
from pbxtui.model import Fault, FaultKind, Topic, clean
from pbxtui.service import Site


async def opened(site: Site) -> Backend | Fault:
    """The site's backend, or why there is none."""
    try:
        return await site.open()
    except BackendError as error:
        return error.fault(site.clock())
    except Exception as error:  # a plug-in of somebody else may fail in any way
        words = f"cannot be opened ({type(error).__name__}: {clean(str(error))})"
        return Fault(FaultKind.INTERNAL, words, "", site.clock())


async def read(site: Site, topic: Topic) -> Fault | None:
    """Read one topic once; None when that went well."""
    try:
        await site.read(topic)
    except BackendError as error:
        return error.fault(site.clock())
    return None
