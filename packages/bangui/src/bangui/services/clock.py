"""The time of the wall clock, as accounts count it."""

from __future__ import annotations

import time
from collections.abc import Callable

Now = Callable[[], int]
"""Tells the time in Unix milliseconds."""


def unix_milliseconds() -> int:
    """Return the time of this machine."""
    return time.time_ns() // 1_000_000
