from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bangui.domain.history import EventKind
from bangui.domain.history_ports import HistoryReader
from bangui.domain.moments import milliseconds_of
from bangui.services.jail_days import HOURS, read_days, read_failing
from packages.bangui.tests.filled_history import NOW, FilledHistory, ban, event, failures

MOMENT = milliseconds_of(NOW) + 90_000


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[HistoryReader]:
    past = FilledHistory(tmp_path / "history.sqlite3")
    past.record(
        [
            *failures("203.0.113.7", 0, number=3),
            *failures("203.0.113.8", 5, number=5),
            ban("203.0.113.8", 5),
            event(EventKind.FAILURE, "203.0.113.9", 30),
            event(EventKind.FAILURE, "203.0.113.9", 23 * 60 - 1),
            event(EventKind.FAILURE, "203.0.113.9", 25 * 60),
            event(EventKind.FAILURE, "203.0.113.9", 1, "app"),
        ]
    )
    with past.open() as reader:
        yield reader


def test_each_jail_has_its_day_by_the_hour(reader: HistoryReader) -> None:
    days = read_days(reader, MOMENT)
    assert set(days) == {"app", "sshd"}
    sshd = days["sshd"]
    assert len(sshd.failures) == len(sshd.bans) == HOURS
    # 11:59:58 and 11:59:59 still belong to the hour before.
    assert (sshd.failures[-1], sshd.failures[-2], sshd.failures[0]) == (1, 8, 1)
    assert (sum(sshd.failures), sum(sshd.bans)) == (10, 1)
    assert sum(days["app"].failures) == 1


def test_who_fails_now_has_failures_within_the_find_time(reader: HistoryReader) -> None:
    failing = read_failing(reader, "sshd", 600, MOMENT)
    assert failing.since == MOMENT - 600_000
    # 203.0.113.8 was banned for its failures.
    assert [(row.key, row.failures) for row in failing.rows] == [("203.0.113.7", 3)]
    assert read_failing(reader, "nope", 600, MOMENT).rows == ()
