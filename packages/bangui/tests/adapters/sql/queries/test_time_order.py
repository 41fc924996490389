from __future__ import annotations

import pytest

from bangui.adapters.sql.queries import lanes as ways
from bangui.adapters.sql.queries import time_order
from bangui.adapters.sql.queries.lanes import choose_lanes
from bangui.adapters.sql.queries.scope import resolve
from bangui.adapters.sql.queries.time_order import Moment, is_after, page_by_time
from bangui.domain.history_queries import Filter
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.queries.asking import asking
from packages.bangui.tests.adapters.sql.seen import DAY, START, ban, batch, failure

EVENTS = 90


@pytest.fixture
def filled(store: Store) -> Store:
    # Three events of each moment, which only their numbers tell apart.
    about = [(START + at // 3 * DAY, f"10.0.{at % 4}.{at}", f"jail{at % 3}") for at in range(EVENTS)]
    store.writer.record(batch(*(ban(*one) if at % 2 else failure(*one) for at, one in enumerate(about))))
    return store


@pytest.mark.parametrize("is_descending", [True, False])
@pytest.mark.parametrize("size", [1, 7, 1_000])
@pytest.mark.parametrize("only", [Filter(), Filter(jails=("jail1", "jail2")), Filter(prefix="10.0.1.")])
def test_lanes_are_merged_into_one_list(
    filled: Store, monkeypatch: pytest.MonkeyPatch, only: Filter, size: int, is_descending: bool
) -> None:
    monkeypatch.setattr(ways, "_SOME_IDS", 2)  # many ids are looked for in two ways, and the first one ends soon
    monkeypatch.setattr(time_order, "_WALKED", 10)
    found: list[Moment] = []
    with asking(filled) as asker:
        scope = resolve(asker, only)
        lanes = choose_lanes(asker, scope)
        while True:
            after = found[-1] if found else None
            page = page_by_time(asker, lanes, (scope.since, scope.until), after, size, is_descending=is_descending)
            found += page
            if len(page) < size:
                break
        rows = asker.rows(
            "SELECT e.time, e.number, j.name, i.text FROM events e, jails j, ids i "
            "WHERE j.number = e.jail AND i.number = e.id"
        )

    meant = [
        (time, number)
        for time, number, jail, id in rows
        if (not only.jails or jail in only.jails) and id.startswith(only.prefix or "")
    ]
    assert found == sorted(meant, reverse=is_descending)


def test_what_comes_after_nothing_is_everything() -> None:
    assert is_after(None, is_descending=True) == ([], {})
    (condition,), values = is_after((5, 7), is_descending=True)
    assert condition.count("<") == 2
    assert values == {"after_time": 5, "after_number": 7}
