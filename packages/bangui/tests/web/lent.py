"""A real history on SQLite, lent to pages as the runtime lends it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from starlette.types import ASGIApp

from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.reader import SqlHistoryReader
from bangui.domain.history import BanNote, JailSettings, Observation
from bangui.domain.snapshot import Snapshot
from bangui.services.history_threads import HistoryThreads
from bangui.web import WebSettings
from packages.bangui.tests.filled_history import NOW, STORY, FilledHistory
from packages.bangui.tests.web.opened import open_app
from packages.bangui.tests.web.scripted import ScriptedLive, few_bans


@contextmanager
def lent(history: FilledHistory) -> Iterator[HistoryThreads]:
    """Lend a history until the block ends, whatever has become of its file meanwhile."""
    engine = open_engine(str(history.path), read_only=True)
    threads = HistoryThreads(SqlHistoryReader(engine), history.places)
    try:
        yield threads
    finally:
        threads.close()
        engine.dispose()


@contextmanager
def app_over(
    path: Path,
    observations: Sequence[Observation] = STORY,
    *,
    snapshot: Snapshot | None = None,
    notes: Sequence[BanNote] = (),
    settings: Sequence[JailSettings] = (),
    now: datetime = NOW,
) -> Iterator[ASGIApp]:
    """Yield the application over a live state and a history that is filled with these observations."""
    history = FilledHistory(path / "history.sqlite3")
    history.record(observations, notes, settings)
    live = ScriptedLive(snapshot or few_bans(now))
    with lent(history) as source:
        yield open_app(live, WebSettings(version="1", page_size=5), history=source, now=lambda: now)
