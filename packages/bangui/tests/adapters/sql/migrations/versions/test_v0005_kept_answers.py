"""The fifth step; that it makes what `kept_answers_schema.py` declares is proven in `test_migrate.py`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text

from bangui.adapters.sql.engine import open_engine, writing
from bangui.adapters.sql.kept_answers_schema import kept_answers
from bangui.adapters.sql.migrate import migrate
from bangui.adapters.sql.migrations.versions import v0004_timed_bans, v0005_kept_answers


def test_it_follows_the_fourth_step() -> None:
    assert v0005_kept_answers.down_revision == v0004_timed_bans.revision


def test_what_is_there_stays(tmp_path: Path) -> None:
    engine = open_engine(str(tmp_path / "history"))
    with writing(engine) as connection:
        config = Config()
        config.set_main_option("script_location", "bangui.adapters.sql:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, v0004_timed_bans.revision)
        connection.execute(text("INSERT INTO setup_links VALUES ('x', 1)"))
    migrate(engine)
    assert kept_answers.name in inspect(engine).get_table_names()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT ends FROM setup_links")).scalar_one() == 1
    engine.dispose()
