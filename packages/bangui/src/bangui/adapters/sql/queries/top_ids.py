"""The most frequent ids, by the counters in their own rows: of all time, or as bounds of what they have in a range."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bangui.adapters.sql.queries.asker import Asker, query
from bangui.adapters.sql.queries.conditions import Conditions, add_hints, add_ids, add_places
from bangui.adapters.sql.queries.keys import subnet_of_key
from bangui.adapters.sql.queries.scope import Scope
from bangui.adapters.sql.queries.settling import Count, settle
from bangui.adapters.sql.queries.spans import DAY
from bangui.domain.history_queries import Dimension, Metric, Top

_AT_ONCE = 100
_SHORT = 8 * DAY
"""The counters of ids bound what they have in so short a time too badly."""
_MANY = {Dimension.ADDRESS: 5_000, Dimension.SUBNET: 50_000}
"""As many ids can be looked at one by one."""
_MAYBE = ("v.last >= :since", "v.first < :until")

_Bounded = tuple[int, bytes | None, int | None, int]
"""Number, key, prefix and counter of an id."""


def top_of_all_time(asker: Asker, metric: Metric, limit: int) -> dict[int, int]:
    """Return the counts of the first ids of all, and of some that are alike in it with the last one."""
    column = f"v.{metric.value}"
    ids = f"ids v INDEXED BY ids_{metric.value}"
    counts = asker.column(
        query(column, ids, (f"{column} > 0",), f"ORDER BY {column} DESC LIMIT :limit"), {"limit": limit}
    )
    if not counts:
        return {}
    columns, parameters = f"v.number, {column}", {"least": counts[-1], "limit": limit}
    above = asker.rows(query(columns, ids, (f"{column} > :least",)), parameters)
    alike = asker.rows(query(columns, ids, (f"{column} = :least",), "ORDER BY v.text LIMIT :limit"), parameters)
    found: list[tuple[int, int]] = [*above, *alike]
    return dict(found)


def top_of_ids(asker: Asker, scope: Scope, top: Top, count: Count) -> dict[int, int] | None:
    """Return the counts of the first of some ids, or of their subnets; None where that is not quick."""
    rows = _few_ids(asker, scope, top)
    if rows is None:
        is_bounded = top.dimension is Dimension.ADDRESS and scope.until - scope.since > _SHORT
        return settle(_from_highest(asker, scope, top.metric), count, top.limit) if is_bounded else None
    bounds: Counter[int] = Counter()
    for number, key, prefix, bound in rows:
        place = number if top.dimension is Dimension.ADDRESS else subnet_of_key(key, prefix)
        if place is not None:
            bounds[place] += bound
    return settle(bounds.most_common(), count, top.limit)


def _from_highest(asker: Asker, scope: Scope, metric: Metric) -> Iterator[tuple[int, int]]:
    """Yield the ids that may have events in a scope, and their counters, the highest first."""
    column = f"v.{metric.value}"
    ids = Conditions([*_MAYBE, f"{column} > 0", f"({column}, v.text) < (:count, :text)"])
    add_ids(ids, scope, "v")
    add_hints(ids, scope, "v")
    sql = query(
        f"v.number, {column}, v.text",
        f"ids v INDEXED BY ids_{metric.value}",
        ids.wanted,
        f"ORDER BY {column} DESC, v.text DESC LIMIT :limit",
    )
    parameters = ids.parameters | {"since": scope.since, "until": scope.until, "limit": _AT_ONCE}
    last: tuple[int, str] | None = (1 << 31, "")
    while last is not None:
        rows = asker.rows(sql, parameters | {"count": last[0], "text": last[1]})
        yield from ((number, count) for number, count, _ in rows)
        last = rows[-1][1:] if len(rows) == _AT_ONCE else None


def _few_ids(asker: Asker, scope: Scope, top: Top) -> list[_Bounded] | None:
    """Return the ids that may have events in a scope; None for too many."""
    columns, most = f"v.number, v.key, v.prefix, v.{top.metric.value}", _MANY[top.dimension]
    ids = Conditions(list(_MAYBE), [], {"since": scope.since, "until": scope.until, "limit": most + 1})
    add_ids(ids, scope, "v")
    if scope.within is not None:
        add_hints(ids, scope, "v")
        sql = query(columns, "ids v INDEXED BY ids_key", ids.wanted, "LIMIT :limit")
    else:
        there = Conditions(list(ids.wanted), [], ids.parameters)
        add_places(there, "v.network", scope.networks)
        add_places(there, "v.country", scope.countries)
        index = "ids_network" if scope.countries is None else "ids_country"
        here = query(columns, f"ids v INDEXED BY {index}", there.wanted)
        moved = query(columns, "ids v INDEXED BY ids_moved", ["v.moved = 1", *ids.wanted])
        sql = f"{here} UNION {moved} LIMIT :limit"
    rows = asker.rows(sql, ids.parameters)
    return None if len(rows) > most else [(row[0], row[1], row[2], row[3]) for row in rows]
