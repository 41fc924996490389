from __future__ import annotations

import pytest

from bangui.cli.chart import columns_of, draw


def test_values_that_have_room_are_shown_one_by_one() -> None:
    assert columns_of([1, 2, 3], 30) == ([1, 2, 3], 4)
    assert columns_of([1, 2, 3], 7) == ([1, 2, 3], 2)


def test_values_that_have_no_room_are_added_up() -> None:
    assert columns_of([1, 2, 3, 4, 5], 2) == ([6, 9], 1)
    assert columns_of([1] * 1_000, 10) == ([100] * 10, 1)


def test_the_highest_value_fills_the_chart_and_nothing_stays_empty() -> None:
    assert draw([0, 4, 8], 1, 2, has_blocks=True) == ["  █", " ██"]
    assert draw([0, 4, 8], 2, 2, has_blocks=False) == ["    ##", "  ####"]


def test_the_smallest_value_can_be_seen() -> None:
    assert draw([1, 1_000_000], 1, 1, has_blocks=True) == ["▁█"]
    assert draw([1, 1_000_000], 1, 1, has_blocks=False) == [".#"]


@pytest.mark.parametrize("values", [[], [0, 0]])
def test_without_values_the_chart_is_empty(values: list[int]) -> None:
    assert draw(values, 2, 2, has_blocks=True) == ["", ""]
