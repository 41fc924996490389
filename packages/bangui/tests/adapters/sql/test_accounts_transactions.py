"""What is committed for accounts outlasts a power failure; what is committed for events need not."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from bangui.adapters.sql.accounts_transactions import lasting
from bangui.adapters.sql.engine import open_engine, reading, writing

NORMAL, FULL = 1, 2


def test_each_transaction_has_its_own_level_whichever_connection_it_gets(sqlite_location: str) -> None:
    engine = open_engine(sqlite_location)
    lasts = lasting(engine)
    assert lasting(engine) is not engine
    levels = []
    for one in (engine, lasts, engine, lasts, lasts, engine):
        with writing(one) as connection:
            levels.append(connection.execute(text("PRAGMA synchronous")).scalar_one())
    assert levels == [NORMAL, FULL, NORMAL, FULL, FULL, NORMAL]
    engine.dispose()


def test_the_same_history_is_behind_both(sqlite_location: str) -> None:
    engine = open_engine(sqlite_location)
    with writing(lasting(engine)) as connection:
        connection.execute(text("INSERT INTO hosts VALUES (1, 'here')"))
    with reading(engine) as connection:
        assert connection.execute(text("SELECT name FROM hosts")).scalar_one() == "here"
    engine.dispose()


def test_postgresql_lasts_by_itself(postgres_location: str) -> None:
    engine = open_engine(postgres_location)
    assert lasting(engine) is engine
    engine.dispose()


def test_a_write_that_fails_is_undone(sqlite_location: str, tmp_path: Path) -> None:
    engine = lasting(open_engine(sqlite_location))
    try:
        with writing(engine) as connection:
            connection.execute(text("INSERT INTO hosts VALUES (1, 'here')"))
            raise KeyError
    except KeyError:
        pass
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM hosts")).scalar_one() == 0
    engine.dispose()
