"""How much room the events take that there are.

On SQLite it is the pages of the file that hold anything. On PostgreSQL the tables have a size, with their indexes, but
do not become smaller when rows go: the room is there for new rows, and how much of it is free nobody tells. So what
rows take is measured whenever the tables have become larger while there were about as many events as before, or more;
otherwise what there is takes its share of what was measured. Matched lines have a share of their own, by their length.
"""

from __future__ import annotations

from sqlalchemy import func, literal_column, select

from bangui.adapters.sql.counters import LINE_BYTES, CounterTable
from bangui.adapters.sql.schema import HISTORY_TABLES, Grain, kind_counts, line_words, lines
from bangui.adapters.sql.statements import Statement, Statements, Transaction

_AS_MANY = 0.9
_LINES = (lines.name, line_words.name)
_OTHERS = tuple(table.name for table in HISTORY_TABLES if table is not lines)


class Room:
    """Tells, within a transaction that may write, how many bytes events take with all that belongs to them."""

    def __init__(self, statements: Statements) -> None:
        self._is_sqlite = statements.is_sqlite
        self._counters = CounterTable(statements)
        self._count = statements.compile(
            select(func.sum(kind_counts.c.events)).where(kind_counts.c.grain == int(Grain.DAY))
        )
        self._sizes = {of: _size_of(statements, tables) for of, tables in (("events", _OTHERS), (LINE_BYTES, _LINES))}

    def read(self, transaction: Transaction) -> int:
        """Return the bytes that are used."""
        if self._is_sqlite:
            return _used_pages(transaction)
        ((events_there,),) = transaction.fetch(self._count)
        counters = self._counters.read(transaction)
        there = {"events": int(events_there or 0), LINE_BYTES: counters.get(LINE_BYTES)}
        used = 0
        for of, statement in self._sizes.items():
            ((size,),) = transaction.fetch(statement)
            # Forgetting makes tables larger as well: each count that changes is a new row beside the old one.
            if size > counters.get(f"room of {of}") and there[of] > _AS_MANY * counters.get(f"measured {of}"):
                counters.set(f"room of {of}", int(size))
                counters.set(f"measured {of}", there[of])
            share = counters.get(f"room of {of}") * there[of] // max(counters.get(f"measured {of}"), 1)
            # The size of tables that were packed anew is the truth itself.
            used += min(int(size), share)
        self._counters.write(transaction, counters)
        return used


def _size_of(statements: Statements, tables: tuple[str, ...]) -> Statement:
    return statements.compile(
        select(literal_column(" + ".join(f"pg_total_relation_size('{name}')" for name in tables)))
    )


def _used_pages(transaction: Transaction) -> int:
    pages, free, size = (
        transaction.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)
