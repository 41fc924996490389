"""How long the history is kept, as it is set on the command line and on the page."""

from __future__ import annotations

from argparse import Namespace

from bangui.adapters.sql.kept_settings import SqlKeptSettings
from bangui.runtime.late import LateDatabase
from bangui.services.retention_settings import RetentionSettings


def retention_settings(options: Namespace, database: LateDatabase) -> RetentionSettings:
    """Return how long the history is kept, with the options of the command line to begin with."""
    return RetentionSettings(SqlKeptSettings(database.engine), options.retention)
