"""How a benchmark says what it found: a figure, a floor from the same run, and their ratio."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison. ``unit`` is ms or bytes; ``allowed`` is the most that the ratio may be."""

    what: str
    figure: float
    against: str
    floor: float
    unit: str
    allowed: float

    @property
    def ratio(self) -> float:
        return self.figure / self.floor if self.floor else (0.0 if not self.figure else 9999.0)

    @property
    def good(self) -> bool:
        return self.ratio <= self.allowed


def timed(work: Callable[[], object], times: int = 5) -> float:
    """The median of some runs, in milliseconds."""
    spans = []
    for _ in range(times):
        gc.collect()
        began = time.perf_counter()
        work()
        spans.append((time.perf_counter() - began) * 1000)
    return median(spans)


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [
        "| what | figure | against | floor | ratio | allowed |",
        "|---|---:|---|---:|---:|---:|",
    ]
    for row in rows:
        sign = "" if row.good else " (!)"
        lines.append(
            f"| {row.what} | {row.figure:,.1f} {row.unit} | {row.against} | "
            f"{row.floor:,.1f} {row.unit} | {row.ratio:.2f}{sign} | {row.allowed:g} |"
        )
    return "\n".join(lines)
