"""Brings a history to the schema of this BanGUI, whoever made it and whenever.

The version is a number in Alembic's own table. Reading it costs one query; Alembic itself is imported only when there
is something to do. A change of the schema happens in one transaction, under the lock that every writer takes: of
several processes that start at once one does it, and the others wait and find it done.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, inspect, text

from bangui.adapters.sql.engine import is_sqlite, reading, writing
from bangui.adapters.sql.errors import APPLICATION_ID, store_error, translated
from bangui.domain.history_ports import StoreTrouble
from bangui.domain.phrases import phrase

NEWEST = "0006"
"""The schema that this BanGUI knows; versions are numbers and grow."""


def read_version(engine: Engine) -> str | None:
    """Return the version of a history's schema; None where there is no history yet.

    Raises `StoreError` for a database that is no history of ours, or one of a newer BanGUI.
    """
    with reading(engine) as connection:
        return _version(connection)


def check(engine: Engine) -> None:
    """Raise `StoreError` unless this is a history with the schema of this BanGUI."""
    version = read_version(engine)
    if version is None:
        raise store_error(StoreTrouble.MISSING, engine.url)
    if version != NEWEST:
        raise store_error(
            StoreTrouble.FOREIGN,
            engine.url,
            phrase("its schema is {version}, of an older BanGUI", version=version),
            hint=phrase("start the service, it brings it up to date"),
        )


def migrate(engine: Engine) -> None:
    """Make the tables that are missing, or bring those of an older BanGUI up to date."""
    if read_version(engine) == NEWEST:
        return
    with writing(engine) as connection:
        if _version(connection) != NEWEST:
            _upgrade(connection)
    if is_sqlite(engine):
        # What the file is shall stand in the file itself, whatever becomes of the log of changes.
        with translated(engine.url), engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "bangui.adapters.sql:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")


def _version(connection: Connection) -> str | None:
    names = inspect(connection).get_table_names()
    if "alembic_version" not in names:
        if names:
            raise store_error(
                StoreTrouble.FOREIGN, connection.engine.url, phrase("there are tables of something else in it")
            )
        return None
    version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if not isinstance(version, str) or not version.isdecimal() or "events" not in names:
        raise store_error(
            StoreTrouble.FOREIGN, connection.engine.url, phrase("there are tables of something else in it")
        )
    if int(version) > int(NEWEST):
        raise store_error(
            StoreTrouble.FOREIGN,
            connection.engine.url,
            phrase(
                "its schema is {version}, of a newer BanGUI; this one knows {newest}", version=version, newest=NEWEST
            ),
            hint=phrase("use that newer BanGUI; this one would not understand what it wrote"),
        )
    return version
