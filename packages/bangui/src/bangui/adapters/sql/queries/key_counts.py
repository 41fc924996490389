"""What the keys of a dimension counted within a scope, and when they were first and last seen in it.

Days and longer are seeks into `rollups`. What is left of a range on both sides is counted from an index of events that
begins with the key: for the few keys that are asked for, that is never much.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bangui.adapters.sql.queries.asker import Asker, Given, one_of, query
from bangui.adapters.sql.queries.conditions import About, Conditions, add_hints, add_ids, conditions_of
from bangui.adapters.sql.queries.id_counts import Counts, Seen, add_counts, count_ids, count_rollups, see_ids
from bangui.adapters.sql.queries.keys import BY, COUNTED_KINDS, SUMS, country_of, subnet_keys
from bangui.adapters.sql.queries.scope import Scope
from bangui.adapters.sql.queries.spans import Edge, read_folds, read_starts, split
from bangui.adapters.sql.schema import GRAINS
from bangui.domain.history_queries import Dimension, Metric

_COLUMNS = {Dimension.JAIL: "jail", Dimension.COUNTRY: "country", Dimension.NETWORK: "network"}
_WITHIN = ("e.time >= :since", "e.time < :until")
_COUNTED = one_of("e.kind", COUNTED_KINDS)
_IN_SUBNET = ("v.key >= :subnet_low", "v.key <= :subnet_high", "v.prefix >= :subnet_prefix")
_MAYBE = ("v.last >= :since", "v.first < :until")


class KeyCounter:
    """Counts keys of one dimension, each of them once."""

    def __init__(self, asker: Asker, scope: Scope, dimension: Dimension) -> None:
        self._asker = asker
        self._scope = scope
        self._dimension = dimension
        self._known: Counts = {}

    def counts(self, keys: Sequence[int]) -> Counts:
        """Return the bans and failures of keys."""
        unknown = [key for key in keys if key not in self._known]
        if unknown:
            self._known |= dict.fromkeys(unknown, (0, 0))
            self._known |= _count_keys(self._asker, self._scope, self._dimension, unknown)
        return {key: self._known[key] for key in keys}

    def of(self, metric: Metric) -> Callable[[Sequence[int]], dict[int, int]]:
        """Return what counts one of both."""
        place = list(Metric).index(metric)
        return lambda keys: {key: counts[place] for key, counts in self.counts(keys).items()}


def see_keys(asker: Asker, scope: Scope, dimension: Dimension, keys: Sequence[int]) -> Seen:
    """Return when keys were first and last seen with a ban or a failure."""
    if dimension is Dimension.ADDRESS:
        return see_ids(asker, scope, keys)
    if dimension is Dimension.SUBNET:
        return _see_subnets(asker, scope, keys)
    seen: Seen = {}
    in_lane = _in_lane(asker, scope, dimension)
    events = f"events e INDEXED BY events_{_COLUMNS[dimension]}"
    for some, condition in _halves(dimension, keys):
        lanes = _lanes(asker, scope, dimension, some)
        first, last = (query(f"{function}(e.time)", events, (*condition, *in_lane)) for function in ("min", "max"))
        sql = query(f"v.key, ({first}), ({last})", lanes.sql)
        for key, start, end in asker.rows(sql, lanes.parameters | {"since": scope.since, "until": scope.until}):
            if start is not None:
                before = seen.get(key, (start, end))
                seen[key] = (min(start, before[0]), max(end, before[1]))
    return seen


def ids_of_subnet(asker: Asker, scope: Scope, key: int) -> list[int]:
    """Return the ids of a subnet that may have events in a scope."""
    ids = Conditions([*_IN_SUBNET, *_MAYBE], [], _subnet(key) | {"since": scope.since, "until": scope.until})
    add_ids(ids, scope, "v")
    add_hints(ids, scope, "v")
    return asker.column(query("v.number", "ids v INDEXED BY ids_key", ids.wanted), ids.parameters)


def _count_keys(asker: Asker, scope: Scope, dimension: Dimension, keys: Sequence[int]) -> Counts:
    """Return the bans and failures of keys; those that have none are left out."""
    if dimension is Dimension.ADDRESS:
        return count_ids(asker, scope, keys)
    if dimension is Dimension.SUBNET and not scope.is_countable:
        return _of_subnets(asker, scope, keys)
    parts = split(scope.times, GRAINS[BY[dimension]], read_folds(asker))
    counts = count_rollups(asker, scope, BY[dimension], keys, read_starts(asker, parts.spans))
    for edge in parts.edges:
        if dimension is Dimension.SUBNET:
            counts = add_counts(counts, _subnets_within(asker, scope, keys, edge))
        else:
            counts = add_counts(counts, _places_within(asker, scope, dimension, keys, edge))
    return counts


def _subnet(key: int) -> dict[str, object]:
    low, high, prefix = subnet_keys(key)
    return {"subnet_low": low, "subnet_high": high, "subnet_prefix": prefix}


def _see_subnets(asker: Asker, scope: Scope, keys: Sequence[int]) -> Seen:
    seen: Seen = {}
    for key in keys:
        times = see_ids(asker, scope, ids_of_subnet(asker, scope, key)).values()
        if times:
            seen[key] = (min(first for first, _ in times), max(last for _, last in times))
    return seen


def _of_subnets(asker: Asker, scope: Scope, keys: Sequence[int]) -> Counts:
    """Count subnets of which only some ids are meant."""
    counts: Counts = {}
    for key in keys:
        of_ids = count_ids(asker, scope, ids_of_subnet(asker, scope, key)).values()
        if of_ids:
            counts[key] = (sum(bans for bans, _ in of_ids), sum(failures for _, failures in of_ids))
    return counts


def _subnets_within(asker: Asker, scope: Scope, keys: Sequence[int], edge: Edge) -> Counts:
    told = conditions_of(asker, scope, (About.HOST, About.JAIL))
    sql = query(
        SUMS,
        "ids v INDEXED BY ids_key CROSS JOIN events e INDEXED BY events_identity",
        (*_IN_SUBNET, *_MAYBE, "e.id = v.number", *_WITHIN, _COUNTED, *told.wanted),
    )
    counts: Counts = {}
    for key in keys:
        for bans, failures in asker.rows(sql, _subnet(key) | {"since": edge.since, "until": edge.until}):
            counts[key] = (bans, failures)
    return counts


def _places_within(asker: Asker, scope: Scope, dimension: Dimension, keys: Sequence[int], edge: Edge) -> Counts:
    counts: Counts = {}
    in_lane = _in_lane(asker, scope, dimension)
    for some, condition in _halves(dimension, keys):
        lanes = _lanes(asker, scope, dimension, some)
        sql = query(
            f"v.key, {SUMS}",
            f"{lanes.sql} CROSS JOIN events e INDEXED BY events_{_COLUMNS[dimension]}",
            (*condition, *in_lane),
            "GROUP BY v.key",
        )
        for key, bans, failures in asker.rows(sql, lanes.parameters | {"since": edge.since, "until": edge.until}):
            counts[key] = (bans, failures)
    return counts


def _halves(dimension: Dimension, keys: Sequence[int]) -> list[tuple[list[int], tuple[str, ...]]]:
    """Return the known keys and the unknown one apart, each with its condition on an event: null equals nothing."""
    if dimension is Dimension.JAIL:
        return [(list(keys), ())]
    column = _COLUMNS[dimension]
    halves: list[tuple[list[int], tuple[str, ...]]] = [
        ([key for key in keys if key], (f"e.{column} = v.place",)),
        ([key for key in keys if not key], (f"e.{column} IS NULL",)),
    ]
    return [half for half in halves if half[0]]


def _in_lane(asker: Asker, scope: Scope, dimension: Dimension) -> tuple[str, ...]:
    """Return the conditions that a counted event is in a lane, the key aside."""
    if dimension is Dimension.NETWORK:
        return (_COUNTED, *_WITHIN, *conditions_of(asker, scope, (About.HOST, About.JAIL)).wanted)
    return ("e.jail = v.jail", "e.kind = v.kind", *_WITHIN, *conditions_of(asker, scope, (About.HOST,)).wanted)


def _lanes(asker: Asker, scope: Scope, dimension: Dimension, keys: Sequence[int]) -> Given:
    """Return a row for each lane of the index: for a network one, for all else one by jail and kind."""
    if dimension is Dimension.NETWORK:
        return asker.table("v", ("key", "place"), [(key, key) for key in keys])
    if dimension is Dimension.JAIL:
        return asker.table("v", ("key", "jail", "kind"), [(key, key, kind) for key in keys for kind in COUNTED_KINDS])
    lanes = asker.table("l", ("jail", "kind"), [(jail, kind) for jail in scope.all_jails for kind in COUNTED_KINDS])
    places = asker.table("p", ("key", "place"), [(key, country_of(key) or "") for key in keys])
    return Given(f"({query('*', f'{places.sql} CROSS JOIN {lanes.sql}')}) v", places.parameters | lanes.parameters)
