"""Statements take plain tuples in the order that their maker has chosen, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, bindparam, literal, select, update

from bangui.adapters.sql.engine import reading, writing
from bangui.adapters.sql.schema import hosts, kind_counts
from bangui.adapters.sql.statements import LOOKED_UP_AT_ONCE, Statements, Transaction, make_lookup


def test_values_come_in_the_order_of_the_names(engine: Engine) -> None:
    statements = Statements(engine.dialect.name)
    rename = statements.compile(
        update(hosts).where(hosts.c.number == bindparam("which")).values(name=bindparam("new")), ("which", "new")
    )
    with writing(engine) as connection:
        transaction = Transaction(connection)
        transaction.run(statements.compile(hosts.insert()), [(1, "a"), (2, "b")])
        assert transaction.run(rename, [(2, "c"), (3, "d")]) == 1
        found = transaction.fetch(statements.compile(select(hosts.c.name).order_by(hosts.c.number)))
    assert [name for (name,) in found] == ["a", "c"]


def test_a_value_of_the_statement_itself_need_not_be_given(engine: Engine) -> None:
    statements = Statements(engine.dialect.name)
    query = select(hosts.c.number, literal(7)).where(hosts.c.name == bindparam("name_")).limit(1)
    with writing(engine) as connection:
        transaction = Transaction(connection)
        transaction.run(statements.compile(hosts.insert()), [(1, "a")])
        assert [tuple(row) for row in transaction.fetch(statements.compile(query), ("a",))] == [(1, 7)]


def test_counts_are_added_to_those_of_a_row_that_is_there(engine: Engine) -> None:
    statements = Statements(engine.dialect.name)
    with writing(engine) as connection:
        transaction = Transaction(connection)
        adding = statements.adding(kind_counts, "events")
        transaction.run(adding, [(1, 1, 1, 1, 1, 5), (1, 1, 1, 1, 1, -2), (1, 1, 2, 1, 1, 9)])
        found = transaction.fetch(statements.compile(select(kind_counts.c.events).order_by(kind_counts.c.start)))
    assert [count for (count,) in found] == [3, 9]


@pytest.mark.parametrize("count", [0, 1, LOOKED_UP_AT_ONCE, LOOKED_UP_AT_ONCE + 1, 3 * LOOKED_UP_AT_ONCE])
def test_many_rows_are_looked_up_at_once(engine: Engine, count: int) -> None:
    statements = Statements(engine.dialect.name)
    lookup = make_lookup(statements, select(hosts.c.number, hosts.c.name), hosts.c.name)
    names = [f"host{number}" for number in range(count)]
    with writing(engine) as connection:
        transaction = Transaction(connection)
        transaction.run(statements.compile(hosts.insert()), list(enumerate(names)))
        found = transaction.fetch_for(lookup, [*names, "nobody"])
    assert sorted(tuple(row) for row in found) == list(enumerate(names))


def test_nothing_to_do_is_nothing_done(engine: Engine) -> None:
    with reading(engine) as connection:
        assert Transaction(connection).run(Statements(engine.dialect.name).compile(hosts.insert()), []) == 0
