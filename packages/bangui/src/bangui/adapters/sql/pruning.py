"""Forgets events that are too old or too many, with everything that was there for their sake only.

What goes takes its matched lines and its note along, an id goes with its last event, and all counts are reduced in the
same transaction. A note that still waits for its ban keeps its id.

On SQLite the pages that become free are given back to the disk, a few at a time. On PostgreSQL rows are deleted and
the rest is the server's business (`room`).
"""

from __future__ import annotations

from sqlalchemy import Engine, bindparam, delete, exists, select

from bangui.adapters.sql.counters import CounterTable
from bangui.adapters.sql.engine import writing
from bangui.adapters.sql.errors import translated
from bangui.adapters.sql.event_rows import EventRow, EventTable
from bangui.adapters.sql.folds import FoldTable
from bangui.adapters.sql.id_keys import id_key
from bangui.adapters.sql.line_table import LineTable
from bangui.adapters.sql.names import Id
from bangui.adapters.sql.room import Room
from bangui.adapters.sql.schema import KIND_CODES, events, ids, jails, notes
from bangui.adapters.sql.statements import Statements, Transaction, make_lookup
from bangui.adapters.sql.tally import HOUR, Folded, Tally, TallyTable
from bangui.domain.ban_notes import LONGEST_WAIT
from bangui.domain.history_ports import Retention

# Pages that are given back at a time: the last ones of the file move to where these were.
_PAGES_AT_ONCE = 1_000


class Pruner:
    """Forgets events of one history."""

    def __init__(self, statements: Statements, lines: LineTable, tally: TallyTable) -> None:
        self._is_sqlite = statements.is_sqlite
        self._room = Room(statements)
        self._lines = lines
        self._tally = tally
        self._counters = CounterTable(statements)
        self._folds = FoldTable(statements)
        self._delete = EventTable(statements).delete
        self._jails = statements.compile(select(jails.c.number))
        oldest = select(events).order_by(events.c.time).limit(bindparam("at_most"))
        self._oldest = statements.compile(oldest, ("at_most",))
        self._too_old = statements.compile(
            oldest.where(
                events.c.jail == bindparam("jail_"),
                events.c.kind == bindparam("kind_"),
                events.c.time < bindparam("until"),
            ),
            ("jail_", "kind_", "until", "at_most"),
        )
        self._texts = make_lookup(statements, select(ids.c.number, ids.c.text), ids.c.number)
        self._drop_note = statements.compile(delete(notes).where(notes.c.number == bindparam("number_")))
        is_gone = exists(select(ids.c.number).where(ids.c.number == notes.c.id, ids.c.events == 0))
        self._drop_notes = statements.compile(
            delete(notes).where(notes.c.id == bindparam("id_"), notes.c.time < bindparam("until"), is_gone),
            ("id_", "until"),
        )
        has_notes = exists(select(notes.c.number).where(notes.c.id == ids.c.number))
        self._drop_id = statements.compile(
            delete(ids).where(ids.c.number == bindparam("number_"), ids.c.events == 0, ~has_notes), ("number_",)
        )

    def prune(self, engine: Engine, retention: Retention, now: int, at_most: int) -> int:
        """Forget up to so many events, give back some room, and return how many went."""
        with writing(engine) as connection:
            transaction = Transaction(connection)
            rows = self._pick(transaction, retention, now, at_most)
            if rows:
                self._forget(transaction, rows, now)
        if self._is_sqlite:
            self._give_back(engine)
        return len(rows)

    def _pick(self, transaction: Transaction, retention: Retention, now: int, at_most: int) -> list[EventRow]:
        rows: list[EventRow] = []
        for (jail,) in transaction.fetch(self._jails):
            for kind, age in retention.ages.items():
                if len(rows) < at_most:
                    wanted = (jail, KIND_CODES[kind], now - age * 1000, at_most - len(rows))
                    rows.extend(EventRow._make(row) for row in transaction.fetch(self._too_old, wanted))
        if len(rows) < at_most and self._is_too_large(transaction, retention):
            known = {row.number for row in rows}
            oldest = (EventRow._make(row) for row in transaction.fetch(self._oldest, (at_most,)))
            rows.extend([row for row in oldest if row.number not in known][: at_most - len(rows)])
        return rows

    def _is_too_large(self, transaction: Transaction, retention: Retention) -> bool:
        return retention.max_bytes is not None and self._room.read(transaction) > retention.max_bytes

    def _forget(self, transaction: Transaction, rows: list[EventRow], now: int) -> None:
        counters = self._counters.read(transaction)
        transaction.run(self._delete, [(row.number,) for row in rows])
        numbers_of_lines = [row.lines for row in rows if row.lines is not None]
        self._lines.delete(transaction, counters, numbers_of_lines)
        if numbers_of_lines:
            self._lines.tidy(transaction)
        transaction.run(self._drop_note, [(row.note,) for row in rows if row.note is not None])
        numbers = sorted({row.id for row in rows})
        texts: dict[int, str] = dict(transaction.fetch_for(self._texts, numbers))
        tally = Tally()
        tally.remove(
            (row.kind, row.time // HOUR, row.jail, row.host, id)
            for row, id in zip(rows, _places(rows, texts), strict=True)
        )
        self._tally.write(transaction, tally, self._folds.read(transaction) or Folded())
        transaction.run(self._drop_notes, [(number, now - LONGEST_WAIT) for number in numbers])
        transaction.run(self._drop_id, [(number,) for number in numbers])
        self._counters.write(transaction, counters)

    def _give_back(self, engine: Engine) -> None:
        with translated(engine.url), engine.connect() as connection:
            cursor = connection.connection.cursor()
            if cursor.execute("PRAGMA freelist_count").fetchone() == (0,):
                return
            # It gives back one page at each step, and a script is the only thing that Python takes all steps of.
            cursor.executescript(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})")
            # The file itself becomes shorter when the log of changes is written to it; readers are not waited for.
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def _places(rows: list[EventRow], texts: dict[int, str]) -> list[Id]:
    """Return the ids of rows, each as it was counted: one for each place that it was in."""
    found: dict[tuple[int, str | None, int | None], Id] = {}
    for row in rows:
        key = (row.id, row.country, row.network)
        if key not in found:
            text = texts[row.id]
            parsed = id_key(text)
            found[key] = Id(row.id, text, row.country, row.network, parsed.subnet if parsed else None)
    return [found[row.id, row.country, row.network] for row in rows]
