"""What is remembered is bounded, and what is asked for stays."""

from __future__ import annotations

from bangui.adapters.sql.remembered import Remembered


def test_it_never_holds_more_than_its_size() -> None:
    cache: Remembered[int] = Remembered(10)
    for number in range(1_000):
        cache.set(str(number), number)
        assert len(cache) <= 10
    assert cache.get("999") == 999
    assert cache.get("1") is None


def test_what_is_asked_for_all_the_time_is_never_lost() -> None:
    cache: Remembered[int] = Remembered(10)
    cache.set("popular", 1)
    for number in range(1_000):
        cache.set(str(number), number)
        assert cache.get("popular") == 1


def test_everything_can_be_forgotten() -> None:
    cache: Remembered[int] = Remembered(2)
    cache.set("one", 1)
    cache.set("two", 2)
    cache.clear()
    assert len(cache) == 0
    assert cache.get("one") is None
