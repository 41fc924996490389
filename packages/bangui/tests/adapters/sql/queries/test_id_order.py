from __future__ import annotations

import pytest

from bangui.adapters.sql.queries.id_order import page_by_id
from bangui.adapters.sql.queries.positions import Position
from bangui.adapters.sql.queries.scope import resolve
from bangui.domain.history_queries import Filter
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.queries.asking import asking
from packages.bangui.tests.adapters.sql.seen import DAY, START, batch, failure

IN_ORDER = ("9.0.0.0/8", "9.0.0.1", "10.0.0.1", "2001:db8::1", "A user", "an id", "zz")
"""IPv4 addresses by their numbers, then those of IPv6, then what is none by its text."""


@pytest.fixture
def filled(store: Store) -> Store:
    for number, id in enumerate(sorted(IN_ORDER)):
        store.writer.record(batch(*(failure(START + (day * 9 + number) * DAY, id) for day in range(3))))
    return store


@pytest.mark.parametrize("is_descending", [True, False])
def test_ids_come_in_their_order_and_their_events_by_time(filled: Store, is_descending: bool) -> None:
    with asking(filled) as asker:
        scope = resolve(asker, Filter())
        found: list[Position] = []
        while page := page_by_id(asker, scope, found[-1] if found else None, 4, is_descending=is_descending):
            found += page

    ids = [str(position.key[2]) for position in found]
    assert ids == [id for id in (IN_ORDER[::-1] if is_descending else IN_ORDER) for _ in range(3)]
    for id in IN_ORDER:
        times = [position.time for position in found if position.key[2] == id]
        assert times == sorted(times, reverse=is_descending)


def test_ids_without_an_event_that_is_meant_are_passed_over(filled: Store) -> None:
    with asking(filled) as asker:
        scope = resolve(asker, Filter(since=START + 20 * DAY, prefix="1"))
        assert [one.key[2] for one in page_by_id(asker, scope, None, 50, is_descending=False)] == []
        scope = resolve(asker, Filter(since=START + 18 * DAY, prefix="1"))
        assert [one.key[2] for one in page_by_id(asker, scope, None, 50, is_descending=False)] == ["10.0.0.1"]
