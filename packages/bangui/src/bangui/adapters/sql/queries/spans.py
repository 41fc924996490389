"""A range of time as the grains that lie in it, and the edges that are left over.

Counts of a range are the sum of a few dozen rows of `rollups` or `kind_counts`, the largest grains that fit, and of the
events in two edges that are shorter than the smallest grain. A week or a season counts only if it is complete
(`schema.folds`); otherwise its days or weeks do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bangui.adapters.sql.queries.asker import Asker, query
from bangui.adapters.sql.schema import FOLD, Grain, RollupKey

HOUR = 3_600_000
DAY = 24 * HOUR
_OF_JAILS = (f'e."by" = {int(RollupKey.JAIL)}', "e.grain = :grain", "e.start >= :first", "e.start < :stop")


@dataclass(frozen=True, slots=True)
class Folds:
    """How many weeks and seasons since the epoch are complete."""

    weeks: int
    seasons: int


@dataclass(frozen=True, slots=True)
class Span:
    """Grains from `first` up to, but not with, `stop`."""

    grain: Grain
    first: int
    stop: int


@dataclass(frozen=True, slots=True)
class Edge:
    """A range of time in milliseconds, whose events have to be looked at one by one."""

    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Parts:
    """A range: each moment of it is in one of these."""

    spans: tuple[Span, ...]
    edges: tuple[Edge, ...]


def read_folds(asker: Asker) -> Folds:
    """Return which weeks and seasons are complete."""
    until: dict[int, int] = dict(asker.rows("SELECT grain, until FROM folds"))
    weeks = until.get(int(Grain.WEEK), 0) // FOLD
    return Folds(weeks, min(until.get(int(Grain.SEASON), 0), weeks) // FOLD)


def split(times: tuple[int, int], grains: Sequence[Grain], folds: Folds) -> Parts:
    """Split a range into grains of these lengths, which are given from the shortest on, and edges."""
    since, until = times
    shortest = grains[0] * HOUR
    first, stop = -(-since // shortest), until // shortest
    if first >= stop:
        return Parts((), tuple(_edges((since, until))))
    edges = tuple(_edges((since, first * shortest), (stop * shortest, until)))
    return Parts(tuple(_spans(first, stop, grains, folds)), edges)


def cover(times: tuple[int, int], folds: Folds) -> tuple[Span, ...]:
    """Return few grains from days on that hold all of a range, and perhaps some days before and after it."""
    day, stop = times[0] // DAY, -(-times[1] // DAY)
    week, end = day // FOLD, min(-(-stop // FOLD), folds.weeks)
    season, last = -(-week // FOLD), min(stop // (FOLD * FOLD), folds.seasons)
    if season >= last:
        # One season at most, which no longer matters.
        season = last = -(-end // FOLD)
    spans = (
        Span(Grain.WEEK, week, min(season * FOLD, end)),
        Span(Grain.SEASON, season, last),
        Span(Grain.WEEK, last * FOLD, end),
        Span(Grain.DAY, max(day, folds.weeks * FOLD), stop),
    )
    return tuple(span for span in spans if span.first < span.stop)


def read_lists(asker: Asker, spans: Sequence[Span]) -> list[tuple[int, int, int]]:
    """Return grain, start and jail of everything that was counted by day or longer: most jails see nothing for weeks.

    A clock that was wrong may have put events anywhere in time, so spans may be of any length.
    """
    sql = query("DISTINCT e.start, e.jail", "rollups e", _OF_JAILS)
    return [
        (int(span.grain), start, jail)
        for span in spans
        for start, jail in asker.rows(sql, {"grain": int(span.grain), "first": span.first, "stop": span.stop})
    ]


def read_starts(asker: Asker, spans: Sequence[Span]) -> list[tuple[int, int]]:
    """Return grain and start of everything that was counted by day or longer."""
    return sorted({(grain, start) for grain, start, _ in read_lists(asker, spans)})


def _edges(*ranges: tuple[int, int]) -> Iterator[Edge]:
    for since, until in ranges:
        if since < until:
            yield Edge(since, until)


def _spans(first: int, stop: int, grains: Sequence[Grain], folds: Folds) -> Iterator[Span]:
    """Yield what of a range fits into the next longer grain, and what is left of it on both sides."""
    grain, longer = grains[0], grains[1:]
    if longer:
        times = longer[0] // grain
        inner, end = -(-first // times), stop // times
        end = min(end, _complete(longer[0], folds))
        if inner < end:
            if first < inner * times:
                yield Span(grain, first, inner * times)
            yield from _spans(inner, end, longer, folds)
            first = end * times
    if first < stop:
        yield Span(grain, first, stop)


def _complete(grain: Grain, folds: Folds) -> int:
    """Return how many grains since the epoch are complete; hours and days always are."""
    if grain is Grain.WEEK:
        return folds.weeks
    return folds.seasons if grain is Grain.SEASON else 1 << 40
