"""What a backup holds comes into a history that is in use, exactly once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bangui.adapters.sql.engine import open_engine, reading, writing
from bangui.adapters.sql.migrate import migrate
from bangui.adapters.sql.schema import events, lines, notes, settings
from bangui.adapters.sql.writer import SqlHistoryWriter
from bangui.domain.history import Batch, JailSettings, Source
from bangui.domain.history_ports import StoreError, StoreTrouble
from packages.bangui.tests.adapters.sql.conftest import NOW, Store
from packages.bangui.tests.adapters.sql.places import Places
from packages.bangui.tests.adapters.sql.recount import assert_everything_agrees
from packages.bangui.tests.adapters.sql.seen import (
    DAY,
    HOST,
    JAIL,
    START,
    ban,
    batch,
    failure,
    logged_ban,
    note,
)


def _say_nothing(done: int, total: int | None) -> None:
    pass


@pytest.fixture
def old(tmp_path: Path) -> Iterator[SqlHistoryWriter]:
    """A history that there is a backup of, `backup` in the same folder."""
    engine = open_engine(str(tmp_path / "old"))
    migrate(engine)
    writer = SqlHistoryWriter(engine, Places(), lambda: NOW)
    for day in range(12):
        time = START + day * DAY
        writer.record(
            batch(
                failure(time),
                failure(time, "somebody"),
                ban(time, f"192.0.2.{day}", lines=["a", "b"]),
                logged_ban(time + 700, f"192.0.2.{day}"),
                notes=[note(time - 100, f"192.0.2.{day}")],
            )
        )
    writer.record(Batch("there", [ban(START, "2001:db8::1")], {"log": "7"}))
    writer.record(Batch(HOST, settings=[JailSettings(HOST, JAIL, START, {"maxretry": "5"})]))
    writer.back_up(tmp_path / "backup")
    yield writer
    engine.dispose()


def _state(store: Store) -> list[tuple[object, ...]]:
    with reading(store.engine) as connection:
        query = (
            select(events.c.time, events.c.kind, events.c.origin, events.c.logged, lines.c.count, notes.c.author)
            .outerjoin(lines, lines.c.number == events.c.lines)
            .outerjoin(notes, notes.c.number == events.c.note)
        )
        return sorted(map(tuple, connection.execute(query)), key=str)


def test_everything_comes_back_into_an_empty_history(store: Store, old: SqlHistoryWriter, tmp_path: Path) -> None:
    assert store.writer.restore(tmp_path / "backup", _say_nothing) == 37
    assert_everything_agrees(store.engine)
    with reading(store.engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM notes")).scalar_one() == 12
        assert connection.execute(select(settings.c.packed)).scalars().all() == ['{"maxretry":"5"}']
        bans = connection.execute(select(events.c.origin, events.c.sources).where(events.c.kind == 1)).all()
    assert bans.count((2, int(Source.DATABASE | Source.LOG | Source.BACKUP))) == 12
    assert store.writer.cursor(HOST, "log") is None


def test_restoring_again_changes_nothing(store: Store, old: SqlHistoryWriter, tmp_path: Path) -> None:
    store.writer.restore(tmp_path / "backup", _say_nothing)
    before = _state(store)
    assert store.writer.restore(tmp_path / "backup", _say_nothing) == 0
    assert _state(store) == before
    assert_everything_agrees(store.engine)


def test_restoring_into_the_history_itself_changes_nothing(store: Store, tmp_path: Path) -> None:
    store.writer.record(batch(failure(START), ban(START, lines=["x"]), logged_ban(START + 500), notes=[note(START)]))
    store.writer.back_up(tmp_path / "own")
    with reading(store.engine) as connection:
        before = connection.execute(select(events)).all()
    assert store.writer.restore(tmp_path / "own", _say_nothing) == 0
    with reading(store.engine) as connection:
        assert connection.execute(select(events)).all() == before


def test_what_is_here_already_and_what_comes_are_one(store: Store, old: SqlHistoryWriter, tmp_path: Path) -> None:
    store.writer.record(batch(failure(START), logged_ban(START + 700, "192.0.2.0"), failure(START + 100 * DAY)))
    assert store.writer.restore(tmp_path / "backup", _say_nothing) == 35
    assert_everything_agrees(store.engine)
    with reading(store.engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM events WHERE kind = 1")).scalar_one() == 13


def test_what_was_interrupted_is_begun_again(store: Store, old: SqlHistoryWriter, tmp_path: Path) -> None:
    class Interrupted(Exception):
        pass

    def interrupt(done: int, total: int | None) -> None:
        if done:
            raise Interrupted

    with pytest.raises(Interrupted):
        store.writer.restore(tmp_path / "backup", interrupt)
    store.writer.restore(tmp_path / "backup", _say_nothing)
    assert len(_state(store)) == 37
    assert_everything_agrees(store.engine)


def test_progress_is_told_from_nothing_to_all(store: Store, old: SqlHistoryWriter, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    store.writer.restore(tmp_path / "backup", lambda done, total: told.append((done, total)))
    assert told[0] == (0, 37)
    assert told[-1] == (37, 37)


def test_a_file_without_a_history_is_refused(store: Store, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other") as connection:
        connection.execute("CREATE TABLE customers (name TEXT)")
    connection.close()
    (tmp_path / "text").write_text("not a database, but long enough for one" * 100)
    (tmp_path / "empty").touch()
    for name, trouble in (
        ("other", StoreTrouble.FOREIGN),
        ("text", StoreTrouble.FOREIGN),
        ("empty", StoreTrouble.FOREIGN),
        ("nowhere", StoreTrouble.MISSING),
    ):
        with pytest.raises(StoreError) as caught:
            store.writer.restore(tmp_path / name, _say_nothing)
        assert caught.value.trouble is trouble, name


def test_a_backup_of_a_newer_bangui_is_refused(store: Store, old: SqlHistoryWriter, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "backup") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match="newer BanGUI"):
        store.writer.restore(tmp_path / "backup", _say_nothing)


def test_a_backup_of_an_older_bangui_is_migrated_in_a_copy(store: Store, old: SqlHistoryWriter, tmp_path: Path) -> None:
    backup = open_engine(str(tmp_path / "backup"))
    with writing(backup) as connection:
        # The first schema had the history and nothing else.
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        for name in names:
            if name not in _FIRST and not name.startswith(("line_words", "sqlite_")):
                connection.execute(text(f"DROP TABLE {name}"))
    backup.dispose()
    before = (tmp_path / "backup").read_bytes()
    assert store.writer.restore(tmp_path / "backup", _say_nothing) == 37
    assert (tmp_path / "backup").read_bytes() == before
    assert_everything_agrees(store.engine)


_FIRST = {
    "alembic_version",
    "counters",
    "cursors",
    "events",
    "folds",
    "hosts",
    "ids",
    "jails",
    "kind_counts",
    "lines",
    "notes",
    "rollups",
    "settings",
}


def test_a_damaged_backup_is_refused(store: Store, old: SqlHistoryWriter, tmp_path: Path) -> None:
    with (tmp_path / "backup").open("r+b") as file:
        file.seek(4_096)
        file.write(b"\xa5" * 4_096 * 30)
    with pytest.raises(StoreError) as caught:
        store.writer.restore(tmp_path / "backup", _say_nothing)
    assert caught.value.trouble is StoreTrouble.DAMAGED
    assert_everything_agrees(store.engine)
