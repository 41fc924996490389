"""The orders of events in SQL: what they sort by, and what comes after a position."""

from __future__ import annotations

from dataclasses import dataclass

from bangui.adapters.sql.queries.asker import Row
from bangui.adapters.sql.queries.positions import Position
from bangui.domain.history_queries import Order, SortKey

_OF_ADDRESS = ("CASE WHEN k.key IS NULL THEN 1 ELSE 0 END", "coalesce(k.key, :no_key)", "k.text")


@dataclass(frozen=True, slots=True)
class Sorting:
    """How events `e` are sorted: tables that must be joined, what is sorted by, and the constants in that."""

    tables: str
    columns: tuple[str, ...]
    parameters: dict[str, object]


_SORTINGS = {
    SortKey.TIME: Sorting("", (), {}),
    SortKey.ADDRESS: Sorting("CROSS JOIN ids k", _OF_ADDRESS, {"no_key": b""}),
    SortKey.JAIL: Sorting("CROSS JOIN jails k", ("k.name",), {}),
    SortKey.COUNTRY: Sorting("", ("coalesce(e.country, '')",), {}),
    SortKey.NETWORK: Sorting("", ("coalesce(e.network, 0)",), {}),
}
_JOINS = {SortKey.ADDRESS: "k.number = e.id", SortKey.JAIL: "k.number = e.jail"}


def sorting_of(order: Order) -> Sorting:
    """Return how an order sorts."""
    return _SORTINGS[order.key]


def join_of(order: Order) -> tuple[str, ...]:
    """Return the conditions that belong to the tables of a sorting."""
    return (_JOINS[order.key],) if order.key in _JOINS else ()


def order_by(order: Order) -> str:
    """Return the ORDER BY of a query that selects what is sorted by first."""
    count = len(sorting_of(order).columns) + 2
    way = " DESC" if order.is_descending else ""
    return "ORDER BY " + ", ".join(f"{place}{way}" for place in range(1, count + 1))


def after(order: Order, position: Position) -> tuple[tuple[str, ...], dict[str, object]]:
    """Return the condition that an event comes after a position, and its parameters."""
    columns = (*sorting_of(order).columns, "e.time", "e.number")
    values = (*position.key, position.time, position.number)
    names = [f"after{place}" for place in range(len(values))]
    sign = "<" if order.is_descending else ">"
    condition = f"({', '.join(columns)}) {sign} ({', '.join(f':{name}' for name in names)})"
    return (condition,), dict(zip(names, values, strict=True))


def position_of(row: Row) -> Position:
    """Return the position in a row of what is sorted by, time and number."""
    *key, time, number = row
    return Position(tuple(bytes(part) if isinstance(part, memoryview) else part for part in key), time, number)
