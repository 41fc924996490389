"""The most frequent keys of a range, without adding up what is rare.

Each grain of time and jail has a list of its keys by count. A key with `T` in the whole range cannot have little
everywhere: if in each list it had no more than some hidden number, and all these together were less than `T`, it could
not come to `T`. So whoever has `T` has more than what is hidden in at least one list. From such rows alone every key
has a bound: what they say, and what is hidden in the lists that do not name it. Few bounds reach what the keys that
seem to be the first really have, and only these are counted.

The grains cover the range and may reach beyond it, which only makes bounds higher. More is hidden in a longer grain,
for its list is longer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bangui.adapters.sql.queries.asker import Asker, query
from bangui.adapters.sql.queries.conditions import About, conditions_of
from bangui.adapters.sql.queries.keys import BY
from bangui.adapters.sql.queries.scope import Scope
from bangui.adapters.sql.queries.settling import Count, settle
from bangui.adapters.sql.queries.spans import DAY, cover, read_folds, read_lists
from bangui.adapters.sql.queries.top_sums import sum_keys
from bangui.domain.history_queries import Top

_SHORT = 2 * DAY
"""Adding up everything takes no longer than anything else would."""
_SHARE = 0.6
"""Of what the first have, the part that may be hidden: more is fewer rows to read, and more keys to count."""
_LOOKED_AT = 30

_List = tuple[int, int, int]
"""Grain, start, jail."""


def top_of_range(asker: Asker, scope: Scope, top: Top, count: Count) -> dict[int, int]:
    """Return the counts of the keys that may be among the first, all others left out."""
    if scope.until - scope.since > _SHORT:
        bounds = _Lists(asker, scope, top).bounds(count, top.limit)
        if bounds is not None:
            return settle(bounds, count, top.limit)
    sums = sum_keys(asker, scope, top.dimension, top.metric)
    return dict(sums) if scope.is_countable else settle(sums.most_common(), count, top.limit)


def share(lists: Sequence[_List], hidden: float) -> list[int]:
    """Return how much of a number may be hidden in each list, the most in the longest.

    A list is about as long as its grain, and the rows that are left to read are the fewest when its share grows with
    the root of that. Where the share of a grain is less than one, it goes to the longer ones.
    """
    roots = {grain: grain**0.5 for grain, _, _ in lists}
    for grain in sorted(roots):
        unit = hidden / sum(roots.get(of_list, 0) for of_list, _, _ in lists)
        if unit * roots[grain] >= 1:
            return [int(unit * roots.get(of_list, 0)) for of_list, _, _ in lists]
        del roots[grain]
    return [0 for _ in lists]


class _Lists:
    """The lists of all grains and jails of a range."""

    def __init__(self, asker: Asker, scope: Scope, top: Top) -> None:
        self._asker = asker
        meant = set(scope.all_jails)
        lists = read_lists(asker, cover(scope.times, read_folds(asker)))
        self._lists: list[_List] = [one for one in lists if one[2] in meant]
        self._hosts = len(scope.host_names if scope.hosts is None else scope.hosts)
        told = conditions_of(asker, scope, (About.HOST,))
        self._column = f"e.{top.metric.value}"
        self._rollups = f"rollups e INDEXED BY rollups_{top.metric.value}"
        self._wanted = (f'e."by" = {int(BY[top.dimension])}', f"{self._column} > 0", *told.wanted)

    def bounds(self, count: Count, limit: int) -> list[tuple[int, int]] | None:
        """Return the keys that may be among the first, with their bounds; None where that is no use."""
        reached = self._reached(count, limit)
        hidden = share(self._lists, reached * _SHARE / self._hosts)
        return self._naming(hidden, reached) if any(hidden) else None

    def _reached(self, count: Count, limit: int) -> int:
        """Return what the last of some keys has that seem to be the first."""
        ranked = [key for key, _ in self._first(limit).most_common(_LOOKED_AT * limit)]
        found: list[int] = []
        while ranked and len(found) < limit:
            found += filter(None, count(ranked[: 2 * limit]).values())
            ranked = ranked[2 * limit :]
        return sorted(found, reverse=True)[limit - 1] if len(found) >= limit else 0

    def _first(self, limit: int) -> Counter[int]:
        """Return what the first keys of each list have in all of these."""
        sql = query(
            f"e.key, {self._column}",
            self._rollups,
            (*self._wanted, "e.grain = :grain", "e.start = :start", "e.jail = :jail"),
            f"ORDER BY {self._column} DESC LIMIT :limit",
        )
        first: Counter[int] = Counter()
        for grain, start, jail in self._lists:
            for key, number in self._asker.rows(sql, {"grain": grain, "start": start, "jail": jail, "limit": limit}):
                first[key] += number
        return first

    def _naming(self, hidden: Sequence[int], reached: int) -> list[tuple[int, int]]:
        """Return the keys whose bounds reach a number, the highest first."""
        everywhere = sum(hidden) * self._hosts
        rows = [(*of_list, number) for of_list, number in zip(self._lists, hidden, strict=True)]
        given = self._asker.table("v", ("grain", "start", "jail", "hidden"), rows)
        named = f"sum({self._column} - v.hidden)"
        in_list = ("e.grain = v.grain", "e.start = v.start", "e.jail = v.jail")
        sql = query(
            f"e.key, {named} AS named",
            f"{given.sql} CROSS JOIN {self._rollups}",
            # Of several bounds of one column SQLite walks the index from the first.
            (f"{self._column} > v.hidden", *in_list, *self._wanted),
            f"GROUP BY e.key HAVING {named} >= :named ORDER BY named DESC",
        )
        found = self._asker.rows(sql, given.parameters | {"named": reached - everywhere})
        return [(key, int(of_key) + everywhere) for key, of_key in found]
