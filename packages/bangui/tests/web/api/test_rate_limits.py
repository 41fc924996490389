"""Buckets of requests."""

from __future__ import annotations

from bangui.web.api.rate_limits import Allowance, RateLimits


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_caller_has_so_many_at_once_and_then_waits() -> None:
    clock = Clock()
    limits = RateLimits(rate=0.5, burst=2, clock=clock)
    assert limits.charge("one") == Allowance(2, 1, 2)
    assert limits.charge("one") == Allowance(2, 0, 4)
    assert limits.charge("one") == Allowance(2, 0, 4, wait=2)
    assert limits.charge("two").wait == 0
    clock.now += 2
    assert limits.charge("one") == Allowance(2, 0, 4)


def test_a_bucket_holds_no_more_than_its_burst() -> None:
    clock = Clock()
    limits = RateLimits(rate=10, burst=3, clock=clock)
    limits.charge("one")
    clock.now += 1_000
    assert limits.charge("one").remaining == 2


def test_refused_requests_cost_nothing() -> None:
    clock = Clock()
    limits = RateLimits(rate=1, burst=1, clock=clock)
    limits.charge("one")
    for _ in range(10):
        assert limits.charge("one").wait == 1
    clock.now += 1
    assert limits.charge("one").wait == 0


def test_of_very_many_callers_those_who_were_quiet_longest_are_forgotten() -> None:
    limits = RateLimits(rate=1, burst=1, clock=Clock())
    limits.charge("first")
    for number in range(10_000):
        limits.charge(f"caller {number}")
    assert limits.charge("first").wait == 0
    assert limits.charge("caller 9999").wait == 1


def test_headers_tell_it() -> None:
    assert Allowance(2, 1, 3).headers == {
        "RateLimit-Limit": "2",
        "RateLimit-Remaining": "1",
        "RateLimit-Reset": "3",
    }
    assert Allowance(2, 0, 3, 4).headers["Retry-After"] == "4"
