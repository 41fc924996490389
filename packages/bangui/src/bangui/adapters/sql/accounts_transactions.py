"""Transactions of the store of accounts: what is taken away must stay away, whatever happens to the machine.

SQLite in WAL mode may lose the last commits when the power fails. For events that is well: their sources tell them
again. A session that was ended, or a recovery code that was used, must not come back, so here each commit waits for
the disk. The level is chosen whenever a connection is lent, because it goes back to a pool that others use.
"""

from __future__ import annotations

from sqlite3 import Connection as SqliteConnection
from typing import cast

from sqlalchemy import Connection, Engine, event

from bangui.adapters.sql.engine import is_sqlite

_OPTION = "bangui_lasts"


def lasting(engine: Engine) -> Engine:
    """Return the same engine, over the same connections, for transactions that outlast a power failure."""
    if not is_sqlite(engine):
        return engine
    if not event.contains(engine, "engine_connect", _choose_level):
        event.listen(engine, "engine_connect", _choose_level)
    return engine.execution_options(**{_OPTION: True})


def _choose_level(connection: Connection) -> None:
    lasts = connection.get_execution_options().get(_OPTION, False)
    # Past SQLAlchemy, which would begin a transaction first: inside one the level cannot be changed.
    driver = cast("SqliteConnection", connection.connection.driver_connection)
    driver.execute(f"PRAGMA synchronous = {'FULL' if lasts else 'NORMAL'}")
