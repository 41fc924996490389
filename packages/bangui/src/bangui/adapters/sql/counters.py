"""Numbers for new rows, and sums that are too dear to count: `counters`, as one transaction sees and changes it.

There is one writer at a time, so what was read at the beginning of a transaction is true until its end.
"""

from __future__ import annotations

import secrets

from bangui.adapters.sql.schema import counters
from bangui.adapters.sql.statements import Statements, Transaction

LINE_BYTES = "line bytes"
_IDENTITY = "identity"


class CounterTable:
    """The statements about `counters`."""

    def __init__(self, statements: Statements) -> None:
        self._select = statements.compile(counters.select())
        insert = statements.insert(counters)
        self._upsert = statements.compile(
            insert.on_conflict_do_update(index_elements=[counters.c.name], set_={"value": insert.excluded.value})
        )

    def read(self, transaction: Transaction) -> Counters:
        """Return the counters as they are now."""
        return Counters(dict(transaction.fetch(self._select)))

    def write(self, transaction: Transaction, values: Counters) -> None:
        """Store what was changed."""
        transaction.run(self._upsert, sorted(values.changed.items()))


class Counters:
    """The counters within one transaction."""

    def __init__(self, values: dict[str, int]) -> None:
        self._values = values
        self.changed: dict[str, int] = {}

    def take(self, table: str, count: int = 1) -> int:
        """Return the first of so many numbers for new rows of a table, which begin with 1."""
        first = self._values.get(table, 1)
        self._set(table, first + count)
        return first

    def get(self, name: str) -> int:
        """Return a sum."""
        return self._values.get(name, 0)

    @property
    def identity(self) -> int:
        """A number that no other history has: what is remembered of one is not true of another in its place."""
        if _IDENTITY not in self._values:
            self._set(_IDENTITY, secrets.randbits(62))
        return self._values[_IDENTITY]

    def set(self, name: str, value: int) -> None:
        """Keep a number."""
        self._set(name, value)

    def add(self, name: str, value: int) -> None:
        """Change a sum."""
        if value:
            self._set(name, self._values.get(name, 0) + value)

    def _set(self, name: str, value: int) -> None:
        self._values[name] = self.changed[name] = value
