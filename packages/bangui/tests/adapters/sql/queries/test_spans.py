from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.sql.queries.spans import DAY, HOUR, Folds, Span, cover, read_lists, read_starts, split
from bangui.adapters.sql.schema import GRAINS, GRAINS_OF_KINDS, Grain, RollupKey
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.queries.asking import asking
from packages.bangui.tests.adapters.sql.seen import START, batch, failure

FIRST = 1_700_000_000_000
TIMES = st.integers(FIRST, FIRST + 900 * DAY)
ALIGNED = st.integers(FIRST // DAY, FIRST // DAY + 900).map(lambda day: day * DAY)
RANGES = st.tuples(TIMES | ALIGNED, TIMES | ALIGNED).map(lambda ends: (min(ends), max(ends)))
FOLDS = st.integers(0, 2_700).flatmap(lambda weeks: st.builds(Folds, st.just(weeks), st.integers(0, weeks // 8)))
GRAIN_CHOICES = st.sampled_from([GRAINS_OF_KINDS, GRAINS[RollupKey.ID], (Grain.HOUR,), (Grain.HOUR, Grain.DAY)])


@given(RANGES, GRAIN_CHOICES, FOLDS)
def test_the_parts_of_a_range_are_the_range_and_each_moment_is_in_one(
    times: tuple[int, int], grains: tuple[Grain, ...], folds: Folds
) -> None:
    parts = split(times, grains, folds)

    pieces = [(edge.since, edge.until) for edge in parts.edges]
    pieces += [(span.first * span.grain * HOUR, span.stop * span.grain * HOUR) for span in parts.spans]
    pieces.sort()
    if times[0] == times[1]:
        assert pieces == []
        return
    assert pieces[0][0] == times[0]
    assert pieces[-1][1] == times[1]
    assert all(begin < end for begin, end in pieces)
    assert all(before[1] == after[0] for before, after in pairwise(pieces))


@given(RANGES, GRAIN_CHOICES, FOLDS)
def test_only_complete_weeks_and_seasons_count(times: tuple[int, int], grains: tuple[Grain, ...], folds: Folds) -> None:
    for span in split(times, grains, folds).spans:
        assert span.grain in grains
        if span.grain is Grain.WEEK:
            assert span.stop <= folds.weeks
        if span.grain is Grain.SEASON:
            assert span.stop <= folds.seasons


@given(RANGES, FOLDS)
def test_edges_are_shorter_than_the_shortest_grain(times: tuple[int, int], folds: Folds) -> None:
    parts = split(times, GRAINS_OF_KINDS, folds)

    if parts.spans:
        assert all(edge.until - edge.since < HOUR for edge in parts.edges)


def test_two_years_of_complete_seasons_are_a_few_dozen_grains() -> None:
    parts = split((FIRST, FIRST + 730 * DAY), GRAINS[RollupKey.ID], Folds(2_700, 337))

    assert sum(span.stop - span.first for span in parts.spans) < 60


@given(RANGES, FOLDS)
def test_a_cover_holds_the_range_without_holding_anything_twice(times: tuple[int, int], folds: Folds) -> None:
    pieces = sorted(_milliseconds(span) for span in cover(times, folds))

    if times[0] == times[1]:
        return
    assert pieces[0][0] <= times[0]
    assert pieces[-1][1] >= times[1]
    assert all(before[1] == after[0] for before, after in pairwise(pieces))


@given(RANGES, FOLDS)
def test_a_cover_uses_what_is_complete_and_reaches_no_more_than_a_week_beyond(
    times: tuple[int, int], folds: Folds
) -> None:
    for span in cover(times, folds):
        begin, end = _milliseconds(span)
        assert span.grain is not Grain.WEEK or span.stop <= folds.weeks
        assert span.grain is not Grain.SEASON or span.stop <= folds.seasons
        assert begin > times[0] - 8 * DAY
        assert end < times[1] + 8 * DAY


def _milliseconds(span: Span) -> tuple[int, int]:
    return span.first * span.grain * HOUR, span.stop * span.grain * HOUR


def test_two_years_of_complete_seasons_are_covered_by_a_few_dozen_grains() -> None:
    spans = cover((FIRST, FIRST + 730 * DAY), Folds(2_700, 337))

    assert sum(span.stop - span.first for span in spans) < 30


def test_only_what_was_counted_is_read_however_long_a_span_is(store: Store) -> None:
    # A clock that is wrong by centuries.
    late = START + 300 * 365 * DAY
    store.writer.record(batch(failure(START, jail="a"), failure(START, jail="b"), failure(late, jail="a")))

    spans = (Span(Grain.DAY, 0, 10**9), Span(Grain.WEEK, 0, 0))
    with asking(store) as asker:
        names: dict[int, str] = dict(asker.rows("SELECT number, name FROM jails"))
        lists = read_lists(asker, spans)
        assert sorted((grain, start, names[jail]) for grain, start, jail in lists) == [
            (24, START // DAY, "a"),
            (24, START // DAY, "b"),
            (24, late // DAY, "a"),
        ]
        assert read_starts(asker, spans) == [(24, START // DAY), (24, late // DAY)]
