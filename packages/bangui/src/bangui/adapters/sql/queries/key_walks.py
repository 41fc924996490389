"""The keys that events are sorted by, one after another, each with the scope of the events under it.

A walk begins with a key, or with the first one for `()`; a key without an event may come as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from heapq import merge
from typing import Any, TypeVar

from bangui.adapters.sql.queries.asker import Asker, query
from bangui.adapters.sql.queries.conditions import Conditions, add_ids, add_places
from bangui.adapters.sql.queries.lanes import MANY_IDS, count_ids
from bangui.adapters.sql.queries.positions import Key
from bangui.adapters.sql.queries.scope import Scope

K = TypeVar("K", int, str)
_LARGEST = 1 << 40


def jails(_: Asker, scope: Scope, begin: Key, is_descending: bool) -> Iterator[tuple[Key, Scope]]:
    """Walk jails by their names."""
    named = sorted(((scope.jail_names[number], number) for number in scope.all_jails), reverse=is_descending)
    for name, number in named:
        if _is_ahead(name, begin, is_descending, str):
            yield (name,), replace(scope, jails=(number,))


def countries(asker: Asker, scope: Scope, begin: Key, is_descending: bool) -> Iterator[tuple[Key, Scope]]:
    """Walk countries by their codes; the unknown one is before all others."""
    known: Iterable[str | None]
    if scope.countries is not None:
        known = scope.countries
    elif _has_few_ids(asker, scope) or scope.networks is not None:
        known = _places_of_ids(asker, scope, "country")
    else:
        known = (None, *_all_countries(asker))
    for code in sorted(known, key=_text, reverse=is_descending):
        if _is_ahead(_text(code), begin, is_descending, str):
            yield (_text(code),), replace(scope, countries=(code,))


def networks(asker: Asker, scope: Scope, begin: Key, is_descending: bool) -> Iterator[tuple[Key, Scope]]:
    """Walk networks by their numbers; the unknown one is before all others."""
    walk = _Networks(asker, begin, is_descending)
    known: Iterable[int | None]
    if scope.networks is not None:
        known = sorted(scope.networks, key=_number, reverse=is_descending)
    elif _has_few_ids(asker, scope):
        known = sorted(_places_of_ids(asker, scope, "network"), key=_number, reverse=is_descending)
    elif scope.countries is not None and not asker.rows("SELECT 1 FROM ids WHERE moved = 1 LIMIT 1"):
        known = walk.of_countries(scope.countries)
    else:
        known = walk.of_all()
    for number in known:
        if _is_ahead(_number(number), begin, is_descending, int):
            yield (_number(number),), replace(scope, networks=(number,))


def _has_few_ids(asker: Asker, scope: Scope) -> bool:
    return scope.has_ids and count_ids(asker, scope) <= MANY_IDS


def _places_of_ids(asker: Asker, scope: Scope, column: str) -> set[Any]:
    """Return the countries, or the networks, where the ids of a scope are, or were at some time."""
    ids = Conditions()
    add_ids(ids, scope, "v")
    moved = ["v.moved = 1", "e.id = v.number", *ids.wanted]
    add_places(ids, "v.network", scope.networks)
    add_places(ids, "v.country", scope.countries)
    index = "" if scope.has_ids else f" INDEXED BY ids_{'network' if scope.networks is not None else 'country'}"
    now = query(f"DISTINCT v.{column}", f"ids v{index}", ids.wanted)
    tables = "ids v INDEXED BY ids_moved CROSS JOIN events e INDEXED BY events_identity"
    return {*asker.column(f"{now} UNION {query(f'DISTINCT e.{column}', tables, moved)}", ids.parameters)}


def _is_ahead(key: K, begin: Key, is_descending: bool, kind: Callable[[int | str | bytes], K]) -> bool:
    if not begin:
        return True
    first = kind(begin[0])
    return key <= first if is_descending else key >= first


def _text(code: str | None) -> str:
    return code or ""


def _number(network: int | None) -> int:
    return network or 0


def _all_countries(asker: Asker) -> Iterator[str]:
    """Yield the countries of all events."""
    sql = query("min(country)", "events INDEXED BY events_country", ("country > :last",))
    code = ""
    while (found := asker.column(sql, {"last": code})[0]) is not None:
        yield found
        code = found


class _Networks:
    """Skips from network to network in an index."""

    def __init__(self, asker: Asker, begin: Key, is_descending: bool) -> None:
        self._asker = asker
        self._begin = begin
        self._is_descending = is_descending

    def of_all(self) -> Iterator[int | None]:
        """Yield the networks of all events."""
        return self._skip("events INDEXED BY events_network", (), {})

    def of_countries(self, codes: Sequence[str | None]) -> Iterator[int | None]:
        """Yield the networks of ids that are in some countries."""
        walks = [
            self._skip("ids INDEXED BY ids_country", ("country IS NULL",), {})
            if code is None
            else self._skip("ids INDEXED BY ids_country", ("country = :code",), {"code": code})
            for code in codes
        ]
        last: int | None = -1
        for number in merge(*walks, key=_number, reverse=self._is_descending):
            if number != last:
                yield number
            last = number

    def _skip(self, table: str, wanted: tuple[str, ...], parameters: dict[str, object]) -> Iterator[int | None]:
        function, sign, step = ("max", "<=", -1) if self._is_descending else ("min", ">=", 1)
        sql = query(f"{function}(network)", table, (*wanted, f"network {sign} :next"))
        number = int(self._begin[0]) if self._begin else (_LARGEST if self._is_descending else 0)
        if not self._is_descending and number == 0:
            yield None
        while (found := self._asker.column(sql, parameters | {"next": number})[0]) is not None:
            yield found
            number = found + step
        if self._is_descending:
            yield None
