from __future__ import annotations

import pytest

from bangui.adapters.sql.queries import find as finding
from bangui.adapters.sql.queries.find import find
from bangui.adapters.sql.queries.positions import Position
from bangui.adapters.sql.queries.scope import resolve
from bangui.domain.history_queries import Filter, Order, SortKey
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.queries.asking import asking
from packages.bangui.tests.adapters.sql.seen import DAY, START, ban, batch, failure


@pytest.fixture
def filled(store: Store) -> Store:
    about = [(START + day * DAY, f"{9 + day % 3}.0.0.1", f"jail{day % 2}") for day in range(12)]
    store.writer.record(batch(*(failure(*one) for one in about), *(ban(*one, ["for root"]) for one in about)))
    return store


@pytest.mark.parametrize("collected", [0, 1_000_000])
@pytest.mark.parametrize(
    ("only", "events"), [(Filter(), 24), (Filter(text="root"), 12), (Filter(jails=("jail1",), prefix="1"), 8)]
)
def test_pages_are_the_parts_of_one_list(
    filled: Store, monkeypatch: pytest.MonkeyPatch, collected: int, only: Filter, events: int
) -> None:
    monkeypatch.setattr(finding, "COLLECTED", collected)
    with asking(filled) as asker:
        scope = resolve(asker, only)
        for order in (Order(key, is_descending) for key in SortKey for is_descending in (True, False)):
            whole = find(asker, scope, order, None, 100)
            parts: list[Position] = []
            while page := find(asker, scope, order, parts[-1] if parts else None, 5):
                parts += page

            assert len(whole) == events
            assert parts == whole
            places = [(one.key, one.time, one.number) for one in whole]
            assert places == sorted(places, reverse=order.is_descending)


@pytest.mark.parametrize("only", [Filter(jails=("absent",)), Filter(since=START + 99 * DAY), Filter(text="absent*")])
def test_nothing_is_found_where_nothing_can_be(filled: Store, only: Filter) -> None:
    with asking(filled) as asker:
        assert find(asker, resolve(asker, only), Order(), None, 5) == []
