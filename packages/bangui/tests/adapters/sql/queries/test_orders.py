from __future__ import annotations

import pytest

from bangui.adapters.sql.queries.asker import query
from bangui.adapters.sql.queries.orders import after, join_of, order_by, position_of, sorting_of
from bangui.adapters.sql.queries.positions import Position
from bangui.domain.history_queries import Order, SortKey
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.queries.asking import asking
from packages.bangui.tests.adapters.sql.seen import START, batch, failure


@pytest.mark.parametrize("is_descending", [True, False])
@pytest.mark.parametrize("key", list(SortKey))
def test_what_comes_after_a_position_is_the_rest_of_the_list(store: Store, key: SortKey, is_descending: bool) -> None:
    ids = ("10.0.0.1", "9.0.0.1", "no address", "2001:db8::1", "99.0.0.1", "\x1b[31m")
    store.writer.record(batch(*(failure(START + place % 2, id, f"jail{place % 3}") for place, id in enumerate(ids))))
    order = Order(key, is_descending)
    sorting = sorting_of(order)
    columns = ", ".join([*sorting.columns, "e.time", "e.number"])

    with asking(store) as asker:

        def asked(wanted: tuple[str, ...], values: dict[str, object]) -> list[Position]:
            tables = f"events e {sorting.tables}"
            sql = query(columns, tables, (*join_of(order), *wanted), order_by(order))
            return [position_of(row) for row in asker.rows(sql, sorting.parameters | values)]

        whole = asked((), {})
        assert len(whole) == len(ids)
        for place, position in enumerate(whole):
            assert asked(*after(order, position)) == whole[place + 1 :]
