"""How far sources have been read, in their own words."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, select

from bangui.adapters.sql.schema import cursors, hosts
from bangui.adapters.sql.statements import Statements, Transaction


class CursorTable:
    """The statements about `cursors`."""

    def __init__(self, statements: Statements) -> None:
        insert = statements.insert(cursors)
        self._store = statements.compile(
            insert.on_conflict_do_update(
                index_elements=list(cursors.primary_key), set_={"state": insert.excluded.state}
            )
        )
        self._find = statements.compile(
            select(cursors.c.state)
            .join(hosts, hosts.c.number == cursors.c.host)
            .where(hosts.c.name == bindparam("host_"), cursors.c.source == bindparam("source_")),
            ("host_", "source_"),
        )

    def store(self, transaction: Transaction, host: int, states: Mapping[str, str]) -> None:
        """Store cursors of a host."""
        transaction.run(self._store, [(host, source, state) for source, state in sorted(states.items())])

    def find(self, transaction: Transaction, host: str, source: str) -> str | None:
        """Return a cursor; None where there is none."""
        for (state,) in transaction.fetch(self._find, (host, source)):
            return str(state)
        return None
