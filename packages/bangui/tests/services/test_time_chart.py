from __future__ import annotations

from pathlib import Path

import pytest

from bangui.domain.errors import InvalidInput
from bangui.domain.history import EventKind, Observation
from bangui.domain.history_queries import Metric
from bangui.domain.moments import milliseconds_of
from bangui.services.time_chart import (
    MOST_STEPS,
    RANGES,
    ChartSpan,
    TimeChart,
    read_time_chart,
    span_back,
    span_between,
)
from packages.bangui.tests.filled_history import NOW, FilledHistory, ago, ban, event

MOMENT = milliseconds_of(NOW)
HOUR = 3_600


def chart_of(
    folder: Path, *observations: Observation, span: ChartSpan, metric: Metric = Metric.BANS, jails: tuple[str, ...] = ()
) -> TimeChart:
    past = FilledHistory(folder / "history.sqlite3")
    past.record(observations)
    with past.open() as reader:
        return read_time_chart(reader, span, metric, jails)


def steps_of(span: ChartSpan) -> int:
    length = span.step * 1000
    return -(-span.until // length) - span.since // length


@pytest.mark.parametrize("seconds", RANGES.values())
@pytest.mark.parametrize("late", [0, 1, 59_999, 86_399_999])
def test_each_range_has_enough_steps_and_not_too_many(seconds: int, late: int) -> None:
    assert 24 <= steps_of(span_back(seconds, MOMENT + late)) <= MOST_STEPS


@pytest.mark.parametrize("seconds", [60, 599, 5 * HOUR, 26 * HOUR, 49 * HOUR, 40 * 24 * HOUR, 10 * 365 * 24 * HOUR])
def test_any_span_finds_steps_that_fit(seconds: int) -> None:
    span = span_between(MOMENT - seconds * 1000 - 7, MOMENT + 7)
    assert 1 <= steps_of(span) <= MOST_STEPS
    assert span.step >= HOUR or seconds <= 48 * HOUR  # shorter ones are counted for two days only


@pytest.mark.parametrize("seconds", [-5, 0, 59, 101 * 365 * 24 * HOUR])
def test_a_span_that_cannot_be_drawn_is_refused(seconds: int) -> None:
    with pytest.raises(InvalidInput):
        span_between(MOMENT - seconds * 1000, MOMENT)


def test_the_counts_stand_in_their_steps_by_jail(tmp_path: Path) -> None:
    chart = chart_of(
        tmp_path,
        ban("192.0.2.1", 10),
        ban("192.0.2.2", 70),
        ban("192.0.2.3", 70, "postfix"),
        ban("192.0.2.4", 75, "postfix"),
        ban("192.0.2.5", 119, "postfix"),
        ban("192.0.2.6", 121, "recidive"),
        event(EventKind.FAILURE, "192.0.2.1", 12, "web"),
        span=span_between(ago(120), MOMENT, HOUR),
    )
    assert chart.starts == (ago(120), ago(60))
    assert [(jail.jail, jail.counts, jail.total) for jail in chart.jails] == [
        ("postfix", (3, 0), 3),
        ("sshd", (1, 1), 2),
    ]
    assert chart.totals == (4, 1)


def test_failures_are_counted_by_themselves(tmp_path: Path) -> None:
    seen = (ban("192.0.2.1", 10), event(EventKind.FAILURE, "192.0.2.1", 12, "web"))
    chart = chart_of(tmp_path, *seen, span=span_back(HOUR, MOMENT), metric=Metric.FAILURES)
    assert [(jail.jail, jail.total) for jail in chart.jails] == [("web", 1)]
    assert [place for place, count in enumerate(chart.totals) if count] == [48]


def test_steps_that_the_span_cuts_count_only_what_lies_in_it(tmp_path: Path) -> None:
    seen = (ban("192.0.2.1", 100), ban("192.0.2.2", 80), ban("192.0.2.3", 10))
    chart = chart_of(tmp_path, *seen, span=span_between(ago(90), ago(20), HOUR))
    assert chart.starts == (ago(120), ago(60))
    assert chart.totals == (1, 0)


def test_one_jail_can_be_asked_for(tmp_path: Path) -> None:
    seen = (ban("192.0.2.1", 10), ban("192.0.2.2", 10, "postfix"))
    chart = chart_of(tmp_path, *seen, span=span_back(HOUR, MOMENT), jails=("sshd",))
    assert [jail.jail for jail in chart.jails] == ["sshd"]


def test_a_quiet_time_has_its_steps_and_no_jail(tmp_path: Path) -> None:
    chart = chart_of(tmp_path, span=span_back(24 * HOUR, MOMENT))
    assert (len(chart.starts), chart.jails, set(chart.totals)) == (24, (), {0})
