"""What a pickle piles up is counted, and what it would make us hash is harmless."""

from __future__ import annotations

import math

import pytest

from aiofail2ban import Fail2BanProtocolError
from aiofail2ban._pickle_stack import MAX_CONTAINERS, MAX_OPEN_MARKS, MAX_VALUES, PickleStack, checked_keys, fill_dict


@pytest.mark.parametrize("item", [(), [], {}, set(), object(), 2**60, -(2**60), 2**2000])
def test_only_plain_values_may_be_keys(item: object) -> None:
    with pytest.raises(Fail2BanProtocolError, match="as a key"):
        checked_keys(["a", 1, item])


def test_plain_values_may_be_keys() -> None:
    items: list[object] = ["a", b"a", 1, -(2**60) + 1, 2**60 - 1, True, None, 1.5, math.nan, math.inf]
    assert checked_keys(items) is items


def test_a_key_needs_a_value() -> None:
    with pytest.raises(Fail2BanProtocolError, match="without a value"):
        fill_dict({}, ["a", 1, "b"])


def test_containers_marks_and_values_are_limited() -> None:
    stack = PickleStack()
    for _ in range(MAX_OPEN_MARKS):
        stack._mark()
    with pytest.raises(Fail2BanProtocolError, match="nests"):
        stack._mark()
    stack._containers = MAX_CONTAINERS
    with pytest.raises(Fail2BanProtocolError, match="containers"):
        stack._count_container()
    stack._contained = MAX_VALUES
    stack._check_values()
    stack._contained += 1
    with pytest.raises(Fail2BanProtocolError, match="values"):
        stack._check_values()
