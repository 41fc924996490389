"""Settings in the database."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine, delete, insert, select

from bangui.adapters.sql.accounts_audit import add_entry
from bangui.adapters.sql.accounts_transactions import lasting
from bangui.adapters.sql.engine import reading, writing
from bangui.adapters.sql.kept_settings_schema import kept_settings
from bangui.adapters.sql.storable import storable_text
from bangui.domain.audit import AuditEntry
from bangui.domain.kept_settings import LONGEST_SETTING


class SqlKeptSettings:
    """Settings; see `bangui.domain.kept_settings.KeptSettings`. `engine` opens the database where it is not open."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._open = engine

    def read(self, name: str) -> str | None:
        """Return a setting; None where it was never made."""
        query = select(kept_settings.c.value).where(kept_settings.c.name == name)
        with reading(lasting(self._open())) as connection:
            found: str | None = connection.execute(query).scalar_one_or_none()
        return found

    def write(self, name: str, value: str | None, entry: AuditEntry) -> None:
        """Make a setting, or take it back (None), and record it in the same transaction."""
        with writing(lasting(self._open())) as connection:
            connection.execute(delete(kept_settings).where(kept_settings.c.name == name))
            if value is not None:
                connection.execute(insert(kept_settings).values(name=name, value=storable_text(value, LONGEST_SETTING)))
            add_entry(connection, entry)
