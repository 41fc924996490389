"""The newest (or oldest) events of some lanes, a page at a time.

It is a merge: each lane tells the time of its first event, and lanes are opened in that order until the page is full
and no other lane can have anything that belongs on it. Where rows have to be checked, that is done within a window of
time first, and in one four times as long while the page is not full: a lane without a row that passes would be walked
to its end otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from heapq import nlargest, nsmallest

from bangui.adapters.sql.queries.asker import Asker, Row, query
from bangui.adapters.sql.queries.lanes import Lanes, count_lanes
from bangui.adapters.sql.queries.spans import DAY

Moment = tuple[int, int]
"""The time and the number of an event."""

_GROWTH = 4
_WALKED = 15_000
_EVERYTHING = 1 << 62
_WITHIN = ("e.time >= :since", "e.time < :until")


def page_by_time(
    asker: Asker,
    ways: Sequence[Lanes],
    times: tuple[int, int],
    after: Moment | None,
    limit: int,
    *,
    is_descending: bool,
) -> list[Moment]:
    """Return the first events between two times that come after another one, in the order of time or against it.

    Of two ways the first one is quick while it finds something, so it is walked for some thousands of events only.
    """
    since, until = times
    if after is not None:
        since, until = (since, min(until, after[0] + 1)) if is_descending else (max(since, after[0]), until)
    found: list[Moment] = []
    for lanes in ways[:-1]:
        reach = _reach(asker, lanes, since, until, is_descending=is_descending)
        order = TimeOrder(asker, lanes, is_descending=is_descending)
        found += order.page(*((reach, until) if is_descending else (since, reach)), after, limit)
        if len(found) >= limit:
            return found
        since, until = (since, reach) if is_descending else (reach, until)
    return found + TimeOrder(asker, ways[-1], is_descending=is_descending).page(since, until, after, limit - len(found))


def is_after(after: Moment | None, *, is_descending: bool) -> tuple[list[str], dict[str, object]]:
    """Return the conditions that an event comes after another one, and their parameters."""
    if after is None:
        return [], {}
    sign = "<" if is_descending else ">"
    condition = f"(e.time {sign} :after_time OR e.time = :after_time AND e.number {sign} :after_number)"
    return [condition], {"after_time": after[0], "after_number": after[1]}


def _reach(asker: Asker, lanes: Lanes, since: int, until: int, *, is_descending: bool) -> int:
    """Return how far in time one comes with some thousands of events."""
    everything = replace(lanes, checked=(), joined="")
    walked, length = 0, DAY // 4
    while walked < _WALKED and since < until:
        edge = max(since, until - length) if is_descending else min(until, since + length)
        times = {"since": edge, "until": until} if is_descending else {"since": since, "until": edge}
        walked += count_lanes(asker, replace(everything, parameters=everything.parameters | times), _WALKED)
        since, until = (since, edge) if is_descending else (edge, until)
        length *= 2
    return until if is_descending else since


class TimeOrder:
    """Reads lanes in the order of time, or against it."""

    def __init__(self, asker: Asker, lanes: Lanes, *, is_descending: bool) -> None:
        self._asker = asker
        self._lanes = lanes
        self._is_descending = is_descending
        self._way = "DESC" if is_descending else "ASC"
        self._of_lane = [name for _, name in lanes.match]

    def page(self, since: int, until: int, after: Moment | None, limit: int) -> list[Moment]:
        """Return the first events between two times that come after another one, in order."""
        found: list[Moment] = []
        for first, stop in self._windows(since, until):
            found += self._merge(first, stop, after, limit - len(found))
            if len(found) >= limit:
                break
        return found

    def of_lane(
        self, values: Sequence[object], times: tuple[int, int], after: Moment | None, limit: int
    ) -> list[Moment]:
        """Return the first events of one lane, which is given by the values of its columns."""
        lane = {f"lane_{name}": value for name, value in zip(self._of_lane, values, strict=True)}
        matching = [f"e.{column} = :lane_{name}" for column, name in self._lanes.match]
        later, position = is_after(after, is_descending=self._is_descending)
        sql = query(
            "e.time, e.number",
            f"{self._lanes.events} {self._lanes.joined}",
            [*matching, *self._lanes.wanted, *_WITHIN, *self._lanes.checked, *later],
            f"ORDER BY e.time {self._way}, e.number {self._way} LIMIT :limit",
        )
        bounds = {"since": times[0], "until": times[1], "limit": limit}
        return self._asker.rows(sql, self._lanes.parameters | lane | position | bounds)

    def _windows(self, since: int, until: int) -> Iterator[tuple[int, int]]:
        """Yield ranges of time that together are the whole one, each longer than the one before."""
        length = DAY if self._lanes.checked and not self._lanes.is_short else until - since
        while since < until:
            if self._is_descending:
                yield max(since, until - length), until
                until -= length
            else:
                yield since, min(until, since + length)
                since += length
            length *= _GROWTH

    def _merge(self, since: int, until: int, after: Moment | None, limit: int) -> list[Moment]:
        best: list[Moment] = []
        choose = nlargest if self._is_descending else nsmallest
        for *values, head in self._heads(since, until, limit):
            if len(best) >= limit:
                last = best[-1][0]
                if head < last if self._is_descending else head > last:
                    break
                # Within the time of the last one it is the number that decides.
                since, until = (last, until) if self._is_descending else (since, last + 1)
            best = choose(limit, [*best, *self.of_lane(values, (since, until), after, limit)])
        return best

    def _heads(self, since: int, until: int, limit: int) -> Iterator[Row]:
        """Yield the lanes with anything in them, by the time of the first event that may belong on the page."""
        if not self._of_lane:
            yield (until if self._is_descending else since,)
            return
        sql = self._heads_query()
        parameters = self._lanes.parameters | {"since": since, "until": until}
        # As many lanes as events are enough, unless some have nothing but what was on the page before.
        most = 2 * limit + 50
        rows = self._asker.rows(sql, parameters | {"lanes": most})
        yield from rows
        if len(rows) == most:
            yield from self._asker.rows(sql, parameters | {"lanes": _EVERYTHING})[most:]

    def _heads_query(self) -> str:
        function = "max" if self._is_descending else "min"
        first = query(
            f"{function}(e.time)",
            self._lanes.events,
            (*self._lanes.matching, *self._lanes.wanted, *_WITHIN),
        )
        columns = ", ".join(f"v.{name}" for name in self._of_lane)
        # With a limit of its own SQLite makes the inner query first, and does not look for each head twice.
        lanes = query(
            f"{columns}, ({first}) AS head", self._lanes.tables, self._lanes.lane_wanted, f"LIMIT {_EVERYTHING}"
        )
        order = ", ".join([f"head {self._way}", *self._of_lane])
        return query("*", f"({lanes}) AS lanes", ("head IS NOT NULL",), f"ORDER BY {order} LIMIT :lanes")
