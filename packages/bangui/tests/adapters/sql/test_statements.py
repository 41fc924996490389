"""Statements take plain tuples in the order that their maker has chosen, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, bindparam, literal, select, update

from bangui.adapters.sql.engine import reading, writing
from bangui.adapters.sql.schema import hosts, ids, kind_counts, lines
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
        assert transaction.run(adding, [(1, 1, 1, 1, 1, 5), (1, 1, 2, 1, 1, 9)]) == 2
        assert transaction.run(adding, [(1, 1, 1, 1, 1, -2)]) == 1
        found = transaction.fetch(statements.compile(select(kind_counts.c.events).order_by(kind_counts.c.start)))
    assert [count for (count,) in found] == [3, 9]


def test_whole_rows_are_inserted_many_at_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bangui.adapters.sql.statements._ROWS_AT_ONCE", 3)
    statements = Statements(engine.dialect.name)
    insert = statements.inserting(lines)
    rows = [(number, number + 1, 1, bytes([number])) for number in range(7)]
    with writing(engine) as connection:
        transaction = Transaction(connection)
        assert transaction.run(statements.many(insert), rows[:4]) == 4
        assert transaction.run(statements.many(insert.on_conflict_do_nothing()), rows) == 3
        found = transaction.fetch(statements.compile(select(lines).order_by(lines.c.number)))
    assert [(*row[:3], bytes(row[3])) for row in found] == rows


def test_what_is_unknown_is_null_in_every_row_alike(engine: Engine) -> None:
    statements = Statements(engine.dialect.name)
    rows = [
        (1, "a", None, None, None, None, 0, 0, 0, 5, 5, 0),
        (2, "b", b"4\x01\x02\x03\x04", 32, "DE", 7, 0, 0, 0, 5, 5, 0),
    ]
    with writing(engine) as connection:
        transaction = Transaction(connection)
        transaction.run(statements.many(statements.inserting(ids)), rows)
        given = statements.values({"network_": ids.c.network.type, "number_": ids.c.number.type})
        moved = update(ids).where(ids.c.number == given["number_"]).values(network=given["network_"])
        assert transaction.run(statements.many(moved, ("network_", "number_")), [(None, 2), (9, 1), (9, 3)]) == 2
        found = transaction.fetch(statements.compile(select(ids.c.key, ids.c.country, ids.c.network).order_by("text")))
    assert [(key and bytes(key), *rest) for key, *rest in found] == [(None, None, 9), (rows[1][2], "DE", None)]


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
