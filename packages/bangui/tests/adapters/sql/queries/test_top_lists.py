from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.sql.queries import top_lists
from bangui.adapters.sql.queries.top_lists import share
from bangui.adapters.sql.reader import SqlHistoryReader
from bangui.adapters.sql.schema import Grain
from bangui.domain.history import Batch, Observation
from bangui.domain.history_queries import Dimension, Filter, Metric, Top
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.seen import DAY, HOST, START, failure

LISTS = st.lists(
    st.tuples(
        st.sampled_from([int(Grain.DAY), int(Grain.WEEK), int(Grain.SEASON)]), st.integers(0, 20), st.integers(1, 3)
    ),
    min_size=1,
    max_size=60,
)


@given(LISTS, st.floats(0, 10_000))
def test_no_more_is_hidden_than_may_be_and_more_in_longer_lists(
    lists: list[tuple[int, int, int]], hidden: float
) -> None:
    shares = share(lists, hidden)

    assert len(shares) == len(lists)
    assert all(number >= 0 for number in shares)
    assert sum(shares) <= hidden
    by_grain = {grain: number for (grain, _, _), number in zip(lists, shares, strict=True)}
    assert [by_grain[grain] for grain in sorted(by_grain)] == sorted(by_grain.values())


def test_what_is_too_little_for_all_lists_is_hidden_in_the_longest() -> None:
    lists = [(int(Grain.DAY), day, 1) for day in range(90)] + [(int(Grain.SEASON), season, 1) for season in range(3)]

    assert share(lists, 30) == [0] * 90 + [10] * 3


def _observations(seed: int) -> list[Observation]:
    """A year in which few come often, some of them for a short time only."""
    chance = random.Random(seed)
    made: list[Observation] = []
    for rank in range(150):
        first, length = chance.randrange(360), chance.choice((1, 5, 40, 300))
        for _ in range(1 + 400 // (rank + 1)):
            day = min(first + chance.randrange(length), 364)
            seen = failure(START + day * DAY + chance.randrange(DAY), f"10.{rank % 7}.{rank}.1", f"jail{rank % 2}")
            made.append(replace(seen, ordinal=len(made)))
    return sorted(made, key=lambda seen: seen.time)


@pytest.mark.parametrize("days", [200, 364])
def test_the_lists_lead_to_the_same_keys_as_adding_up(store: Store, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    made = _observations(days)
    for start in range(0, len(made), 200):
        store.writer.record(Batch(HOST, made[start : start + 200]))
    # Were everything added up instead, nothing would be proven.
    monkeypatch.delattr(top_lists, "sum_keys")

    until = START + 364 * DAY
    since = until - days * DAY + 12_345
    only = Filter(since=since, until=until)
    rows = SqlHistoryReader(store.engine).top(Top(Dimension.ADDRESS, Metric.FAILURES, only, 5))

    counted = Counter(seen.id for seen in made if since <= seen.time < until)
    wanted = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:5]
    assert [(row.key, row.failures) for row in rows] == wanted
