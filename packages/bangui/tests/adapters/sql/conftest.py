"""Fixtures of the tests of the store: each test that asks for `engine` runs on SQLite and on a real PostgreSQL.

A SQLite history is a copy of one that was migrated once, a PostgreSQL one a copy of such a database.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.migrate import migrate
from bangui.adapters.sql.writer import SqlHistoryWriter
from packages.bangui.tests.adapters.sql.places import Places
from packages.bangui.tests.postgres import PostgresServer

NOW = 2_000_000_000.0
"""What the clock of the writer says, in seconds: a day in May 2033."""
_TEMPLATE = "bangui_history"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite history without any event, to copy."""
    path = tmp_path_factory.mktemp("history") / "history.sqlite3"
    engine = open_engine(str(path))
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def migrated_server(postgres_server: PostgresServer) -> Iterator[PostgresServer]:
    """A server with a migrated database, to copy."""
    with postgres_server.database(_TEMPLATE) as url:
        engine = open_engine(url)
        migrate(engine)
        engine.dispose()
        yield postgres_server


@pytest.fixture
def sqlite_location(migrated_file: Path, tmp_path: Path) -> str:
    """Where a fresh history on SQLite is."""
    path = tmp_path / "history.sqlite3"
    shutil.copyfile(migrated_file, path)
    path.chmod(0o600)
    return str(path)


@pytest.fixture
def postgres_location(migrated_server: PostgresServer) -> Iterator[str]:
    """Where a fresh history on PostgreSQL is."""
    with migrated_server.database(template=_TEMPLATE) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest) -> str:
    """Where a fresh history is, on each database in turn."""
    name = "sqlite_location" if request.param == "sqlite" else "postgres_location"
    value: str = request.getfixturevalue(name)
    return value


@pytest.fixture
def engine(location: str) -> Iterator[Engine]:
    """A fresh history, on each database in turn."""
    engine = open_engine(location)
    yield engine
    engine.dispose()


@contextmanager
def opened(location: str) -> Iterator[Engine]:
    """Open a history, and close all its connections at the end."""
    engine = open_engine(location)
    try:
        yield engine
    finally:
        engine.dispose()


@dataclass(frozen=True, slots=True)
class Store:
    """A history that can be written to."""

    location: str
    engine: Engine
    writer: SqlHistoryWriter
    places: Places


@pytest.fixture
def store(location: str, engine: Engine) -> Store:
    """A fresh history with its writer, on each database in turn."""
    places = Places()
    return Store(location, engine, SqlHistoryWriter(engine, places, lambda: NOW), places)


@pytest.fixture
def sqlite_store(sqlite_location: str) -> Iterator[Store]:
    """A fresh history on SQLite, for what only a file can do."""
    engine = open_engine(sqlite_location)
    places = Places()
    yield Store(sqlite_location, engine, SqlHistoryWriter(engine, places, lambda: NOW), places)
    engine.dispose()
