"""Use case: how much happened in a period, compared with the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bangui.domain.errors import InvalidInput
from bangui.domain.history import EventKind
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import Filter, HistoryState, Point, Series, Totals
from bangui.domain.phrases import phrase

BUCKETS = (60, 300, 900, 3_600, 10_800, 21_600)
"""The lengths of time (seconds) that events can be counted by, besides whole days."""
DAY = 86_400
_MOST_BUCKETS = 10_000
_NOTHING = (0, 0)


@dataclass(frozen=True, slots=True)
class Bucket:
    """What happened in one stretch of the period, which begins at `start` (Unix milliseconds)."""

    start: int
    bans: int
    failures: int


@dataclass(frozen=True, slots=True)
class JailShare:
    """What one jail counted in the period, and in the one before it."""

    jail: str
    bans: int
    failures: int
    bans_before: int
    failures_before: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """A period (Unix milliseconds) and the equally long one before it.

    `is_comparable` is False where the history begins later than the period before. `buckets` are `bucket` seconds long
    and cover the whole period, also where nothing happened.
    """

    since: int
    until: int
    now: Totals
    before: Totals
    is_comparable: bool
    jails: tuple[JailShare, ...]
    bucket: int
    buckets: tuple[Bucket, ...]
    state: HistoryState


def read_statistics(reader: HistoryReader, filter: Filter, since: int, until: int, bucket: int) -> Statistics:
    """Return the statistics of a period; of the filter, jails and hosts count."""
    if (until - since) / 1000 / bucket > _MOST_BUCKETS:
        raise InvalidInput(phrase("that would be too many steps"), phrase("count by longer ones: --by day"))
    period = replace(filter, since=since, until=until)
    earlier = replace(filter, since=since - (until - since), until=since)
    points, points_before = reader.series(Series(period, bucket)), reader.series(Series(earlier, bucket))
    state = reader.state()
    return Statistics(
        since,
        until,
        reader.totals(period),
        reader.totals(earlier),
        state.first is not None and state.first <= (earlier.since or 0),
        _shares(points, points_before),
        bucket,
        _buckets(points, since, until, bucket),
        state,
    )


def fitting_bucket(since: int, until: int) -> int:
    """Return how long a step is that shows a period (Unix milliseconds) in a few dozen of them."""
    seconds = (until - since) / 1000
    for bucket in (*BUCKETS, DAY, 7 * DAY):
        if seconds / bucket <= 50:
            return bucket
    return 28 * DAY


def changed_kinds(statistics: Statistics) -> tuple[EventKind, ...]:
    """Return the kinds of events that happened in either period."""
    return tuple(kind for kind in EventKind if statistics.now.of(kind) or statistics.before.of(kind))


def _shares(now: Sequence[Point], before: Sequence[Point]) -> tuple[JailShare, ...]:
    present, past = _by_jail(now), _by_jail(before)
    shares = [
        JailShare(jail, *present.get(jail, _NOTHING), *past.get(jail, _NOTHING))
        for jail in present.keys() | past.keys()
    ]
    return tuple(sorted(shares, key=lambda share: (-share.bans, -share.failures, share.jail)))


def _by_jail(points: Sequence[Point]) -> dict[str, tuple[int, int]]:
    """Return bans and failures of each jail."""
    counts: dict[str, tuple[int, int]] = {}
    for point in points:
        bans, failures = counts.get(point.jail, _NOTHING)
        counts[point.jail] = bans + point.bans, failures + point.failures
    return counts


def _buckets(points: Sequence[Point], since: int, until: int, bucket: int) -> tuple[Bucket, ...]:
    step = bucket * 1000
    starts = range(since // step * step, until, step)
    bans, failures = dict.fromkeys(starts, 0), dict.fromkeys(starts, 0)
    for point in points:
        if point.start in bans:
            bans[point.start] += point.bans
            failures[point.start] += point.failures
    return tuple(Bucket(start, bans[start], failures[start]) for start in starts)
