"""How many events of each kind there were: from `kind_counts`, and from the events in edges of less than an hour."""

from __future__ import annotations

from collections import Counter

from bangui.adapters.sql.queries.asker import Asker, Row, query
from bangui.adapters.sql.queries.conditions import About, conditions_of
from bangui.adapters.sql.queries.lanes import events_between
from bangui.adapters.sql.queries.scope import Scope
from bangui.adapters.sql.queries.spans import Edge, Span, read_folds, split
from bangui.adapters.sql.schema import GRAINS_OF_KINDS


def count_kinds(asker: Asker, scope: Scope) -> Counter[int]:
    """Return the events of a scope by the code of their kind; of the scope times, hosts, jails and kinds count."""
    counts: Counter[int] = Counter()
    if scope.is_empty:
        return counts
    parts = split(scope.times, GRAINS_OF_KINDS, read_folds(asker))
    rows = [row for edge in parts.edges for row in _of_edge(asker, scope, edge)]
    for kind, number in [*_of_spans(asker, scope, parts.spans), *rows]:
        counts[kind] += int(number)
    return counts


def _of_spans(asker: Asker, scope: Scope, spans: tuple[Span, ...]) -> list[Row]:
    if not spans:
        return []
    rows = [(kind, int(span.grain), span.first, span.stop) for kind in scope.all_kinds for span in spans]
    given = asker.table("v", ("kind", "grain", "first", "stop"), rows)
    told = conditions_of(asker, scope, (About.HOST, About.JAIL))
    sql = query(
        "e.kind, sum(e.events)",
        f"{given.sql} CROSS JOIN kind_counts e",
        ("e.kind = v.kind", "e.grain = v.grain", "e.start >= v.first", "e.start < v.stop", *told.wanted),
        "GROUP BY e.kind",
    )
    return asker.rows(sql, given.parameters)


def _of_edge(asker: Asker, scope: Scope, edge: Edge) -> list[Row]:
    lanes = events_between(asker, scope)
    sql = query("v.kind, count(*)", lanes.all_tables, lanes.all_wanted, "GROUP BY v.kind")
    return asker.rows(sql, lanes.parameters | {"since": edge.since, "until": edge.until})
