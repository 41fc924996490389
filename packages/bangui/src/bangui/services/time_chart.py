"""Use case: bans or failures over time, by jail, in steps that a chart can show.

A span is any stretch of time; the steps follow from its length, so that a chart never has more than `MOST_STEPS` of
them. The first and the last step are cut off where the span begins and ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bangui.domain.errors import InvalidInput
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import Filter, Metric, Point, Series
from bangui.domain.phrases import phrase
from bangui.services.statistics import BUCKETS, DAY

MOST_STEPS = 100
_SHORTEST_SPAN = 60_000
# Longer than fail2ban has existed, several times over.
_LONGEST_SPAN = 100 * 365 * DAY * 1000

RANGES: Mapping[str, int] = MappingProxyType(
    {
        "1h": 3_600,
        "6h": 6 * 3_600,
        "24h": DAY,
        "7d": 7 * DAY,
        "30d": 30 * DAY,
        "90d": 90 * DAY,
        "1y": 365 * DAY,
    }
)
"""The spans that one click chooses, back from now, in seconds."""
_STEPS = MappingProxyType(
    {3_600: 60, 6 * 3_600: 300, DAY: 3_600, 7 * DAY: 10_800, 30 * DAY: DAY, 90 * DAY: DAY, 365 * DAY: 7 * DAY}
)


@dataclass(frozen=True, slots=True)
class ChartSpan:
    """A stretch of time in Unix milliseconds, of which `until` is no part, and the length of its steps in seconds."""

    since: int
    until: int
    step: int


@dataclass(frozen=True, slots=True)
class JailCounts:
    """What a jail counted in each step, and in all."""

    jail: str
    counts: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class TimeChart:
    """Counts over a span. `starts` (Unix milliseconds) are those of the steps; the first may lie before the span.

    Jails that counted nothing are left out; the others are in the order of their totals, the largest first.
    """

    span: ChartSpan
    metric: Metric
    starts: tuple[int, ...]
    jails: tuple[JailCounts, ...]

    @property
    def totals(self) -> tuple[int, ...]:
        """What all jails counted in each step."""
        return tuple(map(sum, zip(*(jail.counts for jail in self.jails), strict=True))) or (0,) * len(self.starts)


def span_back(seconds: int, now: int) -> ChartSpan:
    """Return the span that ends now."""
    return span_between(now - seconds * 1000, now, _STEPS.get(seconds))


def span_between(since: int, until: int, step: int | None = None) -> ChartSpan:
    """Return a span with its steps; raises `InvalidInput` for one that is too short or too long to be drawn."""
    if until - since < _SHORTEST_SPAN:
        raise InvalidInput(phrase("a chart shows a minute at least"), phrase("its end has to be after its beginning"))
    if until - since > _LONGEST_SPAN:
        raise InvalidInput(phrase("that is too long a time for a chart"), phrase("ask for 100 years at most"))
    return ChartSpan(since, until, step or _fitting_step((until - since) / 1000))


def _fitting_step(seconds: float) -> int:
    for step in (*BUCKETS, DAY):
        # One step is cut in two by the edges.
        if seconds / step <= MOST_STEPS - 1:
            return step
    return -(-int(seconds) // (DAY * (MOST_STEPS - 1))) * DAY


def read_time_chart(reader: HistoryReader, span: ChartSpan, metric: Metric, jails: tuple[str, ...] = ()) -> TimeChart:
    """Return the counts of a span, of these jails or of all; blocks, and raises `StoreError`."""
    points = reader.series(Series(Filter(since=span.since, until=span.until, jails=jails), span.step))
    length = span.step * 1000
    starts = tuple(range(span.since // length * length, span.until, length))
    counted = (_jail_counts(jail, counts, starts) for jail, counts in _by_jail(points, metric).items())
    found = sorted((jail for jail in counted if jail.total), key=lambda jail: (-jail.total, jail.jail))
    return TimeChart(span, metric, starts, tuple(found))


def _by_jail(points: Iterable[Point], metric: Metric) -> dict[str, dict[int, int]]:
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    for point in points:
        counts[point.jail][point.start] = point.bans if metric is Metric.BANS else point.failures
    return counts


def _jail_counts(jail: str, counts: Mapping[int, int], starts: tuple[int, ...]) -> JailCounts:
    row = tuple(counts.get(start, 0) for start in starts)
    return JailCounts(jail, row, sum(row))
