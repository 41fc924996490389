"""What opening a history promises: who may see it, what it costs, and that one writes at a time."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bangui.adapters.sql.engine import is_sqlite, open_engine, path_of, reading, writing
from bangui.domain.errors import InvalidInput
from bangui.domain.history_ports import StoreError, StoreTrouble


def test_a_new_file_and_its_folder_are_for_their_owner_only(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        engine = open_engine(str(tmp_path / "new" / "history"))
        with writing(engine) as connection:
            connection.execute(text("CREATE TABLE one (x INTEGER)"))
            connection.execute(text("INSERT INTO one VALUES (1)"))
            modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "new").iterdir()}
    finally:
        os.umask(old)
    assert modes == {"history": 0o600, "history-wal": 0o600, "history-shm": 0o600}
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert path_of(engine) == tmp_path / "new" / "history"
    engine.dispose()


def test_a_file_that_is_there_keeps_its_mode(sqlite_location: str) -> None:
    Path(sqlite_location).chmod(0o640)
    open_engine(sqlite_location).dispose()
    assert Path(sqlite_location).stat().st_mode & 0o777 == 0o640


def test_a_name_with_signs_of_a_url_is_a_name(tmp_path: Path) -> None:
    path = tmp_path / "what? 100%#1&mode=memory"
    engine = open_engine(str(path))
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE one (x INTEGER)"))
    engine.dispose()
    assert path.stat().st_size > 0


def test_reading_only_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        open_engine(str(tmp_path / "history"), read_only=True)
    assert caught.value.trouble is StoreTrouble.MISSING
    assert not list(tmp_path.iterdir())


def test_reading_only_cannot_write(location: str) -> None:
    engine = open_engine(location, read_only=True)
    with pytest.raises(StoreError) as caught, reading(engine) as connection:
        connection.execute(text("INSERT INTO hosts VALUES (1, 'here')"))
    assert caught.value.trouble is StoreTrouble.DENIED
    engine.dispose()


def test_what_is_read_in_one_transaction_is_one_state(location: str, engine: Engine) -> None:
    reader = open_engine(location, read_only=True)
    count = text("SELECT count(*) FROM hosts")
    with reading(reader) as connection:
        assert connection.execute(count).scalar() == 0
        with writing(engine) as other:
            other.execute(text("INSERT INTO hosts VALUES (1, 'here')"))
        assert connection.execute(count).scalar() == 0
    with reading(reader) as connection:
        assert connection.execute(count).scalar() == 1
    reader.dispose()


def test_an_error_undoes_what_was_written(engine: Engine) -> None:
    def write_and_fail() -> None:
        with writing(engine) as connection:
            connection.execute(text("INSERT INTO hosts VALUES (1, 'here')"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM hosts")).scalar() == 0


def test_one_writes_at_a_time(location: str, engine: Engine) -> None:
    other = open_engine(location)
    steps: list[str] = []

    def write_second() -> None:
        with writing(other) as connection:
            steps.append("second")
            connection.execute(text("INSERT INTO hosts VALUES (2, 'there')"))

    thread = threading.Thread(target=write_second)
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO hosts VALUES (1, 'here')"))
        thread.start()
        thread.join(0.3)
        steps.append("first")
    thread.join()
    assert steps == ["first", "second"]
    other.dispose()


@pytest.mark.parametrize("rest", ["user:hush@host:notaport/x", "user:hush@host:99:99/x"])
def test_a_url_that_is_none_is_refused_without_its_password(rest: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        open_engine(f"postgresql://{rest}")
    assert "hush" not in str(caught.value) + caught.value.hint
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_name_of_postgresql_opens_the_same(scheme: str, postgres_location: str) -> None:
    _, _, rest = postgres_location.partition("://")
    engine = open_engine(f"{scheme}://{rest}")
    assert not is_sqlite(engine)
    with reading(engine) as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    engine.dispose()


def test_more_readers_than_connections_wait_for_each_other(engine: Engine) -> None:
    done: list[object] = []

    def read() -> None:
        with reading(engine) as connection:
            done.append(connection.execute(text("SELECT 1")).scalar())

    threads = [threading.Thread(target=read) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [1] * 20


def test_a_file_that_was_moved_aside_is_not_used_any_more(sqlite_location: str, migrated_file: Path) -> None:
    engine = open_engine(sqlite_location)
    path = Path(sqlite_location)
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO hosts VALUES (1, 'here')"))
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").rename(f"{path}.aside{suffix}")
    with pytest.raises(StoreError) as caught, reading(engine):
        pass
    assert caught.value.trouble is StoreTrouble.MISSING
    shutil.copyfile(migrated_file, path)
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM hosts")).scalar() == 0
    engine.dispose()


def test_a_large_transaction_has_more_memory_for_as_long_as_it_lasts(sqlite_location: str) -> None:
    engine = open_engine(sqlite_location)
    sizes = []
    for is_large in (False, True, False):
        with writing(engine, is_large=is_large) as connection:
            sizes.append(connection.exec_driver_sql("PRAGMA cache_size").scalar_one())
    assert sizes[0] == sizes[2]
    assert sizes[1] < sizes[0] < 0
    engine.dispose()
