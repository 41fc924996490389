from __future__ import annotations

from pathlib import Path

import pytest

from bangui.domain.history_queries import Metric
from bangui.domain.moments import milliseconds_of
from bangui.services.country_counts import CountryCounts, CountryLeaders, PlaceCount, read_countries, read_leaders
from packages.bangui.tests.filled_history import NOW, FilledHistory, ago, ban, failures

UNTIL = milliseconds_of(NOW)


@pytest.fixture
def past(tmp_path: Path) -> FilledHistory:
    history = FilledHistory(tmp_path / "history.sqlite3")
    history.record(
        [
            ban("203.0.113.7", 50, duration=60),
            ban("203.0.113.7", 40, duration=60),
            ban("203.0.113.9", 30, duration=60),
            ban("198.51.100.20", 20, duration=60),
            ban("192.0.2.7", 10, duration=60),
            ban("198.51.100.21", 3_000, duration=60),
            *failures("2001:db8::7", 15, number=4),
        ]
    )
    return history


def counts(past: FilledHistory, metric: Metric, minutes: float) -> CountryCounts:
    with past.open() as reader:
        return read_countries(reader, metric, ago(minutes), UNTIL)


def test_the_country_with_the_most_comes_first_and_what_is_unknown_is_counted_apart(past: FilledHistory) -> None:
    found = counts(past, Metric.BANS, 60)
    assert found.rows == (PlaceCount("DE", 3), PlaceCount("US", 1))
    assert (found.unknown, found.total) == (1, 5)


def test_only_what_happened_in_the_time_counts(past: FilledHistory) -> None:
    assert counts(past, Metric.BANS, 35).rows == (PlaceCount("DE", 1), PlaceCount("US", 1))
    assert counts(past, Metric.BANS, 4_000).rows[1] == PlaceCount("US", 2)


def test_failures_are_counted_like_bans(past: FilledHistory) -> None:
    found = counts(past, Metric.FAILURES, 60)
    assert found.rows == (PlaceCount("NL", 4),)
    assert (found.unknown, found.total) == (0, 4)


def test_nothing_at_all_is_no_row(tmp_path: Path) -> None:
    history = FilledHistory(tmp_path / "empty.sqlite3")
    history.record([])
    assert counts(history, Metric.BANS, 60) == CountryCounts((), 0)


def test_who_stands_out_in_a_country_is_named(past: FilledHistory) -> None:
    with past.open() as reader:
        found = read_leaders(reader, "DE", Metric.BANS, ago(60), UNTIL)
        nobody = read_leaders(reader, "FR", Metric.BANS, ago(60), UNTIL)
    assert found.addresses == (PlaceCount("203.0.113.7", 2), PlaceCount("203.0.113.9", 1))
    assert found.subnets == (PlaceCount("203.0.113.0/24", 3),)
    assert nobody == CountryLeaders((), ())
