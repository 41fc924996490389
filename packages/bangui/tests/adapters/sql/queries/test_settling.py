from __future__ import annotations

from collections.abc import Sequence
from heapq import nlargest

from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.sql.queries.settling import settle

# What keys really have, and how much higher their bounds are.
KEYS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 20)), max_size=120)


@given(KEYS, st.integers(1, 40))
def test_the_highest_are_found_with_all_that_are_as_high_as_the_last_of_them(
    keys: list[tuple[int, int]], limit: int
) -> None:
    real = {key: count for key, (count, _) in enumerate(keys)}
    bounds = sorted(((key, count + more) for key, (count, more) in enumerate(keys)), key=lambda pair: -pair[1])

    found = settle(bounds, lambda some: {key: real[key] for key in some}, limit)

    wanted = nlargest(limit, (count for count in real.values() if count))
    assert nlargest(limit, (count for count in found.values() if count)) == wanted
    if wanted:
        assert {key for key, count in real.items() if count >= wanted[-1]} <= found.keys()


def test_what_cannot_be_among_the_first_is_not_counted() -> None:
    asked: list[int] = []

    def count(keys: Sequence[int]) -> dict[int, int]:
        asked.extend(keys)
        return dict.fromkeys(keys, 100)

    bounds = [(key, 100) for key in range(30)] + [(key, 99) for key in range(30, 10_000)]
    settle(bounds, count, 10)

    assert asked == list(range(30))


def test_without_bounds_nothing_is_found() -> None:
    assert settle([], lambda keys: dict.fromkeys(keys, 1), 10) == {}
