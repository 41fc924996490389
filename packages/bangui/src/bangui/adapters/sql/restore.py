"""Merges a copy of a history into the one that is in use: events, notes and settings, each exactly once.

Everything goes the way of all that is recorded, some at a time: whatever runs meanwhile goes on, and what was
interrupted is begun again without harm. The copy itself is never changed: one of an older BanGUI is brought up to date
in a copy of its own.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.engine import URL

from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.errors import store_error, translated
from bangui.adapters.sql.migrate import NEWEST, migrate, read_version
from bangui.adapters.sql.stored_batches import StoredHistory
from bangui.domain.history import Batch, Recorded
from bangui.domain.history_ports import Progress, StoreTrouble

_EVENTS_AT_ONCE = 10_000


def restore(source: Path, record: Callable[[Batch], Recorded], progress: Progress) -> int:
    """Record what a copy holds, and return how many events were new; raises `StoreError`."""
    source = source.absolute()
    url = URL.create("sqlite+pysqlite", database=str(source))
    with _up_to_date(source, url) as path, translated(url), closing(_open(path)) as connection:
        return record_all(StoredHistory(connection), record, progress, _EVENTS_AT_ONCE)


def record_all(stored: StoredHistory, record: Callable[[Batch], Recorded], progress: Progress, at_once: int) -> int:
    """Record everything of a stored history, and return how many events were new."""
    total = stored.count()
    done = new = 0
    progress(done, total)
    for batch in stored.settings():
        record(batch)
    for batch in stored.notes():
        record(batch)
    for read, batches in stored.events(at_once):
        new += sum(len(record(batch).new) for batch in batches)
        done += read
        progress(done, total)
    return new


@contextmanager
def _up_to_date(source: Path, url: URL) -> Iterator[Path]:
    """Lend a history of the newest schema: the source itself, or a migrated copy of it."""
    engine = open_engine(str(source), read_only=True)
    try:
        version = read_version(engine)
    finally:
        engine.dispose()
    if version is None:
        raise store_error(StoreTrouble.FOREIGN, url, "there is no history in it", hint="give a file that a backup made")
    if version == NEWEST:
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="bangui-restore-") as folder:
        copy = Path(folder) / "history"
        with translated(url), closing(_open(source)) as old, closing(sqlite3.connect(copy)) as new:
            old.backup(new)
        engine = open_engine(str(copy))
        try:
            migrate(engine)
        finally:
            engine.dispose()
        yield copy


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)
