"""``python -m pbxtui``."""

from __future__ import annotations

import sys

from pbxtui.cli import main

if __name__ == "__main__":
    sys.exit(main())
