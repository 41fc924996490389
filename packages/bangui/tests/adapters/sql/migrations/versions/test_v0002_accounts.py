"""The second step; that it makes what `accounts_schema.py` declares is proven in `test_migrate.py`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text

from bangui.adapters.sql.accounts_schema import metadata
from bangui.adapters.sql.engine import open_engine, writing
from bangui.adapters.sql.migrate import NEWEST, migrate, read_version
from bangui.adapters.sql.migrations.versions import v0001_history, v0002_accounts


def test_it_follows_the_first_step() -> None:
    assert v0002_accounts.down_revision == v0001_history.revision


def test_a_history_without_accounts_keeps_what_is_in_it(tmp_path: Path) -> None:
    engine = open_engine(str(tmp_path / "history"))
    with writing(engine) as connection:
        config = Config()
        config.set_main_option("script_location", "bangui.adapters.sql:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, v0001_history.revision)
        connection.execute(text("INSERT INTO hosts VALUES (1, 'here')"))
    migrate(engine)
    assert read_version(engine) == NEWEST
    assert {"users", "audit"} <= set(inspect(engine).get_table_names()) >= set(metadata.tables)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM hosts")).scalar_one() == "here"
    engine.dispose()
