from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bangui.adapters.local_times import instant_of

# Summer time ends in Berlin on 2026-10-25 at 03:00: the clocks go back to 02:00, so 02:30 comes twice.
FIRST_0230 = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
SECOND_0230 = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
MUCH_LATER = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def as_the_daemon_writes(start: datetime, duration: int) -> tuple[datetime, int, datetime]:
    end = start + timedelta(seconds=duration)
    return start.astimezone().replace(tzinfo=None, fold=0), duration, end.astimezone().replace(tzinfo=None, fold=0)


def test_an_ordinary_local_time_is_one_instant() -> None:
    start = datetime(2026, 6, 1, 14, 0)  # noqa: DTZ001 - naive as on the wire
    assert instant_of(start, 3600, None, MUCH_LATER) == datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("start", [FIRST_0230, SECOND_0230])
@pytest.mark.parametrize("duration", [7200, 86_400])
def test_in_the_hour_that_comes_twice_the_end_tells_which_one_is_meant(start: datetime, duration: int) -> None:
    assert instant_of(*as_the_daemon_writes(start, duration), MUCH_LATER) == start


def test_where_the_end_does_not_tell_it_is_the_newest_that_is_not_in_the_future() -> None:
    local = FIRST_0230.astimezone().replace(tzinfo=None)
    assert instant_of(local, None, None, MUCH_LATER) == SECOND_0230
    assert instant_of(local, None, None, FIRST_0230 + timedelta(minutes=5)) == FIRST_0230


def test_a_ban_that_crosses_the_change_of_clocks_keeps_its_instant() -> None:
    start = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    assert instant_of(*as_the_daemon_writes(start, 6 * 3600), MUCH_LATER) == start
    spring = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    assert instant_of(*as_the_daemon_writes(spring, 6 * 3600), MUCH_LATER) == spring


def test_a_time_that_the_clocks_left_out_still_gives_an_instant() -> None:
    missing = datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001 - naive as on the wire
    assert instant_of(missing, 3600, None, MUCH_LATER).tzinfo is UTC
