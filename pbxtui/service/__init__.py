"""The service: keeps each PBX's snapshot fresh and says what changed. It outlives the screens."""

from pbxtui.service.fleet import Fleet, open_fleet
from pbxtui.service.site import Site, Update

__all__ = ["Fleet", "Site", "Update", "open_fleet"]
