from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bangui.cli.times import ago, clock, exact, left, recent

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_exact_times_carry_the_zone_of_this_machine() -> None:
    assert exact(NOON) == "2026-06-01T14:00:00+02:00"


def test_relative_times_are_rough() -> None:
    assert ago(NOON - timedelta(minutes=4, seconds=30), NOON) == "4 min ago"
    assert left(NOON + timedelta(hours=23, minutes=59), NOON) == "23 h left"
    assert left(NOON, NOON) == "ending now"
    assert left(None, NOON) == "permanent"


@pytest.mark.parametrize(
    ("passed", "text"),
    [
        (timedelta(minutes=4), "4 min ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(days=12), "May 20 14:00"),
        (timedelta(days=400), "2025-04-27 14:00"),
    ],
)
def test_what_is_long_ago_is_told_by_its_date(passed: timedelta, text: str) -> None:
    assert recent(NOON - passed, NOON) == text


def test_the_clock_shows_the_date_only_where_it_is_another_day() -> None:
    assert clock(NOON, NOON) == "14:00:00"
    assert clock(NOON - timedelta(days=1), NOON) == "2026-05-31 14:00:00"
