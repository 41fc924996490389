"""Build what the map shows of the counts of a period: pure, no I/O.

Numbers of countries are far apart, so each class of the legend begins at a multiple of the one before; their bounds are
numbers that a person would choose (1, 2, 5, 10, 20 ...).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bangui.domain.history_ports import StoreError
from bangui.domain.history_queries import Metric
from bangui.services.country_counts import CountryCounts, CountryLeaders, PlaceCount
from bangui.web.contexts import Remark
from bangui.web.history_query import HistoryQuery, address_path, history_path
from bangui.web.language import gettext as _
from bangui.web.language import pgettext
from bangui.web.map_contexts import ChosenCountry, Leader, MapChoice, MapClass, MapRow, MapShape, MapView
from bangui.web.map_query import MAP_RANGES, MapQuery, map_path
from bangui.web.world import World

_MOST_CLASSES = 5
_BANS_PATH = "/bans"
_NOTHING = CountryCounts((), 0)
_NOBODY = CountryLeaders((), ())


@dataclass(frozen=True, slots=True)
class MapFacts:
    """What the history says: nothing where none is kept, trouble where it cannot be read."""

    counts: CountryCounts = _NOTHING
    leaders: CountryLeaders = _NOBODY
    trouble: StoreError | None = None
    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class MapSurroundings:
    """What else the page says: the moment, the map itself, and what its reader has to know about the record."""

    now: datetime
    world: World
    has_bans_page: bool = True
    remarks: tuple[Remark, ...] = ()
    credits: tuple[str, ...] = ()


def build_map(query: MapQuery, facts: MapFacts, around: MapSurroundings) -> MapView:
    """Return the view of a map."""
    counts = facts.counts
    bounds = class_bounds(max((row.count for row in counts.rows), default=0))
    rows = tuple(_rows(query, counts, bounds))
    return MapView(
        now=around.now,
        metric=query.metric,
        ranges=tuple(_ranges(query)),
        metrics=tuple(_metrics(query)),
        width=around.world.width,
        height=around.world.height,
        shapes=tuple(_shapes(query, rows, around.world)),
        classes=tuple(_classes(bounds)),
        rows=rows,
        unknown=counts.unknown,
        total=counts.total,
        total_path=history_path(_events(query)),
        chosen=_chosen(query, facts, has_bans_page=around.has_bans_page) if query.country else None,
        is_kept=facts.is_kept,
        trouble=Remark(facts.trouble.message, facts.trouble.hint) if facts.trouble else None,
        remarks=around.remarks,
        credits=around.credits if counts.rows else (),
    )


def class_bounds(largest: int) -> tuple[int, ...]:
    """Return where the classes of numbers from 1 to the largest begin; none where there is nothing to count."""
    nice = []
    size = 1
    while size <= largest:
        nice += [number for number in (size, 2 * size, 5 * size) if number <= largest]
        size *= 10
    if len(nice) <= _MOST_CLASSES:
        return tuple(nice)
    # The last class begins below the largest nice number, so that more than one country can be in it.
    step = (len(nice) - 1) / (_MOST_CLASSES - 0.5)
    return tuple(nice[round(place * step)] for place in range(_MOST_CLASSES))


def _classes(bounds: Sequence[int]) -> Iterator[MapClass]:
    for place, low in enumerate(bounds):
        yield MapClass(place + 1, low, bounds[place + 1] - 1 if place + 1 < len(bounds) else None)


def _ranges(query: MapQuery) -> Iterator[MapChoice]:
    names = {
        "24h": pgettext("range", "24 h"),
        "7d": pgettext("range", "7 d"),
        "30d": pgettext("range", "30 d"),
        "1y": pgettext("range", "1 y"),
    }
    for range in MAP_RANGES:
        yield MapChoice(names[range], map_path(replace(query, range=range)), range == query.range)


def _metrics(query: MapQuery) -> Iterator[MapChoice]:
    for metric, name in ((Metric.BANS, _("Bans")), (Metric.FAILURES, _("Failures"))):
        yield MapChoice(name, map_path(replace(query, metric=metric)), metric is query.metric)


def _rows(query: MapQuery, counts: CountryCounts, bounds: Sequence[int]) -> Iterator[MapRow]:
    for row in counts.rows:
        yield MapRow(
            row.key,
            bisect_right(bounds, row.count),
            row.count,
            row.count / counts.total,
            map_path(replace(query, country=row.key)),
            row.key == query.country,
        )


def _shapes(query: MapQuery, rows: Iterable[MapRow], world: World) -> Iterator[MapShape]:
    """Yield the countries; those that are counted come last, so that no neighbour covers their borders."""
    counted = {row.code: row for row in rows}
    for code in sorted(world.countries, key=lambda code: (code == query.country, code in counted)):
        outline, row = world.countries[code], counted.get(code)
        dot = outline.dot if row or code == query.country else None
        yield MapShape(
            code,
            outline.path,
            dot,
            row.level if row else 0,
            row.count if row else 0,
            row.path if row else None,
            code == query.country,
        )


def _events(query: MapQuery) -> HistoryQuery:
    return HistoryQuery(
        kind="ban" if query.metric is Metric.BANS else "failure", since=query.range, country=query.country
    )


def _chosen(query: MapQuery, facts: MapFacts, *, has_bans_page: bool) -> ChosenCountry:
    found = next((row for row in facts.counts.rows if row.key == query.country), None)
    count = found.count if found else 0
    return ChosenCountry(
        query.country,
        count,
        count / facts.counts.total if count else 0.0,
        tuple(_leaders(facts.leaders.addresses)),
        tuple(_leaders(facts.leaders.subnets)),
        history_path(_events(query)),
        f"{_BANS_PATH}?country={query.country}" if has_bans_page else None,
        map_path(replace(query, country="")),
    )


def _leaders(counts: Iterable[PlaceCount]) -> Iterator[Leader]:
    for one in counts:
        yield Leader(one.key, address_path(one.key), one.count)
