"""How long the history is kept, as it is set on the command line and on the page."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from bangui.adapters.sql.kept_settings import SqlKeptSettings
from bangui.runtime.late import LateDatabase
from bangui.services.retention_settings import RetentionSettings

if TYPE_CHECKING:
    from bangui.domain.audit import AuditEntry


class LateKeptSettings:
    """Settings in a database that is opened late; see `bangui.domain.kept_settings.KeptSettings`."""

    def __init__(self, database: LateDatabase) -> None:
        self._database = database

    def read(self, name: str) -> str | None:
        """Return a setting; None where it was never made."""
        return SqlKeptSettings(self._database.engine()).read(name)

    def write(self, name: str, value: str | None, entry: AuditEntry) -> None:
        """Make a setting, or take it back (None), and record it in the same transaction."""
        SqlKeptSettings(self._database.engine()).write(name, value, entry)


def retention_settings(options: Namespace, database: LateDatabase) -> RetentionSettings:
    """Return how long the history is kept, with the options of the command line to begin with."""
    return RetentionSettings(LateKeptSettings(database), options.retention)
