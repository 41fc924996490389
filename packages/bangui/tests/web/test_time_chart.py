from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bangui.domain.history_ports import StoreError, StoreTrouble
from bangui.domain.history_queries import Metric
from bangui.domain.moments import milliseconds_of
from bangui.services.time_chart import ChartSpan, JailCounts, TimeChart
from bangui.web.chart_contexts import Drawing, TimeChartView
from bangui.web.chart_query import ChartQuery
from bangui.web.jail_colours import JailColours
from bangui.web.time_chart import build_chart, build_trouble

NOW = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
MOMENT = milliseconds_of(NOW)
HOUR = 3_600_000
COLOURS = JailColours(("a", "b"))


def chart_of(*jails: JailCounts, hours: int = 4, until: int = MOMENT) -> TimeChart:
    span = ChartSpan(until - hours * HOUR, until, 3_600)
    return TimeChart(span, Metric.BANS, tuple(range(span.since // HOUR * HOUR, until, HOUR)), jails)


def view_of(chart: TimeChart, query: ChartQuery | None = None, first: int | None = 0) -> TimeChartView:
    query = query or ChartQuery()
    return build_chart(query, query.range or "24h", chart, COLOURS, (NOW, first))


def drawing_of(chart: TimeChart, first: int | None = 0) -> Drawing:
    drawing = view_of(chart, first=first).drawing
    assert drawing is not None
    return drawing


def test_columns_stand_where_their_time_is_and_are_as_wide() -> None:
    columns = drawing_of(chart_of(JailCounts("a", (1, 2, 3, 4, 5), 15))).columns
    assert [(column.left, column.width) for column in columns] == [
        (1.25, 10),
        (15, 20),
        (40, 20),
        (65, 20),
        (88.75, 10),
    ]
    assert [column.words for column in columns][::4] == ["23 Nov 2026, 16:30–17:00 UTC", "23 Nov 2026, 20:00–20:30 UTC"]


def test_jails_are_stacked_from_zero_in_the_order_of_their_tones() -> None:
    low, high = sorted(("a", "b"), key=COLOURS.tone)
    chart = chart_of(JailCounts(high, (0, 30, 0, 0, 0), 30), JailCounts(low, (0, 10, 0, 0, 0), 10))
    drawing = drawing_of(chart)
    bottom, top = drawing.columns[1].segments
    assert (bottom.tone, bottom.top, bottom.height) == (COLOURS.tone(low), 75, 25)
    assert (top.tone, top.top, top.height) == (COLOURS.tone(high), 0, 75)
    assert [(part.jail, part.value) for part in drawing.columns[1].parts] == [(high, 30), (low, 10)]
    assert [(entry.jail, entry.tone, entry.total) for entry in drawing.legend] == [
        (high, COLOURS.tone(high), 30),
        (low, COLOURS.tone(low), 10),
    ]


def test_each_column_and_each_jail_lead_to_what_they_count() -> None:
    drawing = drawing_of(chart_of(JailCounts("a", (0, 2, 0, 0, 0), 2)))
    assert drawing.path == "/history?kind=ban&since=2026-11-23T16:30Z&until=2026-11-23T20:30Z"
    assert drawing.columns[1].path == "/history?kind=ban&since=2026-11-23T17:00Z&until=2026-11-23T18:00Z"
    assert drawing.columns[0].path is None
    assert drawing.legend[0].path == "/history?kind=ban&jail=a&since=2026-11-23T16:30Z&until=2026-11-23T20:30Z"


def test_a_single_event_in_a_high_chart_can_be_seen() -> None:
    columns = drawing_of(chart_of(JailCounts("a", (1_000_000, 1, 0, 0, 0), 1_000_001))).columns
    assert columns[1].segments[0].height == 1


@pytest.mark.parametrize(("number", "named"), [(8, 8), (9, 7), (40, 7)])
def test_the_largest_jails_stand_for_themselves_and_the_others_together(number: int, named: int) -> None:
    jails = [JailCounts(f"jail-{one:02}", (100 - one, 0, 0, 0, 0), 100 - one) for one in range(number)]
    drawing = drawing_of(chart_of(*jails))
    shown = [entry.jail for entry in drawing.legend if entry.jail is not None]
    assert sorted(shown) == [jail.jail for jail in jails[:named]]
    others = [entry.total for entry in drawing.legend if entry.jail is None]
    assert others == ([sum(jail.total for jail in jails[named:])] if number > named else [])
    assert drawing.columns[0].segments[-1].top >= 0


def test_a_quiet_time_is_a_chart_without_columns_to_follow() -> None:
    drawing = drawing_of(chart_of())
    assert (drawing.total, drawing.legend, [column.path for column in drawing.columns]) == (0, (), [None] * 5)
    assert [tick.text for tick in drawing.rows] == ["0", "1"]


def test_says_where_the_record_begins_when_that_is_in_sight() -> None:
    assert drawing_of(chart_of(), first=MOMENT - HOUR).recorded_since == datetime(2026, 11, 23, 19, 30, tzinfo=UTC)
    assert drawing_of(chart_of(), first=MOMENT - 5 * HOUR).recorded_since is None
    assert drawing_of(chart_of(), first=None).recorded_since is None


def test_what_reaches_up_to_now_is_drawn_again_and_the_past_is_not() -> None:
    assert view_of(chart_of()).refresh == 60
    past = ChartQuery(since="2026-11-23T10:00Z", until="2026-11-23T14:00Z")
    assert view_of(chart_of(until=MOMENT - 6 * HOUR), past).refresh == 0


def test_the_choices_keep_what_they_do_not_change() -> None:
    view = view_of(chart_of(), ChartQuery("7d", metric=Metric.FAILURES))
    assert [choice.key for choice in view.ranges if choice.is_chosen] == ["7d"]
    assert [choice.path for choice in view.ranges][-1] == "/?range=1y&show=failures"
    assert [(choice.key, choice.path, choice.is_chosen) for choice in view.metrics] == [
        ("bans", "/?range=7d", False),
        ("failures", "/?range=7d&show=failures", True),
    ]
    assert view.wider_path is None


def test_a_span_of_its_own_is_no_range_and_can_be_left() -> None:
    view = view_of(chart_of(), ChartQuery(since="2026-11-23T16:30Z", until="2026-11-23T20:30Z"))
    assert [choice.key for choice in view.ranges if choice.is_chosen] == []
    assert view.wider_path == "/?since=2026-11-23T12:30Z&until=2026-11-23T20:30Z"
    assert view.source == "/regions/chart?since=2026-11-23T16:30Z&until=2026-11-23T20:30Z"


def test_trouble_with_the_history_is_said_and_the_choices_stay() -> None:
    view = build_trouble(ChartQuery(), StoreError("it is damaged", "repair it", trouble=StoreTrouble.DAMAGED), NOW)
    assert (view.drawing, view.problem, view.hint) == (None, "It is damaged.", "Repair it.")
    assert len(view.ranges) == 7
    assert view.refresh
