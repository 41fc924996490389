"""A backup is a whole history in one file of its own, made while the history is in use."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bangui.adapters.sql.engine import open_engine, reading, writing
from bangui.adapters.sql.schema import HISTORY_TABLES
from bangui.domain.errors import InvalidInput
from bangui.domain.history import Batch, JailSettings
from bangui.domain.history_ports import StoreError, StoreTrouble
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.recount import assert_everything_agrees
from packages.bangui.tests.adapters.sql.seen import DAY, HOST, JAIL, START, ban, batch, failure, note


def _fill(store: Store) -> None:
    for day in range(12):
        time = START + day * DAY
        store.writer.record(batch(failure(time), ban(time, f"192.0.2.{day}", lines=["a", "b"]), notes=[note(time)]))
    store.writer.record(
        Batch(HOST, cursors={"log": "7"}, settings=[JailSettings(HOST, JAIL, START, {"maxretry": "5"})])
    )


def test_a_backup_holds_every_row(store: Store, tmp_path: Path) -> None:
    _fill(store)
    target = tmp_path / "backup"
    assert store.writer.back_up(target) == 24
    copy = open_engine(str(target))
    assert_everything_agrees(copy)
    for table in HISTORY_TABLES:
        with reading(store.engine) as here, reading(copy) as there:
            rows, copied = (sorted(map(tuple, it.execute(select(table))), key=str) for it in (here, there))
        assert rows == copied, table.name
    copy.dispose()


def test_a_backup_is_one_file_for_its_owner_only(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    store.writer.back_up(folder / "backup")
    assert [path.name for path in folder.iterdir()] == ["backup"]
    assert (folder / "backup").stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(folder / "backup") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    connection.close()


def test_secrets_of_accounts_stay_out_of_a_backup(store: Store, tmp_path: Path) -> None:
    with writing(store.engine) as connection:
        connection.execute(text("CREATE TABLE vault (secret TEXT)"))
        connection.execute(text("INSERT INTO vault VALUES ('open sesame')"))
    store.writer.back_up(tmp_path / "backup")
    assert b"open sesame" not in (tmp_path / "backup").read_bytes()


def test_a_file_that_is_there_is_never_written_over(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    target.write_text("precious")
    with pytest.raises(InvalidInput, match="is there already") as caught:
        store.writer.back_up(target)
    assert "another name" in caught.value.hint
    assert target.read_text() == "precious"
    dangling = tmp_path / "dangling"
    dangling.symlink_to(tmp_path / "nowhere")
    with pytest.raises(InvalidInput):
        store.writer.back_up(dangling)


def test_a_folder_that_is_not_there_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nowhere") as caught:
        store.writer.back_up(tmp_path / "nowhere" / "backup")
    assert caught.value.trouble is StoreTrouble.DENIED
    assert "folder" in caught.value.hint


def test_what_is_recorded_meanwhile_is_recorded_and_the_backup_is_one_state(store: Store, tmp_path: Path) -> None:
    observations = [failure(START + number, f"10.1.{number % 250}.{number % 199}") for number in range(4_000)]
    store.writer.record(batch(*observations))
    stop = threading.Event()
    recorded: list[int] = []

    def keep_recording() -> None:
        while not stop.is_set():
            number = len(recorded)
            recorded.append(len(store.writer.record(batch(failure(START + DAY + number), ban(START))).new))

    thread = threading.Thread(target=keep_recording)
    thread.start()
    try:
        counts = [store.writer.back_up(tmp_path / f"backup{number}") for number in range(3)]
    finally:
        stop.set()
        thread.join()
    assert counts == sorted(counts)
    assert len(recorded) > 1
    for number, count in enumerate(counts):
        copy = open_engine(str(tmp_path / f"backup{number}"))
        assert_everything_agrees(copy)
        with reading(copy) as connection:
            assert connection.execute(text("SELECT count(*) FROM events")).scalar_one() == count
        copy.dispose()
    assert_everything_agrees(store.engine)


def test_a_backup_of_a_damaged_history_is_refused_and_leaves_nothing(sqlite_store: Store, tmp_path: Path) -> None:
    _fill(sqlite_store)
    sqlite_store.engine.dispose()
    with Path(sqlite_store.location).open("r+b") as file:
        file.seek(20 * 4_096)
        file.write(b"\xa5" * 4_096 * 8)
    target = tmp_path / "folder" / "backup"
    target.parent.mkdir()
    with pytest.raises(StoreError) as caught:
        sqlite_store.writer.back_up(target)
    assert caught.value.trouble is StoreTrouble.DAMAGED
    assert list(target.parent.iterdir()) == []
