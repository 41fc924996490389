from __future__ import annotations

import json

import pytest

from bangui.adapters.f2b_log.held import LONGEST_ID, MOST, HeldUnban, HeldUnbans, load_unban


def test_what_is_held_is_given_back_by_jail_in_its_order() -> None:
    held = HeldUnbans()
    assert not held
    for time, jail in enumerate(["a", "b", "a"]):
        assert held.hold(jail, HeldUnban(f"id{time}", time, 0)) is None
    assert held.newest == 2
    assert [unban.id for unban in held.take("a")] == ["id0", "id2"]
    assert held.take("a") == []
    assert [(jail, unban.id) for jail, unban in held.take_all()] == [("b", "id1")]
    assert not held
    assert held.newest == 0


def test_the_last_one_of_a_jail_decides_whether_all_of_them_are_old() -> None:
    held = HeldUnbans()
    for time, jail in [(1, "a"), (2, "b"), (9, "a")]:
        held.hold(jail, HeldUnban("x", time, 0))
    assert [jail for jail, _ in held.take_older(5)] == ["b"]
    assert len(held.take("a")) == 2


def test_only_so_many_are_held_and_the_oldest_of_the_same_jail_goes() -> None:
    held = HeldUnbans()
    for time in range(MOST - 1):
        assert held.hold("a", HeldUnban(str(time), time, 0)) is None
    assert held.hold("b", HeldUnban("first of b", MOST, 0)) is None
    assert held.hold("a", HeldUnban("one more", MOST, 0)) == HeldUnban("0", 0, 0)
    assert held.hold("c", HeldUnban("first of c", MOST, 0)) == HeldUnban("first of c", MOST, 0)
    assert len(list(held.take_all())) == MOST


def test_an_id_of_any_length_is_not_held() -> None:
    long = HeldUnban("x" * (LONGEST_ID + 1), 1, 0)
    held = HeldUnbans()
    assert held.hold("a", long) == long
    assert not held


def test_a_dump_holds_everything() -> None:
    held = HeldUnbans()
    held.hold("a", HeldUnban("\udcff\0", 1, 2))
    held.hold("b", HeldUnban("x", 3, 0))
    again = HeldUnbans(json.loads(json.dumps(held.dump())))
    assert list(again.take_all()) == [("a", HeldUnban("\udcff\0", 1, 2)), ("b", HeldUnban("x", 3, 0))]


def test_what_is_no_unban_is_refused() -> None:
    with pytest.raises(ValueError, match="holds an unban that is none"):
        load_unban(["x", "y", 0])
    assert not HeldUnbans({"a": None, "b": []})
