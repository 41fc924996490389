"""The address of a chart: which span of time it shows, and what it counts.

`?range=7d` is so much time back from now; `?since=...&until=...` is what somebody has dragged out of a chart. Without
either it is a day, or less where the record is younger than that, so that a first look shows more than one bar. What
cannot be understood is an error with a way back, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from bangui.domain.history_queries import Metric
from bangui.domain.moments import milliseconds_of, moment_of, parse_moment
from bangui.services.time_chart import RANGES, ChartSpan, span_back, span_between
from bangui.web.errors import Problem, WebError
from bangui.web.language import gettext as _

CHART_PATH = "/regions/chart"
USUAL_RANGE = "24h"
_LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class ChartQuery:
    """What a chart shows. Where `since` is set it counts, otherwise `range` does, which is empty for the usual one."""

    range: str = ""
    since: str = ""
    until: str = ""
    metric: Metric = Metric.BANS

    @property
    def is_zoomed(self) -> bool:
        """Whether it shows a span of its own."""
        return bool(self.since)


def read_chart_query(parameters: Mapping[str, str]) -> ChartQuery:
    """Return the chart that a URL asks for; parameters that are not about charts are ignored."""
    words = {name: parameters.get(name, "").strip() for name in ("range", "since", "until", "show")}
    if any(len(word) > _LONGEST_WORD for word in words.values()):
        raise _unknown()
    metric = {"": Metric.BANS} | {metric.value: metric for metric in Metric}
    if words["show"] not in metric or (words["range"] or USUAL_RANGE) not in RANGES:
        raise _unknown()
    query = ChartQuery(words["range"], metric=metric[words["show"]])
    return replace(query, since=words["since"], until=words["until"]) if words["since"] else query


def chart_path(query: ChartQuery, base: str = "/") -> str:
    """Return the address of a page with this chart; what is usual is left out."""
    words = {
        "range": "" if query.is_zoomed else query.range,
        "since": query.since,
        "until": query.until,
        "show": "" if query.metric is Metric.BANS else query.metric.value,
    }
    parameters = urlencode({name: word for name, word in words.items() if word}, errors="replace", safe=":")
    return f"{base}?{parameters}" if parameters else base


def range_of(query: ChartQuery, first: int | None, now: datetime) -> str:
    """Return the range of a chart over a record that begins at a moment (Unix milliseconds); empty for a zoomed one."""
    if query.is_zoomed or query.range:
        return "" if query.is_zoomed else query.range
    age = RANGES[USUAL_RANGE] if first is None else (milliseconds_of(now) - first) / 1000
    fitting = (range for range, seconds in RANGES.items() if 0 < age <= seconds <= RANGES[USUAL_RANGE])
    return next(fitting, USUAL_RANGE)


def span_of(query: ChartQuery, now: datetime, range: str = "") -> ChartSpan:
    """Return the span of a chart, `range` where it has none; raises `InvalidInput` for times that make no sense."""
    if not query.is_zoomed:
        return span_back(RANGES[query.range or range or USUAL_RANGE], milliseconds_of(now))
    until = parse_moment(query.until, now) if query.until else milliseconds_of(now)
    return span_between(parse_moment(query.since, now), until)


def wider(query: ChartQuery, span: ChartSpan, now: datetime) -> ChartQuery:
    """Return the chart of twice the time around the same middle, as far as time has come."""
    half = (span.until - span.since) // 2
    until = min(span.until + half, milliseconds_of(now))
    since = max(until - 4 * half, 0)
    return replace(query, since=minute(since), until=minute(until))


def minute(milliseconds: int) -> str:
    """Return a moment to the minute, as a URL says it; none where no calendar reaches."""
    moment = moment_of(milliseconds)
    return "" if moment is None else f"{moment:%Y-%m-%dT%H:%MZ}"


def _unknown() -> WebError:
    return WebError(
        Problem(
            400,
            _("No such chart"),
            _("The address asks for a range or a number that there is no chart of."),
            _("Start again from the overview."),
        )
    )
