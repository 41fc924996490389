from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl

import pytest

from bangui.domain.errors import InvalidInput
from bangui.domain.history_queries import Metric
from bangui.domain.moments import milliseconds_of
from bangui.services.time_chart import RANGES
from bangui.web.chart_query import ChartQuery, chart_path, range_of, read_chart_query, span_of, wider
from bangui.web.errors import WebError
from packages.bangui.tests.web.scripted import NOW

HOUR = timedelta(hours=1)


def read(query: str) -> ChartQuery:
    return read_chart_query(dict(parse_qsl(query)))


def test_a_day_of_bans_is_what_an_address_without_words_shows() -> None:
    assert read("") == ChartQuery() == read("jail=sshd&q=203.0.113.7")
    assert chart_path(read("")) == "/"
    assert span_of(read(""), NOW) == span_of(ChartQuery("24h"), NOW)


@pytest.mark.parametrize(
    ("age", "range"),
    [
        (timedelta(minutes=5), "1h"),
        (timedelta(hours=2), "6h"),
        (timedelta(hours=7), "24h"),
        (timedelta(days=900), "24h"),
        (timedelta(days=-1), "24h"),
    ],
)
def test_a_young_record_is_shown_over_less_than_a_day(age: timedelta, range: str) -> None:
    first = milliseconds_of(NOW - age)
    assert range_of(read(""), first, NOW) == range
    assert range_of(read("range=7d"), first, NOW) == "7d"
    assert range_of(read("since=1h"), first, NOW) == ""


def test_without_a_record_it_is_a_day() -> None:
    assert range_of(read(""), None, NOW) == "24h"


@pytest.mark.parametrize(
    "query",
    [
        "range=7d",
        "range=24h",
        "range=1y&show=failures",
        "since=2026-11-23T03:00Z&until=2026-11-23T04:00Z",
        "since=2026-11-23T03:00Z&show=failures",
    ],
)
def test_an_address_says_what_it_shows(query: str) -> None:
    assert chart_path(read(query)) == f"/?{query}"


@pytest.mark.parametrize("query", ["range=2h", "show=unbans", "range=" + "7" * 100, "since=" + "2" * 100])
def test_an_address_that_means_nothing_is_an_error_with_a_way_back(query: str) -> None:
    with pytest.raises(WebError) as caught:
        read(query)
    assert caught.value.problem.status == 400


@pytest.mark.parametrize("name", RANGES)
def test_a_range_ends_now(name: str) -> None:
    span = span_of(ChartQuery(name), NOW)
    assert span.until == milliseconds_of(NOW)
    assert span.until - span.since == RANGES[name] * 1000


def test_a_span_of_its_own_may_be_open_at_its_end() -> None:
    span = span_of(read("since=2026-11-23T03:00Z"), NOW)
    assert (span.until, span.step) == (milliseconds_of(NOW), 900)


@pytest.mark.parametrize("query", ["since=never", "since=1h&until=2h", "since=2026-11-23T03:00Z&until=<b>"])
def test_times_that_cannot_be_understood_are_refused(query: str) -> None:
    with pytest.raises(InvalidInput):
        span_of(read(query), NOW)


def test_zooming_out_doubles_the_time_around_its_middle() -> None:
    query = read("since=2026-11-23T10:00Z&until=2026-11-23T14:00Z&show=failures")
    out = wider(query, span_of(query, NOW), NOW)
    assert (out.since, out.until, out.metric) == ("2026-11-23T08:00Z", "2026-11-23T16:00Z", Metric.FAILURES)


def test_zooming_out_does_not_show_what_is_to_come() -> None:
    query = read("since=2026-11-23T16:41Z&until=2026-11-23T20:41Z")
    out = wider(query, span_of(query, NOW), NOW)
    assert (out.since, out.until) == ("2026-11-23T12:41Z", "2026-11-23T20:41Z")
