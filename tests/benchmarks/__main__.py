"""Run every benchmark and print one table: ``python -m tests.benchmarks [NAME …]``."""

from __future__ import annotations

import os
import platform
import sys
from importlib import import_module

from tests.benchmarks.table import Row, table

NAMES = ("read", "screen", "lamps", "start", "views", "boxes", "slow")


def main(wanted: list[str]) -> int:
    """Print the table; 1 when a ratio is over what is allowed."""
    os.environ.setdefault("COLORTERM", "truecolor")
    os.environ.pop("NO_COLOR", None)
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        print(f"there is no benchmark {unknown[0]}; there are {', '.join(NAMES)}")
        return 2
    rows: list[Row] = []
    for name in wanted or NAMES:
        rows += import_module(f"tests.benchmarks.bench_{name}").run()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}\n")
    print(table(rows))
    return 0 if all(row.good for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
