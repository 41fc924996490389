"""Fixtures of the tests of accounts: every service over a real store."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.migrate import migrate
from packages.bangui.tests.access import Console


@pytest.fixture(scope="session")
def empty_accounts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without any account, to copy."""
    path = tmp_path_factory.mktemp("accounts") / "history.sqlite3"
    engine = open_engine(str(path))
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def account_engine(empty_accounts: Path, tmp_path: Path) -> Iterator[Engine]:
    """A database without any account."""
    path = tmp_path / "accounts.sqlite3"
    shutil.copyfile(empty_accounts, path)
    engine = open_engine(str(path))
    yield engine
    engine.dispose()


@pytest.fixture
def console(account_engine: Engine) -> Console:
    """Every service of accounts over a store without any account."""
    return Console(SqlAccountStore(account_engine))


@pytest.fixture
def lost_console(tmp_path: Path) -> Iterator[Console]:
    """The same, over a database server that is away."""
    engine = open_engine(f"postgresql://me:hush@/bans?host={tmp_path}")
    yield Console(SqlAccountStore(engine))
    engine.dispose()
