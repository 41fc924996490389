from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bangui.domain.errors import InvalidInput
from bangui.domain.history import EventKind
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import Filter
from bangui.services.statistics import DAY, JailShare, changed_kinds, fitting_bucket, read_statistics
from packages.bangui.tests.filled_history import FilledHistory, ago

HOUR = 3_600_000


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[HistoryReader]:
    history = FilledHistory(tmp_path / "history.sqlite3")
    history.record()
    with history.open() as reader:
        yield reader


def test_a_period_is_counted_by_kind_and_compared_with_the_one_before(reader: HistoryReader) -> None:
    statistics = read_statistics(reader, Filter(), ago(120), ago(0), 3_600)
    assert [statistics.now.of(kind) for kind in (EventKind.BAN, EventKind.FAILURE)] == [2, 7]
    assert [statistics.before.of(kind) for kind in (EventKind.BAN, EventKind.FAILURE)] == [1, 5]
    assert changed_kinds(statistics) == (EventKind.FAILURE, EventKind.BAN, EventKind.UNBAN, EventKind.RESTORE)
    assert statistics.is_comparable


def test_a_restored_ban_is_no_new_ban(reader: HistoryReader) -> None:
    statistics = read_statistics(reader, Filter(), ago(15), ago(0), 60)
    assert statistics.now.of(EventKind.RESTORE) == 1
    assert statistics.now.of(EventKind.BAN) == 0


def test_jails_come_with_what_they_counted_before_the_busiest_first(reader: HistoryReader) -> None:
    statistics = read_statistics(reader, Filter(), ago(120), ago(0), 3_600)
    assert statistics.jails == (
        JailShare("sshd", 1, 5, 1, 5),
        JailShare("web", 1, 0, 0, 0),
        JailShare("postfix", 0, 2, 0, 0),
    )


def test_one_jail_alone_is_counted_when_asked_for(reader: HistoryReader) -> None:
    statistics = read_statistics(reader, Filter(jails=("postfix",)), ago(120), ago(0), 3_600)
    assert [share.jail for share in statistics.jails] == ["postfix"]
    assert sum(bucket.failures for bucket in statistics.buckets) == 2


def test_every_step_of_the_period_is_there(reader: HistoryReader) -> None:
    statistics = read_statistics(reader, Filter(), ago(240), ago(0), 3_600)
    assert [bucket.start for bucket in statistics.buckets] == [ago(240) + HOUR * step for step in range(4)]
    assert [(bucket.bans, bucket.failures) for bucket in statistics.buckets] == [(1, 5), (0, 0), (0, 5), (2, 2)]


def test_a_period_before_the_history_compares_with_nothing(reader: HistoryReader) -> None:
    assert not read_statistics(reader, Filter(), ago(2_000), ago(0), DAY).is_comparable


def test_too_many_steps_are_refused(reader: HistoryReader) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_statistics(reader, Filter(), ago(365 * 1_440), ago(0), 60)
    assert "--by day" in caught.value.hint


@pytest.mark.parametrize(
    ("minutes", "bucket"),
    [(30, 60), (240, 300), (600, 900), (1_440, 3_600), (10_080, 21_600), (43_200, DAY), (525_600, 28 * DAY)],
)
def test_the_step_fits_the_period(minutes: int, bucket: int) -> None:
    assert fitting_bucket(ago(minutes), ago(0)) == bucket
