from __future__ import annotations

from bangui.adapters.sql.migrate import NEWEST
from bangui.adapters.sql.reader import SqlHistoryReader
from bangui.domain.history import Batch, JailSettings
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.seen import DAY, HOST, JAIL, START, ban, batch, failure


def test_an_empty_history_has_a_size_and_a_version_and_no_times(store: Store) -> None:
    state = SqlHistoryReader(store.engine).state()

    assert (state.events, state.first, state.last) == (0, None, None)
    assert state.disk_bytes > 0
    assert state.schema_version == NEWEST


def test_the_state_tells_how_many_events_there_are_and_of_when(store: Store) -> None:
    store.writer.record(batch(failure(START), ban(START + DAY), failure(START + 90 * DAY)))

    state = SqlHistoryReader(store.engine).state()

    assert (state.events, state.first, state.last) == (3, START, START + 90 * DAY)


def test_settings_are_those_of_the_moment(store: Store) -> None:
    early = JailSettings(HOST, JAIL, START, {"maxretry": "5", "failregex": "\u202e'\"\n"})
    late = JailSettings(HOST, JAIL, START + DAY, {"maxretry": "3"})
    store.writer.record(Batch(HOST, settings=[late, early]))
    reader = SqlHistoryReader(store.engine)

    assert reader.settings_at(HOST, JAIL, START - 1) is None
    assert reader.settings_at(HOST, JAIL, START) == early
    assert reader.settings_at(HOST, JAIL, START + DAY - 1) == early
    assert reader.settings_at(HOST, JAIL, START + 365 * DAY) == late
    assert reader.settings_at(HOST, "absent\x00\ud800", START) is None
    assert reader.settings_at("absent", JAIL, START) is None
