"""Records batches into the history: each in one transaction, all of it or nothing, and nothing twice.

One thread records at a time, in this process (a lock) as in all others (`engine.writing`). What is remembered between
transactions only saves look-ups: after any failure it is forgotten, and the next batch begins from what is stored.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine

from bangui.adapters.sql.backup import back_up
from bangui.adapters.sql.ban_writer import BanWriter
from bangui.adapters.sql.counters import CounterTable
from bangui.adapters.sql.cursor_table import CursorTable
from bangui.adapters.sql.engine import reading, writing
from bangui.adapters.sql.event_rows import EventTable
from bangui.adapters.sql.folds import FoldTable
from bangui.adapters.sql.jail_settings_table import JailSettingsTable
from bangui.adapters.sql.line_table import LineTable
from bangui.adapters.sql.names import Names
from bangui.adapters.sql.plain_events import PlainEvents
from bangui.adapters.sql.pruning import Pruner
from bangui.adapters.sql.restore import restore
from bangui.adapters.sql.statements import Statements, Transaction
from bangui.adapters.sql.tally import DAY, HOUR, Folded, StaleNames, TallyTable
from bangui.adapters.sql.work import Work
from bangui.domain.history import BanNote, Batch, EventKind, JailSettings, Observation, Recorded
from bangui.domain.history_ports import Progress, Retention
from bangui.domain.places import PlaceFinder

_DAY = DAY * HOUR
_MANY = 500


@contextmanager
def _without_collection(count: int) -> Iterator[None]:
    """Let the collector of cycles rest during a large batch.

    A batch makes some twenty objects for each observation, which have no cycles and all go at its end. Looking for
    cycles among them again and again takes a fifth of the time of recording.
    """
    if count < _MANY or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class SqlHistoryWriter:
    """Writes a history on SQLite or PostgreSQL; thread-safe."""

    def __init__(self, engine: Engine, places: PlaceFinder, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock
        self._lock = Lock()
        statements = Statements(engine.dialect.name)
        self._names = Names(statements, places)
        self._counters = CounterTable(statements)
        self._cursors = CursorTable(statements)
        self._settings = JailSettingsTable(statements)
        self._tally = TallyTable(statements)
        self._folds = FoldTable(statements)
        events, lines = EventTable(statements), LineTable(statements)
        self._plain_events = PlainEvents(statements, events)
        self._bans = BanWriter(statements, events, lines)
        self._pruner = Pruner(statements, lines, self._tally)

    def record(self, batch: Batch) -> Recorded:
        """Record a batch, all of it or nothing; what is known already changes nothing."""
        with self._lock, _without_collection(len(batch.observations)):
            try:
                return self._record(batch)
            except StaleNames:
                return self._record(batch)

    def cursor(self, host: str, source: str) -> str | None:
        """Return how far a source has been read; None where it never was."""
        with reading(self._engine) as connection:
            return self._cursors.find(Transaction(connection), host, source)

    def prune(self, retention: Retention, now: int, at_most: int = 2_000) -> int:
        """Forget up to so many events that are too old or too many, give back their room, return how many went."""
        with self._lock:
            self._names.forget()
            return self._pruner.prune(self._engine, retention, now, at_most)

    def back_up(self, target: Path) -> int:
        """Copy the whole history into a new file while it is in use, and return the number of events in it."""
        return back_up(self._engine, target)

    def restore(self, source: Path, progress: Progress) -> int:
        """Add what a backup holds to what is here, and return how many events were new."""
        return restore(source, self.record, progress)

    def _record(self, batch: Batch) -> Recorded:
        try:
            with writing(self._engine, is_large=len(batch.observations) >= _MANY) as connection:
                recorded = self._write(Transaction(connection), batch)
        except BaseException:
            self._names.forget()
            raise
        self._names.commit()
        return recorded

    def _write(self, transaction: Transaction, batch: Batch) -> Recorded:
        counters = self._counters.read(transaction)
        self._names.begin(counters.identity)
        everything: Sequence[Observation | BanNote | JailSettings] = [
            *batch.observations,
            *batch.notes,
            *batch.settings,
        ]
        hosts = self._names.hosts(transaction, counters, {batch.host, *(one.host for one in everything)})
        jails = self._names.jails(transaction, counters, {one.jail for one in everything})
        named = {one.id for one in batch.observations} | {one.id for one in batch.notes}
        work = Work(transaction, counters, hosts, jails, self._names.ids(transaction, counters, named))
        work.new_ids = self._names.new_ids
        bans = [one for one in batch.observations if one.kind is EventKind.BAN]
        self._plain_events.record(work, [one for one in batch.observations if one.kind is not EventKind.BAN])
        self._bans.record(work, bans, batch.notes)
        self._count(work)
        self._settings.record(work, batch.settings)
        self._cursors.store(transaction, hosts[batch.host].number, batch.cursors)
        self._counters.write(transaction, counters)
        return Recorded(tuple(work.new), tuple(work.changed))

    def _count(self, work: Work) -> None:
        folded = self._folds.read(work.transaction)
        if folded is None and work.tally.first:
            folded = self._folds.begin(work.transaction, min(work.tally.first.values()) // _DAY)
        self._tally.write(work.transaction, work.tally, folded or Folded(), work.new_ids, self._names.moved_ids)
        if folded and work.tally.last:
            # A clock that is wrong by years must not fold days that are still to come.
            newest = min(max(work.tally.last.values()), int(self._clock() * 1000))
            self._folds.fold(work.transaction, folded, newest // _DAY)
