"""Finds the highest counts among keys of which only a bound is known: no count is higher than its bound.

Keys are counted from the highest bound on, some at a time, until what is left cannot reach the last of those that are
wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import nlargest
from itertools import islice

_FIRST_SOME = 20


Count = Callable[[Sequence[int]], Mapping[int, int]]
"""What tells the counts of keys."""


def settle(bounds: Iterable[tuple[int, int]], count: Count, limit: int) -> dict[int, int]:
    """Return the counts of all keys that may be among the `limit` highest; `bounds` are keys and bounds, highest first.

    All that are as high as the last one are among them, whatever the order between them is.
    """
    found: dict[int, int] = {}
    remaining, some = iter(bounds), max(_FIRST_SOME, limit)
    while part := list(islice(remaining, some)):
        highest = nlargest(limit, found.values())
        least = highest[-1] if len(highest) == limit else 0
        reaching = [key for key, bound in part if bound >= max(least, 1)]
        found |= count(reaching)
        if len(reaching) < len(part):
            break
        some *= 2
    return found
