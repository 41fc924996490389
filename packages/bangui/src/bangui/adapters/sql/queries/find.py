"""A page of events in any order.

By time it is a merge of lanes. In every other order, what is not too much is collected and sorted; otherwise the keys
of the order are walked, one after another, and under each key the order is by time again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bangui.adapters.sql.queries.asker import Asker, query
from bangui.adapters.sql.queries.id_order import page_by_id
from bangui.adapters.sql.queries.key_walks import countries, jails, networks
from bangui.adapters.sql.queries.lanes import Lanes, count_lanes
from bangui.adapters.sql.queries.orders import after as after_position
from bangui.adapters.sql.queries.orders import join_of, order_by, position_of, sorting_of
from bangui.adapters.sql.queries.positions import Key, Position
from bangui.adapters.sql.queries.scope import Scope
from bangui.adapters.sql.queries.time_order import Moment, page_by_time
from bangui.adapters.sql.queries.word_lanes import choose_ways, count_words, of_words, page_by_words
from bangui.domain.history_queries import Order, SortKey

COLLECTED = 30_000
"""Events that are sorted for one page; it takes no longer than walking along an index with gaps."""
_WORDS_COST = 3
"""How many other events take as long as one that is found in the index of words."""

_Walk = Callable[[Asker, Scope, Key, bool], Iterator[tuple[Key, Scope]]]
_WALKS: dict[SortKey, _Walk] = {SortKey.JAIL: jails, SortKey.COUNTRY: countries, SortKey.NETWORK: networks}


def find(asker: Asker, scope: Scope, order: Order, after: Position | None, limit: int) -> list[Position]:
    """Return the first events of a scope that come after a position."""
    wanted = scope if scope.words is None else of_words(asker, scope)
    if wanted is None or wanted.is_empty:
        return []
    if order.key is SortKey.TIME:
        moment = None if after is None else (after.time, after.number)
        return [Position((), *found) for found in _by_time(asker, wanted, order, moment, limit)]
    ways, is_by_words = choose_ways(asker, wanted, for_all=True)
    if (order.key is not SortKey.JAIL or len(ways) == 1) and _are_few(asker, ways[-1], is_by_words=is_by_words):
        return _collect(asker, ways[-1], order, after, limit)
    if order.key is SortKey.ADDRESS:
        return page_by_id(asker, wanted, after, limit, is_descending=order.is_descending)
    return _walk(asker, wanted, order, after, limit)


def _are_few(asker: Asker, lanes: Lanes, *, is_by_words: bool) -> bool:
    if is_by_words:
        # Words and another condition that are never found together would be looked for under every key in vain.
        most = COLLECTED // _WORDS_COST
        return count_words(asker, lanes, most) < most or count_lanes(asker, lanes, most) < most
    return count_lanes(asker, replace(lanes, checked=(), joined=""), COLLECTED) < COLLECTED


def _by_time(asker: Asker, scope: Scope, order: Order, after: Moment | None, limit: int) -> Sequence[Moment]:
    ways, is_by_words = choose_ways(asker, scope)
    if is_by_words:
        return page_by_words(asker, ways[0], after, limit, is_descending=order.is_descending)
    return page_by_time(asker, ways, (scope.since, scope.until), after, limit, is_descending=order.is_descending)


def _collect(asker: Asker, lanes: Lanes, order: Order, after: Position | None, limit: int) -> list[Position]:
    sorting = sorting_of(order)
    later, values = ((), {}) if after is None else after_position(order, after)
    sql = query(
        ", ".join([*sorting.columns, "e.time", "e.number"]),
        f"{lanes.all_tables} {sorting.tables}",
        [*lanes.all_wanted, *join_of(order), *later],
        f"{order_by(order)} LIMIT :limit",
    )
    return [
        position_of(row) for row in asker.rows(sql, lanes.parameters | sorting.parameters | values | {"limit": limit})
    ]


def _walk(asker: Asker, scope: Scope, order: Order, after: Position | None, limit: int) -> list[Position]:
    found: list[Position] = []
    begin = () if after is None else after.key
    for key, under_key in _WALKS[order.key](asker, scope, begin, order.is_descending):
        moment = (after.time, after.number) if after is not None and key == after.key else None
        found += [Position(key, *one) for one in _by_time(asker, under_key, order, moment, limit - len(found))]
        if len(found) >= limit:
            break
    return found
