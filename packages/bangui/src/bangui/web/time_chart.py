"""Build the time chart from its numbers: pure, no I/O.

Columns stand where their time is, so one that the edge of the span cuts off is as narrow as the time that it counts.
Jails are stacked in the order of their tones, the darkest at the bottom; the largest few by themselves, the others
together on top.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from bangui.domain.errors import BanGUIError
from bangui.domain.history_queries import Metric
from bangui.services.time_chart import RANGES, JailCounts, TimeChart
from bangui.web.chart_contexts import Choice, Column, Drawing, LegendEntry, Part, Segment, TimeChartView
from bangui.web.chart_query import CHART_PATH, USUAL_RANGE, ChartQuery, chart_path, minute, wider
from bangui.web.chart_scale import column_words, number_ticks, step_words, time_ticks, top_of
from bangui.web.history_query import HistoryQuery, history_path
from bangui.web.jail_colours import JailColours
from bangui.web.keys import row_key
from bangui.web.words import sentence

_SHOWN = 7
"""Jails with a colour of their own; where there is one more, it gets one too, since nobody is left to be summed up."""
# Of the width that each column has.
_COLUMN_SHARE = 0.8
# What stands for anything at all can be seen.
_LOWEST = 1.0
_KINDS = {Metric.BANS: "ban", Metric.FAILURES: "failure"}
_SHORTEST_REFRESH, _LONGEST_REFRESH = 5, 60


def build_chart(
    query: ChartQuery, range: str, chart: TimeChart, colours: JailColours, moments: tuple[datetime, int | None]
) -> TimeChartView:
    """Return the view of a chart; `range` is the one that it has in the end.

    `moments` are now, and when the record begins (Unix milliseconds).
    """
    (now, first), span = moments, chart.span
    is_moving = span.until > now.timestamp() * 1000 - span.step * 1000
    return TimeChartView(
        now,
        query.metric,
        chart_path(query),
        chart_path(query, CHART_PATH),
        *_choices(query, range),
        chart_path(wider(query, span, now)) if query.is_zoomed else None,
        min(max(span.step // 12, _SHORTEST_REFRESH), _LONGEST_REFRESH) if is_moving else 0,
        _drawing(query.metric, chart, colours, first),
    )


def build_trouble(query: ChartQuery, trouble: BanGUIError, now: datetime) -> TimeChartView:
    """Return the view of a chart whose numbers cannot be had."""
    problem, hint = sentence(trouble.message), sentence(trouble.hint)
    return TimeChartView(
        now,
        query.metric,
        chart_path(query),
        chart_path(query, CHART_PATH),
        *_choices(query, query.range or USUAL_RANGE),
        None,
        _SHORTEST_REFRESH,
        None,
        problem,
        hint,
    )


def _choices(query: ChartQuery, shown: str) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    ranges = tuple(
        Choice(range, chart_path(ChartQuery(range, metric=query.metric)), range == shown and not query.is_zoomed)
        for range in RANGES
    )
    metrics = tuple(
        Choice(
            metric.value,
            chart_path(ChartQuery(query.range, query.since, query.until, metric)),
            metric is query.metric,
        )
        for metric in Metric
    )
    return ranges, metrics


def _drawing(metric: Metric, chart: TimeChart, colours: JailColours, first: int | None) -> Drawing:
    span = chart.span
    since, until = _instant(span.since), _instant(span.until)
    shown = _shown(chart.jails, colours)
    totals = chart.totals
    top, pitch = top_of(max(totals, default=0))
    everything = HistoryQuery(kind=_KINDS[metric], since=minute(span.since), until=minute(span.until))
    return Drawing(
        since,
        until,
        span.step,
        step_words(span.step),
        sum(totals),
        history_path(everything),
        tuple(_columns(metric, chart, shown, top)),
        tuple(_legend(metric, chart, shown)),
        number_ticks(top, pitch),
        time_ticks(since, until),
        _instant(first) if first is not None and first > span.since else None,
    )


Shown = Sequence[tuple[int | None, str | None, tuple[int, ...]]]
"""Tone, jail and counts of what is stacked, from the bottom to the top."""


def _shown(jails: Sequence[JailCounts], colours: JailColours) -> Shown:
    number = len(jails) if len(jails) <= _SHOWN + 1 else _SHOWN
    named = sorted((colours.tone(jail.jail), jail.jail, jail.counts) for jail in jails[:number])
    others = tuple(map(sum, zip(*(jail.counts for jail in jails[number:]), strict=True)))
    return (*named, *([(None, None, others)] if others else ()))


def _columns(metric: Metric, chart: TimeChart, shown: Shown, top: int) -> Iterator[Column]:
    span, length = chart.span, chart.span.until - chart.span.since
    for place, (start, total) in enumerate(zip(chart.starts, chart.totals, strict=True)):
        begin, end = max(start, span.since), min(start + span.step * 1000, span.until)
        width = 100 * (end - begin) / length
        moments = _instant(begin), _instant(end)
        query = HistoryQuery(kind=_KINDS[metric], since=minute(begin), until=minute(end))
        yield Column(
            moments[0],
            column_words(*moments),
            total,
            round(100 * (begin - span.since) / length + width * (1 - _COLUMN_SHARE) / 2, 3),
            round(width * _COLUMN_SHARE, 3),
            tuple(_segments([(tone, counts[place]) for tone, _, counts in shown], top)),
            tuple(Part(jail, counts[place]) for _, jail, counts in reversed(shown) if counts[place]),
            history_path(query) if total else None,
        )


def _segments(counts: Sequence[tuple[int | None, int]], top: int) -> Iterator[Segment]:
    floor = 0.0
    for tone, count in counts:
        if count:
            height = min(max(100 * count / top, _LOWEST), 100 - floor)
            floor += height
            yield Segment(tone, round(100 - floor, 2), round(height, 2))


def _legend(metric: Metric, chart: TimeChart, shown: Shown) -> Iterator[LegendEntry]:
    for tone, jail, counts in reversed(shown):
        query = HistoryQuery(
            kind=_KINDS[metric], jail=jail or "", since=minute(chart.span.since), until=minute(chart.span.until)
        )
        key = row_key("jail", jail or "")
        yield LegendEntry(key, jail, tone, sum(counts), history_path(query) if jail else None)


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)
