"""What the tests that compare pictures have in common.

The baselines belong to the pinned Textual and to one Python; elsewhere they are skipped, and the
pilot tests stand for the behaviour.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
import textual

NARROW, WIDE = (80, 24), (200, 60)
Compare = Callable[..., bool]

pictures = pytest.mark.skipif(
    textual.__version__ != "8.2.8" or sys.version_info[:2] != (3, 11),
    reason="the pictures were taken with Textual 8.2.8 on Python 3.11",
)
"""Marks a test that compares pictures; together with the fixture ``still``."""
