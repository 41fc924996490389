"""How many requests a caller may send: a bucket of tokens for each, in memory.

A bucket holds `burst` requests and gains `rate` a second. Of callers who have been quiet for so long that their bucket
is full again nothing is remembered; strangers can be many, so those who were quiet longest are forgotten first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

_MOST_BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a bucket after a request; `wait` are the seconds until one more is there, 0 where it was let in.

    `reset` are the seconds until the bucket is full again.
    """

    limit: int
    remaining: int
    reset: int
    wait: int = 0

    @property
    def headers(self) -> dict[str, str]:
        """The headers that tell it."""
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }
        return {**told, "Retry-After": str(self.wait)} if self.wait else told


class RateLimits:
    """The buckets of callers who are alike. `clock` tells seconds, and never goes back."""

    def __init__(self, *, rate: float, burst: int, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def charge(self, caller: str) -> Allowance:
        """Take one request from the bucket of a caller, if there is one."""
        now = self._clock()
        level, seen = self._buckets.get(caller, (float(self._burst), now))
        level = min(float(self._burst), level + (now - seen) * self._rate)
        is_let_in = level >= 1
        level -= 1 if is_let_in else 0
        self._buckets[caller] = (level, now)
        self._buckets.move_to_end(caller)
        while len(self._buckets) > _MOST_BUCKETS:
            self._buckets.popitem(last=False)
        reset = ceil((self._burst - level) / self._rate)
        wait = 0 if is_let_in else max(1, ceil((1 - level) / self._rate))
        return Allowance(self._burst, int(level), reset, wait)
