from __future__ import annotations

from bangui.adapters.sql.reader import SqlHistoryReader
from bangui.domain.history import EventKind
from bangui.domain.history_queries import JailCount
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.seen import ADDRESS, DAY, START, ban, batch, failure, note, seen


def test_the_end_of_a_ban_is_nothing_that_an_id_did(store: Store) -> None:
    store.writer.record(
        batch(failure(START), ban(START + 5_000), seen(EventKind.UNBAN, START + DAY), ban(START, jail="nginx"))
    )
    reader = SqlHistoryReader(store.engine)

    summary = reader.id_summary(ADDRESS)
    assert summary is not None
    assert (summary.bans, summary.failures, summary.first, summary.last) == (2, 1, START, START + 5_000)
    assert reader.id_jails(ADDRESS) == [
        JailCount("nginx", 1, 0, START, START),
        JailCount("sshd", 1, 1, START, START + 5_000),
    ]


def test_an_id_that_was_only_ignored_is_known_by_that(store: Store) -> None:
    store.writer.record(batch(seen(EventKind.IGNORED, START), seen(EventKind.IGNORED, START + DAY)))
    reader = SqlHistoryReader(store.engine)

    summary = reader.id_summary(ADDRESS)
    assert summary is not None
    assert (summary.bans, summary.failures, summary.first, summary.last) == (0, 0, START, START + DAY)
    assert reader.id_jails(ADDRESS) == []


def test_an_id_without_an_event_was_never_seen(store: Store) -> None:
    store.writer.record(batch(notes=[note(START)]))
    reader = SqlHistoryReader(store.engine)

    assert reader.id_summary(ADDRESS) is None
    assert reader.id_summary("\x00\ud800' OR 1=1 --") is None
    assert reader.id_jails(ADDRESS) == []
    assert reader.id_jails("absent") == []


def test_an_id_that_cannot_be_stored_as_it_is_is_found_as_it_was_stored(store: Store) -> None:
    hostile = "a\x00\ud800" + "x" * 600
    store.writer.record(batch(failure(START, id=hostile)))
    reader = SqlHistoryReader(store.engine)

    summary = reader.id_summary(hostile)
    assert summary is not None
    assert summary.failures == 1
