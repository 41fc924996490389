"""Numbers are used once, and sums are kept."""

from __future__ import annotations

from sqlalchemy import Engine

from bangui.adapters.sql.counters import CounterTable
from bangui.adapters.sql.engine import writing
from bangui.adapters.sql.statements import Statements, Transaction


def test_numbers_go_on_where_the_last_transaction_stopped(engine: Engine) -> None:
    table = CounterTable(Statements(engine.dialect.name))
    firsts = []
    for _ in range(3):
        with writing(engine) as connection:
            counters = table.read(Transaction(connection))
            firsts.append((counters.take("events", 10), counters.take("ids"), counters.take("events")))
            table.write(Transaction(connection), counters)
    assert firsts == [(1, 1, 11), (12, 2, 22), (23, 3, 33)]


def test_a_sum_may_grow_and_shrink(engine: Engine) -> None:
    table = CounterTable(Statements(engine.dialect.name))
    for change in (500, -200, 0):
        with writing(engine) as connection:
            counters = table.read(Transaction(connection))
            counters.add("bytes", change)
            table.write(Transaction(connection), counters)
    with writing(engine) as connection:
        assert table.read(Transaction(connection)).get("bytes") == 300


def test_a_history_has_an_identity_that_stays(engine: Engine) -> None:
    table = CounterTable(Statements(engine.dialect.name))
    identities = []
    for _ in range(2):
        with writing(engine) as connection:
            counters = table.read(Transaction(connection))
            identities.append(counters.identity)
            table.write(Transaction(connection), counters)
    assert identities[0] == identities[1] > 0
