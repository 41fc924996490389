"""Lines and the index of their words are one."""

from __future__ import annotations

from sqlalchemy import Engine, select

from bangui.adapters.sql.counters import LINE_BYTES, CounterTable
from bangui.adapters.sql.engine import reading, writing
from bangui.adapters.sql.line_table import LinesOf, LineTable
from bangui.adapters.sql.schema import lines
from bangui.adapters.sql.statements import Statements, Transaction


def test_lines_come_and_go_with_their_words(engine: Engine) -> None:
    statements = Statements(engine.dialect.name)
    table, counter_table = LineTable(statements), CounterTable(statements)
    with writing(engine) as connection:
        transaction = Transaction(connection)
        counters = counter_table.read(transaction)
        added = [LinesOf(1, 5, ("root", "admin")), LinesOf(2, 6, ("%s ' \\ {} root",)), LinesOf(3, 6, ("",))]
        numbers = table.insert(transaction, counters, added)
        assert table.counts(transaction, list(numbers.values())) == {numbers[1]: 2, numbers[2]: 1, numbers[3]: 1}
        assert table.texts(transaction, [numbers[1], 99]) == {numbers[1]: ("root", "admin")}
        table.delete(transaction, counters, [numbers[1], numbers[3], 99])
        table.tidy(transaction)
        counter_table.write(transaction, counters)
    with reading(engine) as connection:
        (row,) = connection.execute(select(lines))
        query = "SELECT {} FROM line_words WHERE {}"
        condition = ("rowid", "line_words MATCH 'root'") if statements.is_sqlite else ("number", "words @@ 'root'")
        found = connection.exec_driver_sql(query.format(*condition)).scalars().all()
    assert found == [row.number] == [numbers[2]]
    assert counters.get(LINE_BYTES) == len(row.packed)


def test_two_events_that_would_have_the_same_number_have_two(engine: Engine) -> None:
    statements = Statements(engine.dialect.name)
    table, counter_table = LineTable(statements), CounterTable(statements)
    with writing(engine) as connection:
        transaction = Transaction(connection)
        counters = counter_table.read(transaction)
        first = table.insert(transaction, counters, [LinesOf(7, 5, ("one",))])
        both = [LinesOf(7 + (1 << 21), 5, ("two",)), LinesOf(7 + (2 << 21), 5, ("three",))]
        second = table.insert(transaction, counters, both)
        numbers = [*first.values(), *second.values()]
        assert len(set(numbers)) == 3
        assert {texts[0] for texts in table.texts(transaction, numbers).values()} == {"one", "two", "three"}
