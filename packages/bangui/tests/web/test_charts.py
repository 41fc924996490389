from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from bangui.web.charts import bars_of, between_path
from bangui.web.contexts import Bar
from bangui.web.history_query import HistoryQuery

START = datetime(2026, 11, 1, tzinfo=UTC)


def bars(*values: int) -> tuple[Bar, ...]:
    starts = [START + timedelta(days=number) for number in range(len(values))]
    return bars_of(values, starts, START + timedelta(days=len(values)), HistoryQuery(kind="ban"))


def test_bars_are_as_high_as_their_share_of_the_highest_and_start_at_zero() -> None:
    none, half, highest = bars(0, 20, 40)
    assert (none.height, half.top, half.height, highest.top, highest.height) == (0, 50, 50, 0, 100)


def test_one_beside_thousands_can_still_be_seen() -> None:
    assert bars(1, 10_000)[0].height == 2


def test_bars_stay_within_the_chart_and_apart() -> None:
    many = bars(*range(60))
    assert all(bar.left >= 0 and bar.left + bar.width <= 100 for bar in many)
    assert all(one.left + one.width < other.left for one, other in pairwise(many))


def test_a_chart_of_nothing_has_no_bar_to_see() -> None:
    assert [bar.height for bar in bars(0, 0)] == [0, 0]
    assert bars() == ()


def test_a_bar_leads_to_the_events_of_its_time_and_no_bar_to_none() -> None:
    first, none, last = bars(1, 0, 1)
    assert first.path == "/history?kind=ban&since=2026-11-01T00:00Z&until=2026-11-02T00:00Z"
    assert none.path is None
    assert last.path is not None
    assert last.path.endswith("until=2026-11-04T00:00Z")


def test_a_stretch_of_time_is_named_in_utc() -> None:
    assert between_path(HistoryQuery(), START, START + timedelta(hours=1)) == (
        "/history?since=2026-11-01T00:00Z&until=2026-11-01T01:00Z"
    )
