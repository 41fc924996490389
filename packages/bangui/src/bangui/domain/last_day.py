"""What was recorded of a host lately, as the first page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bangui.domain.collection import CollectorState
from bangui.domain.history_queries import TopRow
from bangui.domain.places import DataSource


@dataclass(frozen=True, slots=True)
class Period:
    """What was recorded since a moment (aware), and in the same stretch of time a week earlier.

    The `before` numbers are None where the record begins later than that: the comparison would be unfair.
    """

    since: datetime
    bans: int
    failures: int
    bans_before: int | None
    failures_before: int | None


@dataclass(frozen=True, slots=True)
class NetworkCount:
    """An autonomous system with its bans; `name` is empty where nobody knows it."""

    number: int
    name: str
    bans: int


@dataclass(frozen=True, slots=True)
class LastDay:
    """What the record says at `taken_at` (aware, UTC).

    `today` and `week` begin at midnight and on Monday, in the zone of this machine. `countries`, `networks`,
    `addresses` and `jails` are those with the most bans in the last 24 hours. `since` is when the record begins.
    """

    taken_at: datetime
    today: Period
    week: Period
    countries: tuple[TopRow, ...]
    networks: tuple[NetworkCount, ...]
    addresses: tuple[TopRow, ...]
    jails: tuple[TopRow, ...]
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
