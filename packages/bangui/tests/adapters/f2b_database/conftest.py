"""A database made by hand, and the source that reads it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bangui.adapters.f2b_database.source import DatabaseSource
from packages.bangui.tests.adapters.f2b_database.made_database import MadeDatabase


@pytest.fixture
def database(tmp_path: Path) -> Iterator[MadeDatabase]:
    """An empty database, in a place whose name needs quoting."""
    made = MadeDatabase(tmp_path / "a ?&#% b.sqlite3")
    yield made
    made.close()


@pytest.fixture
def source(database: MadeDatabase) -> Iterator[DatabaseSource]:
    """The source of that database."""
    made = DatabaseSource("here", database.path)
    yield made
    made.close()
