"""Questions to the history, as plain values that the command line, the API and the pages share, and their answers.

A question says what is wanted; which index answers it is the store's business. Times are Unix times in milliseconds.
A range is half open: `since` belongs to it, `until` does not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from bangui.domain.addresses import Address
from bangui.domain.history import Event, EventKind, Origin

PAGE_SIZE = 50
LARGEST_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Filter:
    """Which events are meant; everything given must hold, an empty tuple or None asks for nothing.

    `within` is an address, or a network of either family that the id must lie in. `prefix` is the beginning of the id
    as text (`203.0.11`). `text` holds words that the matched lines of a ban must all contain, the last
    one only begun where a `*` follows it.
    """

    since: int | None = None
    until: int | None = None
    hosts: tuple[str, ...] = ()
    jails: tuple[str, ...] = ()
    kinds: tuple[EventKind, ...] = ()
    origins: tuple[Origin, ...] = ()
    within: Address | None = None
    id: str | None = None
    """Exactly this id, address or not."""
    prefix: str | None = None
    countries: tuple[str, ...] = ()
    networks: tuple[int, ...] = ()
    text: str | None = None


class SortKey(Enum):
    """By what a list is sorted; events that are alike in it are in the order of their times, then of their numbers.

    What is unknown comes before all others. A descending list is an ascending one turned around, in all of this.
    """

    TIME = "time"
    ADDRESS = "address"
    """IPv4 before IPv6, each in numeric order, then all other ids; networks with the same first address as text."""
    JAIL = "jail"
    COUNTRY = "country"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a list."""

    key: SortKey = SortKey.TIME
    is_descending: bool = True


@dataclass(frozen=True, slots=True)
class Search:
    """A page of events. `after` is the `next` of the page before; it only fits the same filter and order."""

    filter: Filter = field(default_factory=Filter)
    order: Order = field(default_factory=Order)
    limit: int = PAGE_SIZE
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of events in order; `next` is None on the last one."""

    events: tuple[Event, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many events a filter lets through; not exact means that there are more than this."""

    value: int
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """Events by kind; kinds that did not happen are 0."""

    by_kind: dict[EventKind, int]

    def of(self, kind: EventKind) -> int:
        """Return how many there were of a kind."""
        return self.by_kind.get(kind, 0)


class Dimension(Enum):
    """What events are counted by."""

    JAIL = "jail"
    COUNTRY = "country"
    NETWORK = "network"
    """The autonomous system."""
    SUBNET = "subnet"
    """The /24 of an IPv4 address, the /48 of an IPv6 address."""
    ADDRESS = "address"
    """The id, address or not."""


class Metric(Enum):
    """What is counted."""

    BANS = "bans"
    FAILURES = "failures"


@dataclass(frozen=True, slots=True)
class Top:
    """The `limit` keys of a dimension with the most bans or failures, in whole or in part of the history.

    Keys that have none are left out; of jails only those that have none of either.

    Of the filter, times, hosts and jails may be given for every dimension; `countries`, `networks` and `within` for
    addresses and subnets.
    """

    dimension: Dimension
    metric: Metric = Metric.BANS
    filter: Filter = field(default_factory=Filter)
    limit: int = 10


@dataclass(frozen=True, slots=True)
class TopRow:
    """One key with its counts in the range, and the times of its first and its last ban or failure within it.

    `key` is the name of the jail, the country's code, the number of the network, or the subnet or id as text; None for
    events whose country or network is unknown. `country` and `network` say where a subnet or an id is.
    """

    key: str | None
    bans: int
    failures: int
    first: int
    last: int
    country: str | None = None
    network: int | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Counts over time. `since` and `until` may be None for all there is; `bucket` is in seconds: 60, 300, 900, 3600,
    10800, 21600, or whole days (multiples of 86400, in UTC). Those below an hour are for two days at most.
    """

    filter: Filter
    bucket: int


@dataclass(frozen=True, slots=True)
class Point:
    """What a jail counted in one bucket, which begins at `start`; buckets without events are left out."""

    start: int
    jail: str
    bans: int
    failures: int


@dataclass(frozen=True, slots=True)
class IdSummary:
    """Everything ever counted for one id, over all jails, and the times of its first and its last ban or failure.

    An id that has neither is known by its other events.
    """

    id: str
    bans: int
    failures: int
    first: int
    last: int
    country: str | None
    network: int | None


@dataclass(frozen=True, slots=True)
class JailCount:
    """What one jail counted for an id, and the times of the first and the last of it."""

    jail: str
    bans: int
    failures: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class HistoryState:
    """What there is: how many events, of which time, and how much room they take on disk (bytes)."""

    events: int
    first: int | None
    last: int | None
    disk_bytes: int
    schema_version: str
