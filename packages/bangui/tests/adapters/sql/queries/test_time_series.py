from __future__ import annotations

import pytest

from bangui.adapters.sql.reader import SqlHistoryReader
from bangui.domain.errors import InvalidInput
from bangui.domain.history_queries import Filter, Point, Series
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.seen import DAY, HOUR, START, ban, batch, failure

MINUTE = 60_000
FIRST_DAY = START // DAY * DAY


def _points(store: Store, bucket: int, since: int | None = None, until: int | None = None) -> list[Point]:
    return list(SqlHistoryReader(store.engine).series(Series(Filter(since=since, until=until), bucket)))


def test_points_are_in_the_order_of_time_and_jail_and_empty_buckets_are_left_out(store: Store) -> None:
    at = FIRST_DAY
    store.writer.record(
        batch(failure(at, jail="b"), failure(at, jail="a"), ban(at + MINUTE, jail="b"), failure(at + 2 * DAY))
    )

    assert _points(store, 86_400) == [
        Point(at, "a", 0, 1),
        Point(at, "b", 1, 1),
        Point(at + 2 * DAY, "sshd", 0, 1),
    ]
    assert _points(store, 7 * 86_400)[0].start == at // (7 * DAY) * 7 * DAY


@pytest.mark.parametrize("bucket", [60, 300, 900, 3_600, 10_800, 21_600, 86_400, 2 * 86_400])
def test_edges_that_cut_a_bucket_count_only_what_is_inside(store: Store, bucket: int) -> None:
    times = [FIRST_DAY + number * 7 * MINUTE for number in range(300)]
    store.writer.record(batch(*(failure(time) for time in times)))
    since, until = times[3] + 1, times[290]

    counted: dict[int, int] = {}
    for time in times:
        if since <= time < until:
            start = time - time % (bucket * 1000)
            counted[start] = counted.get(start, 0) + 1
    assert {point.start: point.failures for point in _points(store, bucket, since, until)} == counted


def test_short_buckets_are_for_two_days_at_most(store: Store) -> None:
    store.writer.record(batch(failure(START), failure(START + 30 * DAY)))

    with pytest.raises(InvalidInput, match="too long") as raised:
        _points(store, 60)
    assert "3600" in raised.value.hint
    assert _points(store, 60, since=START + 29 * DAY)
    # What counts is what there is, not what is asked for.
    assert len(_points(store, 900, since=0, until=START + DAY)) == 1


@pytest.mark.parametrize("bucket", [-86_400, 0, 1, 61, 7_200, 86_401])
def test_other_buckets_are_refused_with_those_there_are(store: Store, bucket: int) -> None:
    with pytest.raises(InvalidInput, match="are not counted") as raised:
        _points(store, bucket)
    assert "whole days" in raised.value.hint


def test_a_history_without_events_has_no_points(store: Store) -> None:
    assert _points(store, 3_600) == []
    assert _points(store, 3_600, since=START, until=START + HOUR) == []
