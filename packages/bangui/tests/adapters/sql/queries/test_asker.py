from __future__ import annotations

from sqlalchemy import text

from bangui.adapters.sql.queries.asker import one_of, query
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.queries.asking import asking
from packages.bangui.tests.adapters.sql.seen import START, batch, failure


def test_values_are_a_table_on_both_databases(store: Store) -> None:
    rows = [(1, "it's", -5), (2, 'x" --', 1 << 60), (3, "\u202e\u00e4", 0)]

    with asking(store) as asker:
        given = asker.table("v", ("number", "name", "size"), rows)
        found = asker.rows(query("v.size, v.name, v.number", given.sql, (), "ORDER BY v.number"), given.parameters)

    assert found == [(size, name, number) for number, name, size in rows]


def test_a_table_may_be_empty(store: Store) -> None:
    with asking(store) as asker:
        given = asker.table("v", ("number",), [])
        assert asker.rows(query("v.number", given.sql), given.parameters) == []


def test_what_somebody_wrote_is_never_part_of_a_query(store: Store) -> None:
    store.writer.record(batch(failure(START, id="'; DROP TABLE ids; --"), failure(START, id="%s :id %(id)s")))

    with asking(store) as asker:
        for id in ("'; DROP TABLE ids; --", "%s :id %(id)s"):
            assert asker.column(query("text", "ids", ("text = :id",)), {"id": id}) == [id]
        assert asker.row(query("text", "ids", ("text = :id",)), {"id": "' OR '1'='1"}) is None


def test_a_query_that_names_an_index_runs_on_both_databases(store: Store) -> None:
    store.writer.record(batch(failure(START)))

    with asking(store) as asker:
        sql = query("e.time", "events e INDEXED BY events_time", ("e.time >= :since",))
        assert asker.column(sql, {"since": START}) == [START]


def test_a_transaction_sees_one_state(store: Store) -> None:
    store.writer.record(batch(failure(START)))

    with asking(store) as asker:
        before = asker.column("SELECT count(*) FROM events")
        store.writer.record(batch(failure(START + 1)))
        assert asker.column("SELECT count(*) FROM events") == before
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM events")).scalar() == 2


def test_one_of_some_numbers() -> None:
    assert one_of("e.kind", (1,)) == "e.kind = 1"
    assert one_of("e.kind", (1, 2)) == "e.kind IN (1, 2)"


def test_a_query_without_conditions_has_no_where() -> None:
    assert query("a", "b") == "SELECT a FROM b"
    assert query("a", "b", ("c", "d"), "LIMIT 1") == "SELECT a FROM b WHERE c AND d LIMIT 1"
