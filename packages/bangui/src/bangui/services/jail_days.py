"""Use case: what the history says about jails, for their pages; blocks, like its reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import Dimension, Filter, Metric, Series, Top, TopRow

HOUR = 3_600_000
HOURS = 24
_MOST_FAILING = 20
# Among as many, those that are banned already are left out.
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class JailDay:
    """The failures and the bans of a jail in each of the last 24 hours, the last one unfinished."""

    failures: tuple[int, ...]
    bans: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FailingNow:
    """Who has failures that still count and was not banned since, the most first.

    `since` is since when failures count (Unix milliseconds).
    """

    since: int
    rows: tuple[TopRow, ...]


def read_days(reader: HistoryReader, now: int) -> Mapping[str, JailDay]:
    """Return the last 24 hours of every jail that had failures or bans in them."""
    first = now // HOUR * HOUR - (HOURS - 1) * HOUR
    failures: dict[str, list[int]] = {}
    bans: dict[str, list[int]] = {}
    for point in reader.series(Series(Filter(since=first, until=now + 1), HOUR // 1000)):
        place = (point.start - first) // HOUR
        if 0 <= place < HOURS:
            failures.setdefault(point.jail, [0] * HOURS)[place] += point.failures
            bans.setdefault(point.jail, [0] * HOURS)[place] += point.bans
    return {jail: JailDay(tuple(counts), tuple(bans[jail])) for jail, counts in failures.items()}


def read_failing(reader: HistoryReader, jail: str, find_time: float, now: int) -> FailingNow:
    """Return who has failures within the find time of a jail, and no ban."""
    since = now - int(find_time * 1000)
    only = Filter(since=since, until=now + 1, jails=(jail,))
    rows = reader.top(Top(Dimension.ADDRESS, Metric.FAILURES, only, _LOOKED_AT))
    return FailingNow(since, tuple([row for row in rows if not row.bans][:_MOST_FAILING]))
