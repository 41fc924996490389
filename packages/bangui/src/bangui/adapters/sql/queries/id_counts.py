"""What ids counted within a scope, and when they were first and last seen in it.

An id whose row says where it is, and always was, has all of its events there. One that has moved is counted by its
events, each of which says where the id was at the time.
"""

from __future__ import annotations

from collections.abc import Sequence

from bangui.adapters.sql.queries.asker import Asker, one_of, query
from bangui.adapters.sql.queries.conditions import PLACES, About, Conditions, add_hints, add_ids, conditions_of
from bangui.adapters.sql.queries.keys import COUNTED_KINDS, SUMS
from bangui.adapters.sql.queries.scope import Scope
from bangui.adapters.sql.queries.spans import Edge, read_folds, read_starts, split
from bangui.adapters.sql.schema import GRAINS, RollupKey

Counts = dict[int, tuple[int, int]]
"""Bans and failures, by key."""
Seen = dict[int, tuple[int, int]]
"""The first and the last time, by key."""

_INDEX_TELLS = (About.HOST, About.JAIL)
_EVENTS = "events e INDEXED BY events_identity"
_COUNTED = one_of("e.kind", COUNTED_KINDS)


def count_ids(asker: Asker, scope: Scope, numbers: Sequence[int]) -> Counts:
    """Return the bans and failures of ids; those that have none, or are not meant at all, are left out."""
    if scope.is_countable:
        return _count(asker, scope, numbers)
    meant = _meant(asker, scope, numbers)
    moved = [number for number, has_moved in meant.items() if has_moved]
    counts = _count(asker, scope, [number for number, has_moved in meant.items() if not has_moved])
    return add_counts(counts, _count_events(asker, scope, moved, [Edge(scope.since, scope.until)], PLACES))


def see_ids(asker: Asker, scope: Scope, numbers: Sequence[int]) -> Seen:
    """Return when ids were first and last seen with a ban or a failure."""
    told = conditions_of(asker, scope, (*_INDEX_TELLS, *PLACES))
    given = asker.table("v", ("number",), [(number,) for number in numbers])
    wanted = ("e.id = v.number", "e.time >= :since", "e.time < :until", _COUNTED, *told.wanted)
    first, last = (query("e.time", _EVENTS, wanted, f"ORDER BY e.time {way} LIMIT 1") for way in ("ASC", "DESC"))
    parameters = given.parameters | told.parameters | {"since": scope.since, "until": scope.until}
    rows = asker.rows(query(f"v.number, ({first}), ({last})", given.sql), parameters)
    return {number: (first, last) for number, first, last in rows if first is not None}


def add_counts(some: Counts, more: Counts) -> Counts:
    """Return the sums of two counts."""
    total = dict(some)
    for key, (bans, failures) in more.items():
        before = total.get(key, (0, 0))
        total[key] = (before[0] + bans, before[1] + failures)
    return total


def count_rollups(
    asker: Asker, scope: Scope, by: RollupKey, keys: Sequence[int], grains: Sequence[tuple[int, int]]
) -> Counts:
    """Return what keys counted in some grains, each given by its length and start."""
    if not keys or not grains:
        return {}
    of_keys = asker.table("k", ("key",), [(key,) for key in keys])
    of_grains = asker.table("g", ("grain", "start"), grains)
    told = conditions_of(asker, scope, _INDEX_TELLS)
    sql = query(
        "k.key, sum(e.bans), sum(e.failures)",
        f"{of_keys.sql} CROSS JOIN {of_grains.sql} CROSS JOIN rollups e",
        (f'e."by" = {int(by)}', "e.grain = g.grain", "e.start = g.start", "e.key = k.key", *told.wanted),
        "GROUP BY k.key",
    )
    rows = asker.rows(sql, of_keys.parameters | of_grains.parameters)
    return {key: (int(bans), int(failures)) for key, bans, failures in rows}


def _meant(asker: Asker, scope: Scope, numbers: Sequence[int]) -> dict[int, bool]:
    """Return those of some ids that may be meant, and whether they have moved."""
    given = asker.table("v", ("number",), [(number,) for number in numbers])
    ids = Conditions(["i.number = v.number"], [], given.parameters)
    add_ids(ids, scope, "i")
    add_hints(ids, scope, "i")
    rows = asker.rows(query("i.number, i.moved", f"{given.sql} CROSS JOIN ids i", ids.wanted), ids.parameters)
    # Without a place to be in, it does not matter.
    return {number: bool(moved) and scope.has_places for number, moved in rows}


def _count(asker: Asker, scope: Scope, numbers: Sequence[int]) -> Counts:
    parts = split(scope.times, GRAINS[RollupKey.ID], read_folds(asker))
    counts = count_rollups(asker, scope, RollupKey.ID, numbers, read_starts(asker, parts.spans))
    return add_counts(counts, _count_events(asker, scope, numbers, parts.edges, ()))


def _count_events(
    asker: Asker, scope: Scope, numbers: Sequence[int], edges: Sequence[Edge], more: Sequence[About]
) -> Counts:
    if not numbers or not edges:
        return {}
    of_ids = asker.table("k", ("key",), [(number,) for number in numbers])
    of_edges = asker.table("g", ("since", "until"), [(edge.since, edge.until) for edge in edges])
    told = conditions_of(asker, scope, (*_INDEX_TELLS, *more))
    sql = query(
        f"k.key, {SUMS}",
        f"{of_ids.sql} CROSS JOIN {of_edges.sql} CROSS JOIN {_EVENTS}",
        ("e.id = k.key", "e.time >= g.since", "e.time < g.until", _COUNTED, *told.wanted),
        "GROUP BY k.key",
    )
    rows = asker.rows(sql, of_ids.parameters | of_edges.parameters | told.parameters)
    return {key: (bans, failures) for key, bans, failures in rows}
