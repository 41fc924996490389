"""The third step; that it makes what `allow_notes_schema.py` declares is proven in `test_migrate.py`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text

from bangui.adapters.sql.allow_notes_schema import allow_notes
from bangui.adapters.sql.engine import open_engine, writing
from bangui.adapters.sql.migrate import migrate
from bangui.adapters.sql.migrations.versions import v0002_accounts, v0003_allow_notes


def test_it_follows_the_second_step() -> None:
    assert v0003_allow_notes.down_revision == v0002_accounts.revision


def test_accounts_without_allow_lists_keep_what_is_in_them(tmp_path: Path) -> None:
    engine = open_engine(str(tmp_path / "history"))
    with writing(engine) as connection:
        config = Config()
        config.set_main_option("script_location", "bangui.adapters.sql:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, v0002_accounts.revision)
        connection.execute(text("INSERT INTO setup_links VALUES ('x', 1)"))
    migrate(engine)
    assert allow_notes.name in inspect(engine).get_table_names()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT ends FROM setup_links")).scalar_one() == 1
    engine.dispose()
