"""Bans and failures over time, by jail: from the hours and days of `rollups`, and from the events at the edges.

Steps shorter than an hour are counted from the events, within two days.
"""

from __future__ import annotations

from collections import defaultdict

from bangui.adapters.sql.queries.asker import Asker, query
from bangui.adapters.sql.queries.conditions import About, conditions_of
from bangui.adapters.sql.queries.keys import COUNTED_KINDS
from bangui.adapters.sql.queries.lanes import events_between
from bangui.adapters.sql.queries.scope import Scope
from bangui.adapters.sql.queries.spans import DAY, HOUR, Edge, Folds, Parts, Span, split
from bangui.adapters.sql.schema import Grain, RollupKey
from bangui.domain.errors import InvalidInput
from bangui.domain.history_queries import Point
from bangui.domain.phrases import phrase

_SHORT_BUCKETS = (60, 300, 900)
_HOURLY_BUCKETS = (3_600, 10_800, 21_600)
_LONGEST_SHORT = 2 * DAY
_NO_FOLDS = Folds(0, 0)

_Counts = dict[tuple[int, int], list[int]]
"""Bans and failures, by the start of a bucket and the jail."""


def count_over_time(asker: Asker, scope: Scope, bucket: int) -> list[Point]:
    """Return what each jail counted in each bucket (seconds), in order."""
    _check(scope, bucket)
    if scope.is_empty:
        return []
    counts: _Counts = defaultdict(lambda: [0, 0])
    parts = _parts(scope, bucket)
    for span in parts.spans:
        _add_span(asker, scope, span, bucket * 1000, counts)
    for edge in parts.edges:
        _add_edge(asker, scope, edge, bucket * 1000, counts)
    points = (Point(start, scope.jail_names[jail], *both) for (start, jail), both in counts.items())
    return sorted(points, key=lambda point: (point.start, point.jail))


def _check(scope: Scope, bucket: int) -> None:
    if bucket in _SHORT_BUCKETS:
        if scope.until - scope.since > _LONGEST_SHORT:
            raise InvalidInput(
                phrase("that is too long to be counted in such short steps"),
                phrase("count by the hour (3600) or longer"),
            )
    elif bucket not in _HOURLY_BUCKETS and (bucket <= 0 or bucket * 1000 % DAY):
        known = ", ".join(map(str, (*_SHORT_BUCKETS, *_HOURLY_BUCKETS)))
        raise InvalidInput(
            phrase("steps of {bucket} s are not counted", bucket=bucket),
            phrase("take {known} or whole days (86400)", known=known),
        )


def _parts(scope: Scope, bucket: int) -> Parts:
    if bucket in _SHORT_BUCKETS:
        return Parts((), (Edge(scope.since, scope.until),))
    grains = (Grain.HOUR, Grain.DAY) if bucket * 1000 % DAY == 0 else (Grain.HOUR,)
    return split(scope.times, grains, _NO_FOLDS)


def _add_span(asker: Asker, scope: Scope, span: Span, length: int, counts: _Counts) -> None:
    told = conditions_of(asker, scope, (About.HOST, About.JAIL))
    of_jails = (f'e."by" = {int(RollupKey.JAIL)}', "e.grain = :grain", "e.start >= :first", "e.start < :stop")
    sql = query(
        f"e.start / {length // (span.grain * HOUR):d} AS bucket, e.jail, sum(e.bans), sum(e.failures)",
        "rollups e",
        (*of_jails, *told.wanted),
        "GROUP BY bucket, e.jail",
    )
    parameters = {"grain": int(span.grain), "first": span.first, "stop": span.stop}
    for start, jail, bans, failures in asker.rows(sql, parameters):
        both = counts[start * length, jail]
        both[0] += int(bans)
        both[1] += int(failures)


def _add_edge(asker: Asker, scope: Scope, edge: Edge, length: int, counts: _Counts) -> None:
    lanes = events_between(asker, scope, COUNTED_KINDS)
    sql = query(
        f"e.time / {length:d} AS bucket, v.jail, v.kind, count(*)",
        lanes.all_tables,
        lanes.all_wanted,
        "GROUP BY bucket, v.jail, v.kind",
    )
    for start, jail, kind, number in asker.rows(sql, lanes.parameters | {"since": edge.since, "until": edge.until}):
        counts[start * length, jail][COUNTED_KINDS.index(kind)] += number
