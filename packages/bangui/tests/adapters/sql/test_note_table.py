"""Notes are stored once and found by what they are about."""

from __future__ import annotations

from sqlalchemy import select

from bangui.adapters.sql.engine import reading
from bangui.adapters.sql.schema import notes
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.seen import START, batch, note


def test_a_note_that_is_known_stays_as_it_is(store: Store) -> None:
    store.writer.record(batch(notes=[note(START), note(START)]))
    store.writer.record(batch(notes=[note(START), note(START + 1), note(START, jail="recidive"), note(START, "x")]))
    with reading(store.engine) as connection:
        rows = connection.execute(select(notes)).all()
    assert len(rows) == 4
    assert {(row.author, row.reason, row.origin) for row in rows} == {("ann", "scans for holes", 2)}
