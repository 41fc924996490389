"""Times of many different questions of one kind: what is usual, what all but a few take, and the slowest."""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

_YARDSTICK = (
    "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 200000) SELECT sum(x * x % 7) FROM n"
)
_YARDSTICK_ROUNDS = 9


@dataclass(frozen=True, slots=True)
class Timing:
    """The times of one kind of question, in seconds; `cold` are those with nothing in memory that was read before."""

    name: str
    warm: Sequence[float]
    cold: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Timings:
    """Several kinds of questions to the same thing, and what the yardstick took in the same run (seconds)."""

    title: str
    timings: tuple[Timing, ...]
    yardstick: float


def percentile(times: Sequence[float], share: float) -> float:
    """Return the time that this share of all times does not exceed."""
    return sorted(times)[max(ceil(len(times) * share) - 1, 0)]


def measure_yardstick() -> float:
    """Return how long SQLite needs here for a fixed amount of work without a disk: what makes machines comparable."""
    connection = sqlite3.connect(":memory:")
    times = [timed(lambda: connection.execute(_YARDSTICK).fetchall()) for _ in range(_YARDSTICK_ROUNDS)]
    connection.close()
    return statistics.median(times)


def timed(ask: Callable[[], object]) -> float:
    """Return how long something takes."""
    started = time.perf_counter()
    ask()
    return time.perf_counter() - started
