from __future__ import annotations

from collections import Counter

import pytest

from bangui.adapters.sql.queries import top_ids
from bangui.adapters.sql.queries.key_counts import KeyCounter
from bangui.adapters.sql.queries.scope import resolve
from bangui.adapters.sql.queries.top_ids import top_of_all_time, top_of_ids
from bangui.domain.addresses import parse_address
from bangui.domain.history_queries import Dimension, Filter, Metric, Top
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.queries.asking import asking
from packages.bangui.tests.adapters.sql.seen import DAY, START, batch, failure

COUNTS = {f"10.0.{rank % 2}.{rank}": 30 // rank for rank in range(1, 20)}


@pytest.fixture
def filled(store: Store) -> Store:
    made = [failure(START + day * DAY, id) for id, count in COUNTS.items() for day in range(count)]
    store.writer.record(batch(*made))
    return store


@pytest.mark.parametrize("limit", [1, 3, 12, 100])
def test_the_first_of_all_time_are_in_their_own_rows(filled: Store, limit: int) -> None:
    with asking(filled) as asker:
        texts: dict[int, str] = dict(asker.rows("SELECT number, text FROM ids"))
        found = top_of_all_time(asker, Metric.FAILURES, limit)
        assert top_of_all_time(asker, Metric.BANS, limit) == {}

    counts = {texts[number]: count for number, count in found.items()}
    assert counts.items() <= COUNTS.items()
    least = sorted(COUNTS.values(), reverse=True)[:limit][-1]
    assert {id for id, count in COUNTS.items() if count > least} <= counts.keys()
    assert len(counts) >= min(limit, len(COUNTS))


@pytest.mark.parametrize("many", [3, 1_000])
def test_the_first_of_a_place_are_those_that_counting_finds(
    filled: Store, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(top_ids, "_MANY", dict.fromkeys(Dimension, many))
    monkeypatch.setattr(top_ids, "_AT_ONCE", 4)
    only = Filter(within=parse_address("10.0.1.0/24"), since=START + 2 * DAY)
    with asking(filled) as asker:
        texts: dict[int, str] = dict(asker.rows("SELECT number, text FROM ids"))
        scope = resolve(asker, only)
        count = KeyCounter(asker, scope, Dimension.ADDRESS).of(Metric.FAILURES)
        found = top_of_ids(asker, scope, Top(Dimension.ADDRESS, Metric.FAILURES, only, 3), count)

    assert found is not None
    wanted = Counter({id: count - 2 for id, count in COUNTS.items() if id.startswith("10.0.1.")}).most_common(3)
    named = Counter({texts[number]: count for number, count in found.items()})
    assert named.most_common(3) == wanted


def test_many_ids_in_a_short_time_are_not_worth_looking_at(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(top_ids, "_MANY", dict.fromkeys(Dimension, 3))
    only = Filter(countries=("DE",), since=START, until=START + DAY)
    with asking(filled) as asker:
        scope = resolve(asker, only)
        for dimension in (Dimension.ADDRESS, Dimension.SUBNET):
            count = KeyCounter(asker, scope, dimension).of(Metric.FAILURES)
            assert top_of_ids(asker, scope, Top(dimension, Metric.FAILURES, only), count) is None
