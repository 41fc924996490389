"""The fourth step; that it makes what `timed_bans_schema.py` declares is proven in `test_migrate.py`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text

from bangui.adapters.sql.engine import open_engine, writing
from bangui.adapters.sql.migrate import migrate
from bangui.adapters.sql.migrations.versions import v0003_allow_notes, v0004_timed_bans
from bangui.adapters.sql.timed_bans_schema import timed_bans, watched_hosts


def test_it_follows_the_third_step() -> None:
    assert v0004_timed_bans.down_revision == v0003_allow_notes.revision


def test_a_database_without_timed_bans_keeps_what_is_in_it(tmp_path: Path) -> None:
    engine = open_engine(str(tmp_path / "history"))
    with writing(engine) as connection:
        config = Config()
        config.set_main_option("script_location", "bangui.adapters.sql:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, v0003_allow_notes.revision)
        connection.execute(text("INSERT INTO setup_links VALUES ('x', 1)"))
    migrate(engine)
    assert {timed_bans.name, watched_hosts.name} <= set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        assert connection.execute(text("SELECT ends FROM setup_links")).scalar_one() == 1
    engine.dispose()
