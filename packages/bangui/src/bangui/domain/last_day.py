"""The last 24 hours of a host, as the first page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bangui.domain.collection import CollectorState
from bangui.domain.history_queries import TopRow
from bangui.domain.places import DataSource


@dataclass(frozen=True, slots=True)
class Hour:
    """What all jails counted in one hour of the clock, which begins at `start` (aware, UTC)."""

    start: datetime
    bans: int
    failures: int


@dataclass(frozen=True, slots=True)
class NetworkCount:
    """An autonomous system with its bans; `name` is empty where nobody knows it."""

    number: int
    name: str
    bans: int


@dataclass(frozen=True, slots=True)
class LastDay:
    """What was recorded in the 24 hours before `taken_at` (aware, UTC), and in the 24 hours before those.

    `hours` are 25, the first and the last of them in part, the oldest first. `countries`, `networks` and `addresses`
    are those with the most bans. `since` is when the record begins: where that is later than 48 hours ago, a
    comparison would be unfair, and `before` numbers are None.
    """

    taken_at: datetime
    bans: int
    failures: int
    bans_before: int | None
    failures_before: int | None
    hours: tuple[Hour, ...]
    countries: tuple[TopRow, ...]
    networks: tuple[NetworkCount, ...]
    addresses: tuple[TopRow, ...]
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Record:
    """What the history has to say on the first page: `day` is None until it was read for the first time.

    How the collecting goes is in `collection`; where countries and networks come from in `credits`. `problem` and
    `hint` are set while the history cannot be read.
    """

    day: LastDay | None = None
    collection: CollectorState | None = None
    credits: tuple[DataSource, ...] = ()
    problem: str | None = None
    hint: str | None = None
