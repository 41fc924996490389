"""Use case: which countries the bans or failures of a period came from, and who in one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import LARGEST_PAGE, Dimension, Filter, Metric, Top, TopRow

_LISTED = 5


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """A country by its code, an address or a subnet; and how often."""

    key: str
    count: int


@dataclass(frozen=True, slots=True)
class CountryCounts:
    """The countries of a period, the one with the most first; `unknown` is how many have no known country."""

    rows: tuple[PlaceCount, ...]
    unknown: int

    @property
    def total(self) -> int:
        """How many there were in all, the unknown ones included."""
        return sum(row.count for row in self.rows) + self.unknown


@dataclass(frozen=True, slots=True)
class CountryLeaders:
    """Who stands out in one country, the one with the most first."""

    addresses: tuple[PlaceCount, ...]
    subnets: tuple[PlaceCount, ...]


def read_countries(reader: HistoryReader, metric: Metric, since: int, until: int) -> CountryCounts:
    """Return the countries of a period (Unix milliseconds); raises `StoreError`."""
    rows = _top(reader, Dimension.COUNTRY, metric, Filter(since=since, until=until), LARGEST_PAGE)
    known = tuple(PlaceCount(row.key, _count(row, metric)) for row in rows if row.key)
    return CountryCounts(known, sum(_count(row, metric) for row in rows if not row.key))


def read_leaders(reader: HistoryReader, country: str, metric: Metric, since: int, until: int) -> CountryLeaders:
    """Return who stands out in a country in a period (Unix milliseconds); raises `StoreError`."""
    there = Filter(since=since, until=until, countries=(country,))
    return CountryLeaders(
        _counts(_top(reader, Dimension.ADDRESS, metric, there, _LISTED), metric),
        _counts(_top(reader, Dimension.SUBNET, metric, there, _LISTED), metric),
    )


def _top(reader: HistoryReader, dimension: Dimension, metric: Metric, filter: Filter, limit: int) -> Sequence[TopRow]:
    return [row for row in reader.top(Top(dimension, metric, filter, limit)) if _count(row, metric)]


def _counts(rows: Sequence[TopRow], metric: Metric) -> tuple[PlaceCount, ...]:
    return tuple(PlaceCount(row.key, _count(row, metric)) for row in rows if row.key)


def _count(row: TopRow, metric: Metric) -> int:
    return row.bans if metric is Metric.BANS else row.failures
