from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.f2b_log.bounded import BoundedNumbers


def key(number: int) -> bytes:
    return number.to_bytes(4, "big")


def numbers(most: int = 3, span: int = 1_000, dumped: object = None) -> BoundedNumbers:
    return BoundedNumbers(4, 2, most, span, dumped)


def test_what_was_put_is_there_until_it_is_taken() -> None:
    some = numbers()
    some.put(key(1), 7)
    assert (some.get(key(1)), some.pop(key(1)), some.get(key(1)), some.pop(key(1))) == (7, 7, None, None)


def test_at_least_so_many_are_known_and_never_twice_as_many() -> None:
    some = numbers(most=100)
    for number in range(10_000):
        some.put(key(number), 1)
        assert all(some.get(key(known)) for known in range(max(0, number - 99), number + 1))
        assert len(some) < 200


def test_what_is_put_again_stays() -> None:
    some = numbers(most=3)
    for number in range(1, 50):
        some.put(key(0), number)
        some.put(key(number), number)
    assert some.get(key(0)) == 49


def test_time_makes_forget_too_and_a_clock_that_was_set_back_does_not_stop_it() -> None:
    some = numbers(most=100)
    some.pass_time(5_000)
    some.put(key(1), 1)
    some.pass_time(5_999)
    assert some.get(key(1)) == 1
    some.pass_time(6_000)
    assert some.get(key(1)) == 1
    some.pass_time(100)  # set back
    some.put(key(2), 2)
    some.pass_time(1_100)
    some.pass_time(2_100)
    assert (some.get(key(1)), some.get(key(2))) == (None, None)


def test_numbers_that_do_not_fit_count_as_the_next_that_does() -> None:
    some = numbers()
    some.put(key(1), 1 << 40)
    some.put(key(2), -5)
    assert (some.get(key(1)), some.get(key(2))) == (65_535, 0)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 9), st.integers(0, 5_000)), max_size=60), st.data())
def test_a_dump_in_the_middle_changes_nothing(steps: list[tuple[int, int, int]], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(steps)))
    whole, part = numbers(), numbers()
    for number, (one, value, time) in enumerate(steps):
        if number == cut:
            part = numbers(dumped=json.loads(json.dumps(part.dump())))
        for some in (whole, part):
            some.pass_time(time)
            some.put(key(one), value)
    assert [whole.get(key(one)) for one in range(21)] == [part.get(key(one)) for one in range(21)]


@pytest.mark.parametrize(
    "dumped", [None, {}, [], {"young": 5}, {"young": "?"}, {"young": "AAAA", "old": None, "since": "x"}]
)
def test_a_dump_that_is_none_is_nothing(dumped: object) -> None:
    assert len(numbers(dumped=dumped)) == 0
    assert numbers(dumped=dumped).dump() == {}
