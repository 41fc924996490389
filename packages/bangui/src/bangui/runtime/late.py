"""A database that is opened when it is first needed, and tried again whenever it could not be opened.

Several stores share it: one engine, with few connections, is less memory than one for each of them.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.migrate import migrate

if TYPE_CHECKING:
    from sqlalchemy import Engine


class LateDatabase:
    """The database at a location (`open_engine`); its functions block, and may be called from any thread."""

    def __init__(self, location: str) -> None:
        self._location = location
        self._lock = threading.Lock()
        self._engine: Engine | None = None

    def engine(self) -> Engine:
        """Return the engine of a database that has the schema of this BanGUI; raises `StoreError`."""
        with self._lock:
            if self._engine is None:
                engine = open_engine(self._location)
                try:
                    migrate(engine)
                except BaseException:
                    engine.dispose()
                    raise
                self._engine = engine
            return self._engine

    def close(self) -> None:
        """Close the database; it is opened again when it is needed."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
            self._engine = None
