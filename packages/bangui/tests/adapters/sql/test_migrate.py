"""The schema comes about in one way only, and every history is brought to it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, MetaData, inspect, text

from bangui.adapters.sql.accounts_schema import metadata
from bangui.adapters.sql.allow_notes_schema import allow_notes
from bangui.adapters.sql.engine import is_sqlite, open_engine, writing
from bangui.adapters.sql.errors import APPLICATION_ID
from bangui.adapters.sql.kept_answers_schema import kept_answers
from bangui.adapters.sql.kept_settings_schema import kept_settings
from bangui.adapters.sql.migrate import NEWEST, check, migrate, read_version
from bangui.adapters.sql.schema import LINE_WORDS_ON_SQLITE, words_metadata
from bangui.adapters.sql.timed_bans_schema import timed_bans
from bangui.domain.history_ports import StoreError, StoreTrouble
from packages.bangui.tests.adapters.sql.conftest import opened


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database without anything in it, on each in turn."""
    if request.param == "sqlite":
        engine = open_engine(str(request.getfixturevalue("tmp_path") / "history"))
    else:
        engine = open_engine(request.getfixturevalue("postgres_url"))
    yield engine
    engine.dispose()


def test_the_migrations_make_the_schema_that_is_declared(engine: Engine) -> None:
    declared = MetaData()
    # SQLite's full-text search has tables of its own.
    for table in (*metadata.tables.values(), *(() if is_sqlite(engine) else words_metadata.tables.values())):
        table.to_metadata(declared)
    # Importing a module is what makes its tables part of it.
    assert {allow_notes.name, kept_answers.name, kept_settings.name, timed_bans.name} <= set(declared.tables)

    def is_ours(name: str | None, kind: str, parents: object) -> bool:
        return not (kind == "table" and is_sqlite(engine) and (name or "").startswith("line_words"))

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": is_ours, "compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, declared) == []


def test_the_index_of_words_is_the_one_that_is_declared(sqlite_location: str) -> None:
    with opened(sqlite_location) as engine, engine.connect() as connection:
        made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'line_words'")).scalar_one()
    assert re.sub(r"\s+", "", made) == re.sub(r"\s+", "", LINE_WORDS_ON_SQLITE)


def test_an_empty_database_has_no_version_and_then_the_newest(empty: Engine) -> None:
    assert read_version(empty) is None
    with pytest.raises(StoreError) as caught:
        check(empty)
    assert caught.value.trouble is StoreTrouble.MISSING
    migrate(empty)
    assert read_version(empty) == NEWEST
    check(empty)


def test_migrating_again_does_nothing(engine: Engine) -> None:
    before = inspect(engine).get_table_names()
    migrate(engine)
    assert inspect(engine).get_table_names() == before


def test_many_that_start_at_once_make_one_schema(empty: Engine) -> None:
    location = empty.url.render_as_string(hide_password=False) if not is_sqlite(empty) else str(empty.url.database)
    engines = [open_engine(location) for _ in range(4)]
    with ThreadPoolExecutor(len(engines)) as pool:
        list(pool.map(migrate, engines))
    assert read_version(empty) == NEWEST
    for engine in engines:
        engine.dispose()


def test_a_history_of_a_newer_bangui_is_refused(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for attempt in (migrate, check):
        with pytest.raises(StoreError, match=r"newer BanGUI.*knows") as caught:
            attempt(engine)
        assert caught.value.trouble is StoreTrouble.FOREIGN
        assert "newer BanGUI" in caught.value.hint


def test_a_history_of_an_older_bangui_must_be_migrated_first(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(StoreError, match="older BanGUI") as caught:
        check(engine)
    assert caught.value.trouble is StoreTrouble.FOREIGN


def test_a_database_of_something_else_is_left_alone(empty: Engine) -> None:
    with writing(empty) as connection:
        connection.execute(text("CREATE TABLE customers (name TEXT)"))
    with pytest.raises(StoreError, match="something else") as caught:
        migrate(empty)
    assert caught.value.trouble is StoreTrouble.FOREIGN
    assert inspect(empty).get_table_names() == ["customers"]


def test_what_another_program_migrates_with_alembic_is_left_alone(empty: Engine) -> None:
    with writing(empty) as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('ae1027a6acf')"))
    with pytest.raises(StoreError, match="something else"):
        migrate(empty)


def test_a_sqlite_file_says_what_it_is_and_gives_room_back(sqlite_location: str) -> None:
    with opened(sqlite_location) as engine, engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA application_id").scalar() == APPLICATION_ID
        assert connection.exec_driver_sql("PRAGMA auto_vacuum").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_alembic_is_not_imported_where_there_is_nothing_to_do(sqlite_location: str) -> None:
    program = (
        "import sys; from bangui.adapters.sql.engine import open_engine; from bangui.adapters.sql.migrate import "
        "migrate; migrate(open_engine(sys.argv[1])); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, sqlite_location], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_conditions_of_indexes_are_those_that_are_declared(sqlite_location: str, tmp_path: Path) -> None:
    query = text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name")
    with opened(sqlite_location) as engine, opened(str(tmp_path / "declared")) as declared:
        metadata.create_all(declared)
        with declared.connect() as one, engine.connect() as other:
            expected, made = ({name: " ".join(sql.split()) for name, sql in it.execute(query)} for it in (one, other))
    assert made == expected
