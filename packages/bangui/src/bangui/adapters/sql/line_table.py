"""Matched lines and the index of their words, which always hold the same: written, moved and deleted together.

SQLite's index does not keep what it has indexed, and has to be told the words of what it shall forget: they are made
again from the packed lines. So the words of stored lines must never change; a change of `words_of` needs a migration.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, func, literal_column, select
from sqlalchemy.types import Text

from bangui.adapters.sql.counters import LINE_BYTES, Counters
from bangui.adapters.sql.lines import lines_number, pack, unpack
from bangui.adapters.sql.schema import line_words, lines
from bangui.adapters.sql.statements import Statement, Statements, Transaction, make_lookup
from bangui.adapters.sql.words import words_of_all

_PAGES = 64
"""How much of the index is merged at a time: some milliseconds."""


class LinesOf(NamedTuple):
    """The lines of an event, as they can be kept (`lines.keepable`)."""

    event: int
    time: int
    texts: tuple[str, ...]


class LineTable:
    """The statements about `lines` and `line_words`."""

    def __init__(self, statements: Statements) -> None:
        self._is_sqlite = statements.is_sqlite
        self._insert = statements.many(statements.inserting(lines))
        self._delete = statements.compile(lines.delete().where(lines.c.number == bindparam("number_")))
        self._numbers = make_lookup(statements, select(lines.c.number), lines.c.number)
        self._counts = make_lookup(statements, select(lines.c.number, lines.c.count), lines.c.number)
        self._packed = make_lookup(statements, select(lines.c.number, lines.c.packed), lines.c.number)
        if statements.is_sqlite:
            # Not to be said in Core: the first column of a command has the name of the table.
            self._index = Statement("INSERT INTO line_words (rowid, words) VALUES (?, ?)", None)
            self._forget = Statement("INSERT INTO line_words (line_words, rowid, words) VALUES ('delete', ?, ?)", None)
            self._merge = Statement("INSERT INTO line_words (line_words, rank) VALUES ('merge', ?)", None)
        else:
            given = statements.values({"number_": line_words.c.number.type, "words_": Text()})
            words = func.array_to_tsvector(func.string_to_array(given["words_"], literal_column("' '")))
            rows = select(given["number_"], words)
            self._index = statements.many(line_words.insert().from_select(["number", "words"], rows))
            self._forget = statements.compile(
                line_words.delete().where(line_words.c.number == bindparam("number_")), ("number_", "words_")
            )

    def insert(self, transaction: Transaction, counters: Counters, added: Sequence[LinesOf]) -> dict[int, int]:
        """Store lines, and return their numbers by the numbers of their events."""
        numbers = self._free_numbers(transaction, added)
        rows = [(numbers[of.event], of.event, len(of.texts), pack(of.texts)) for of in added]
        transaction.run(self._insert, rows)
        self._change_index(transaction, self._index, ((numbers[of.event], of.texts) for of in added))
        counters.add(LINE_BYTES, sum(len(row[3]) for row in rows))
        return numbers

    def index(self, transaction: Transaction, stored: Iterable[tuple[int, Sequence[str]]]) -> None:
        """Index the words of lines that are stored already, by their numbers."""
        self._change_index(transaction, self._index, stored)

    def delete(self, transaction: Transaction, counters: Counters, numbers: Sequence[int]) -> None:
        """Delete lines by their numbers."""
        found = transaction.fetch_for(self._packed, numbers)
        rows = {number: bytes(packed) for number, packed in found}
        self._change_index(transaction, self._forget, ((number, unpack(packed)) for number, packed in rows.items()))
        transaction.run(self._delete, [(number,) for number in rows])
        counters.add(LINE_BYTES, -sum(map(len, rows.values())))

    def tidy(self, transaction: Transaction) -> None:
        """Merge a part of SQLite's index, which keeps deleted words beside the signs that they are deleted until then.

        An index where as many lines come as go would grow without end.
        """
        if self._is_sqlite:
            # A negative number of pages: also where it would not be worth it if nothing had been deleted.
            transaction.fetch(self._merge, (-_PAGES,))

    def counts(self, transaction: Transaction, numbers: Sequence[int]) -> dict[int, int]:
        """Return how many lines there are, by their numbers."""
        return dict(transaction.fetch_for(self._counts, numbers))

    def texts(self, transaction: Transaction, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Return the lines themselves, by their numbers."""
        return {number: unpack(bytes(packed)) for number, packed in transaction.fetch_for(self._packed, numbers)}

    def _free_numbers(self, transaction: Transaction, added: Sequence[LinesOf]) -> dict[int, int]:
        wanted = {of.event: lines_number(of.time, of.event) for of in added}
        taken = {number for (number,) in transaction.fetch_for(self._numbers, list(wanted.values()))}
        for event, number in wanted.items():
            # Two events of the same millisecond, two million events apart; what matters is the order.
            free = number
            while free in taken:
                free += 1
            taken.add(free)
            wanted[event] = free
        return wanted

    def _change_index(
        self, transaction: Transaction, statement: Statement, indexed: Iterable[tuple[int, Sequence[str]]]
    ) -> None:
        rows: list[tuple[int, str]] = []
        for number, texts in indexed:
            words = words_of_all(texts)
            rows.append((number, " ".join(words)))
        transaction.run(statement, rows)
