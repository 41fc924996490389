"""The most frequent keys: of all time, of a range, and of some ids alone.

Counts are kept for many lengths of time, but a range of months by address is hundreds of thousands of rows. Three ways
lead to the few that matter, and each is exact:

    ids of all time      have their counts in their own rows, in order (`top_ids`)
    ids in some place    are bounded by these counts, and counted from the highest bound on (`top_ids`)
    all in a range       who has many in all has many in at least one part of the range (`top_lists`); where all have
                         few, everything is added up (`top_sums`)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bangui.adapters.sql.queries.asker import Asker, query
from bangui.adapters.sql.queries.id_counts import Counts
from bangui.adapters.sql.queries.key_counts import KeyCounter, ids_of_subnet, see_keys
from bangui.adapters.sql.queries.keys import best, country_of, subnet_text
from bangui.adapters.sql.queries.scope import Scope, resolve
from bangui.adapters.sql.queries.settling import Count
from bangui.adapters.sql.queries.top_ids import top_of_all_time, top_of_ids
from bangui.adapters.sql.queries.top_lists import top_of_range
from bangui.adapters.sql.queries.top_sums import sum_keys
from bangui.domain.errors import InvalidInput
from bangui.domain.history_queries import LARGEST_PAGE, Dimension, Metric, Top, TopRow
from bangui.domain.phrases import phrase

_OF_PLACES = (Dimension.ADDRESS, Dimension.SUBNET)


def find_top(asker: Asker, top: Top) -> list[TopRow]:
    """Return the most frequent keys, the highest count first, equal ones in the order of what they stand for."""
    _check(top)
    scope = resolve(asker, top.filter)
    if scope.is_empty:
        return []
    if top.dimension is Dimension.JAIL:
        return _top_jails(asker, scope, top)
    counter = KeyCounter(asker, scope, top.dimension)
    found = _candidates(asker, scope, top, counter.of(top.metric))
    keys = best(asker, top.dimension, found.items(), top.limit)
    return list(_rows(asker, scope, top.dimension, counter.counts(keys)))


def _check(top: Top) -> None:
    if not 0 < top.limit <= LARGEST_PAGE:
        raise InvalidInput(
            phrase("a list of the first {limit} cannot be", limit=top.limit),
            phrase("ask for 1 to {most}", most=LARGEST_PAGE),
        )
    filter = top.filter
    if filter != replace(filter, kinds=(), origins=(), id=None, prefix=None, text=None):
        raise InvalidInput(
            phrase("a top list cannot be narrowed like that"),
            phrase("give times, hosts, jails, or where an address is"),
        )
    if filter != replace(filter, countries=(), networks=(), within=None) and top.dimension not in _OF_PLACES:
        raise InvalidInput(
            phrase("the first by {value} are of all places", value=top.dimension.value),
            phrase("list addresses or subnets of a place"),
        )


def _candidates(asker: Asker, scope: Scope, top: Top, count: Count) -> dict[int, int]:
    if not scope.is_countable:
        of_ids = top_of_ids(asker, scope, top, count)
        if of_ids is not None:
            return of_ids
    elif top.dimension is Dimension.ADDRESS and scope.is_whole and scope.is_open:
        return top_of_all_time(asker, top.metric, top.limit)
    return top_of_range(asker, scope, top, count)


def _top_jails(asker: Asker, scope: Scope, top: Top) -> list[TopRow]:
    """Return jails, also those that have none of what is asked for, but of the other."""
    sums = {metric: sum_keys(asker, scope, Dimension.JAIL, metric) for metric in Metric}
    counted = [key for key in scope.all_jails if any(sums[metric][key] for metric in Metric)]
    keys = sorted(counted, key=lambda key: (-sums[top.metric][key], scope.jail_names[key]))[: top.limit]
    seen = see_keys(asker, scope, Dimension.JAIL, keys)
    bans, failures = sums[Metric.BANS], sums[Metric.FAILURES]
    return [TopRow(scope.jail_names[key], bans[key], failures[key], *seen[key]) for key in keys]


def _rows(asker: Asker, scope: Scope, dimension: Dimension, counts: Counts) -> Iterator[TopRow]:
    seen = see_keys(asker, scope, dimension, list(counts))
    for key, counted in counts.items():
        numbers = (*counted, *seen[key])
        match dimension:
            case Dimension.COUNTRY:
                yield TopRow(country_of(key), *numbers)
            case Dimension.NETWORK:
                yield TopRow(str(key) if key else None, *numbers)
            case Dimension.SUBNET:
                _, country, network = _newest(asker, ids_of_subnet(asker, scope, key))
                yield TopRow(subnet_text(key), *numbers, country, network)
            case Dimension.ADDRESS:
                text, country, network = _newest(asker, [key])
                yield TopRow(text, *numbers, country, network)


def _newest(asker: Asker, numbers: Sequence[int]) -> tuple[str, str | None, int | None]:
    """Return text, country and network of the id that was seen last."""
    given = asker.table("v", ("number",), [(number,) for number in numbers])
    sql = query(
        "i.text, i.country, i.network",
        f"{given.sql} CROSS JOIN ids i",
        ("i.number = v.number",),
        "ORDER BY i.last DESC, i.number DESC LIMIT 1",
    )
    text, country, network = asker.rows(sql, given.parameters)[0]
    return text, country, network
