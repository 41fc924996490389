from __future__ import annotations

import pytest

from bangui.adapters.sql.queries.asker import Asker
from bangui.adapters.sql.queries.id_counts import add_counts, count_ids, count_rollups, see_ids
from bangui.adapters.sql.queries.scope import resolve
from bangui.adapters.sql.schema import Grain, RollupKey
from bangui.domain.history import EventKind
from bangui.domain.history_queries import Filter
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.queries.asking import asking
from packages.bangui.tests.adapters.sql.seen import DAY, START, ban, batch, failure, seen


def _number(asker: Asker, id: str) -> int:
    return int(asker.column("SELECT number FROM ids WHERE text = :id", {"id": id})[0])


@pytest.fixture
def filled(store: Store) -> Store:
    for day in range(12):
        events = (failure(START + day * DAY), ban(START + day * DAY, jail="nginx"))
        store.writer.record(batch(*events, seen(EventKind.UNBAN, START + day * DAY + 1)))
    store.writer.record(batch(failure(START, "10.0.0.1")))
    return store


@pytest.mark.parametrize(
    ("only", "counted", "times"),
    [
        (Filter(), (12, 12), (0, 11)),
        (Filter(jails=("nginx",)), (12, 0), (0, 11)),
        (Filter(since=START + 1, until=START + 9 * DAY), (8, 8), (1, 8)),
        (Filter(countries=("CN",)), (12, 12), (0, 11)),
        (Filter(countries=("DE",)), None, None),
    ],
)
def test_ids_have_what_is_meant_of_their_events(
    filled: Store, only: Filter, counted: tuple[int, int] | None, times: tuple[int, int] | None
) -> None:
    with asking(filled) as asker:
        number = _number(asker, "203.0.113.7")
        scope = resolve(asker, only)

        assert count_ids(asker, scope, [number]) == ({} if counted is None else {number: counted})
        days = None if times is None else tuple(START + day * DAY for day in times)
        assert see_ids(asker, scope, [number]) == ({} if days is None else {number: days})


def test_an_id_that_has_moved_is_counted_where_it_was(filled: Store) -> None:
    filled.places.version = 2
    filled.writer.record(batch(failure(START + 20 * DAY, "10.0.0.1")))
    with asking(filled) as asker:
        number = _number(asker, "10.0.0.1")
        for code, time in (("DE", START), ("IN", START + 20 * DAY)):
            scope = resolve(asker, Filter(countries=(code,)))
            assert count_ids(asker, scope, [number]) == {number: (0, 1)}
            assert see_ids(asker, scope, [number]) == {number: (time, time)}


def test_kept_counts_are_read_by_grain_and_start(filled: Store) -> None:
    with asking(filled) as asker:
        number = _number(asker, "203.0.113.7")
        days = [(int(Grain.DAY), START // DAY + day) for day in (0, 3, 99)]
        scope = resolve(asker, Filter())
        assert count_rollups(asker, scope, RollupKey.ID, [number], days) == {number: (2, 2)}
        assert count_rollups(asker, scope, RollupKey.ID, [], days) == {}
        assert count_rollups(asker, scope, RollupKey.ID, [number], []) == {}


def test_sums_have_the_keys_of_both() -> None:
    some = {1: (1, 2), 2: (3, 4)}
    assert add_counts(some, {2: (1, 1), 3: (0, 5)}) == {1: (1, 2), 2: (4, 5), 3: (0, 5)}
    assert some == {1: (1, 2), 2: (3, 4)}
