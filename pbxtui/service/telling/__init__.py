"""What changes at the sites, told in sentences: for screen readers and for logs.

:class:`Teller` takes each update of a fleet and answers with sentences. They are plain words on one
line, say "probably" of what is inferred and "assumed" of what no PBX shows, and none is told twice.
"""

from pbxtui.service.telling.said import ABOUT, FIELDS, Said
from pbxtui.service.telling.teller import Teller

__all__ = ["ABOUT", "FIELDS", "Said", "Teller"]
