"""Sums of a whole range by key: every row of `rollups` in it, and every event that is left over at its edges.

That is right for jails, and for ranges of a few days.
"""

from __future__ import annotations

from collections import Counter

from bangui.adapters.sql.id_keys import country_key
from bangui.adapters.sql.queries.asker import Asker, query
from bangui.adapters.sql.queries.conditions import About, conditions_of
from bangui.adapters.sql.queries.keys import BY, KIND_OF, subnet_of_key
from bangui.adapters.sql.queries.lanes import events_between
from bangui.adapters.sql.queries.scope import Scope
from bangui.adapters.sql.queries.spans import Edge, Span, read_folds, split
from bangui.adapters.sql.schema import GRAINS, RollupKey
from bangui.domain.history_queries import Dimension, Metric

_EDGE_COLUMNS = {
    Dimension.JAIL: "v.jail",
    Dimension.COUNTRY: "e.country",
    Dimension.NETWORK: "coalesce(e.network, 0)",
    Dimension.ADDRESS: "e.id",
    Dimension.SUBNET: "e.id",
}


def sum_keys(asker: Asker, scope: Scope, dimension: Dimension, metric: Metric) -> Counter[int]:
    """Return the bans, or the failures, of every key; of the scope times, hosts and jails count."""
    parts = split(scope.times, GRAINS[BY[dimension]], read_folds(asker))
    sums: Counter[int] = Counter()
    for span in parts.spans:
        sums.update(_of_span(asker, scope, (dimension, metric), span))
    for edge in parts.edges:
        sums.update(_of_edge(asker, scope, (dimension, metric), edge))
    return sums


def _of_span(asker: Asker, scope: Scope, what: tuple[Dimension, Metric], span: Span) -> dict[int, int]:
    dimension, metric = what
    by = BY[dimension]
    told = conditions_of(asker, scope, (About.HOST, About.JAIL))
    key = "e.jail" if by is RollupKey.JAIL else "e.key"
    sql = query(
        f"{key}, sum(e.{metric.value})",
        "rollups e",
        (f'e."by" = {int(by)}', "e.grain = :grain", "e.start >= :first", "e.start < :stop", *told.wanted),
        f"GROUP BY {key}",
    )
    rows = asker.rows(sql, {"grain": int(span.grain), "first": span.first, "stop": span.stop})
    return {found: int(number) for found, number in rows}


def _of_edge(asker: Asker, scope: Scope, what: tuple[Dimension, Metric], edge: Edge) -> Counter[int]:
    dimension, metric = what
    lanes = events_between(asker, scope, (KIND_OF[metric],))
    events = query(
        f"{_EDGE_COLUMNS[dimension]} AS place, count(*) AS n", lanes.all_tables, lanes.all_wanted, "GROUP BY 1"
    )
    parameters = lanes.parameters | {"since": edge.since, "until": edge.until}
    sums: Counter[int] = Counter()
    if dimension is Dimension.SUBNET:
        ids = query("i.key, i.prefix, c.n", f"({events}) c CROSS JOIN ids i", ("i.number = c.place",))
        for key, prefix, number in asker.rows(ids, parameters):
            subnet = subnet_of_key(key, prefix)
            if subnet is not None:
                sums[subnet] += number
        return sums
    for place, number in asker.rows(events, parameters):
        sums[country_key(place) if dimension is Dimension.COUNTRY else place] += number
    return sums
