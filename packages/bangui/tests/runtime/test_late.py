from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect

from bangui.domain.history_ports import StoreError
from bangui.runtime.late import LateDatabase


def test_a_database_is_opened_once_and_has_the_schema(tmp_path: Path) -> None:
    place = tmp_path / "history.sqlite3"
    with closing(LateDatabase(str(place))) as database:
        assert not place.exists()
        assert database.engine() is database.engine()
        assert "users" in inspect(database.engine()).get_table_names()


def test_one_that_cannot_be_opened_is_tried_again(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.write_text("in the way")
    with closing(LateDatabase(str(folder / "history.sqlite3"))) as database:
        with pytest.raises(StoreError):
            database.engine()
        folder.unlink()
        database.engine()


def test_what_is_closed_can_be_opened_again(tmp_path: Path) -> None:
    with closing(LateDatabase(str(tmp_path / "history.sqlite3"))) as database:
        first = database.engine()
        database.close()
        assert database.engine() is not first
