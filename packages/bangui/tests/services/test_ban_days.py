from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bangui.domain.history import Observation
from bangui.domain.history_queries import Filter
from bangui.services.ban_days import BanDays, count_ban_days
from packages.bangui.tests.filled_history import NOW, FilledHistory, ban, failures

DAY = 24 * 60
ID = "203.0.113.7"


def days_of(path: Path, *observations: Observation) -> BanDays | None:
    history = FilledHistory(path / "history.sqlite3")
    history.record(observations)
    with history.open() as reader:
        return count_ban_days(reader, Filter(id=ID), NOW)


def test_bans_are_counted_by_days_up_to_today_and_nothing_else_is(tmp_path: Path) -> None:
    days = days_of(
        tmp_path, ban(ID, 1), ban(ID, 2 * DAY), ban(ID, 2 * DAY + 5), ban("203.0.113.8", 5), *failures(ID, 9)
    )
    assert days is not None
    assert (days.step, days.is_whole, len(days.starts)) == (1, True, 30)
    assert days.starts[-1] == datetime(2026, 6, 1, tzinfo=UTC)
    assert (days.counts[-1], days.counts[-3], sum(days.counts)) == (1, 2, 3)


@pytest.mark.parametrize(("age", "step"), [(59, 1), (60, 7), (400, 7), (500, 28), (5_000, 28)])
def test_a_longer_time_is_counted_by_longer_steps_and_shown_whole(tmp_path: Path, age: int, step: int) -> None:
    days = days_of(tmp_path, ban(ID, 1), ban(ID, age * DAY))
    assert days is not None
    assert days.step == step
    assert days.starts[0] <= NOW - timedelta(days=age)
    assert days.starts[-1] + timedelta(days=step) == datetime(2026, 6, 2, tzinfo=UTC)
    assert sum(days.counts) == 2


def test_without_a_ban_there_is_nothing_to_count(tmp_path: Path) -> None:
    assert days_of(tmp_path, *failures(ID, 9)) is None


def test_of_very_many_bans_the_newest_are_counted(tmp_path: Path) -> None:
    days = days_of(tmp_path, *(ban(ID, minute) for minute in range(1, 1_102)))
    assert days is not None
    assert (sum(days.counts), days.is_whole) == (1_000, False)
