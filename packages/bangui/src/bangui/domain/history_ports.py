"""The ports of the history: a store that keeps it, and the sources that it is read from.

The store's functions block; a service calls them in threads. A store may be used by several processes at once: one
that collects, and any number that read or add notes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

from bangui.domain.errors import BanGUIError
from bangui.domain.history import Batch, Event, EventKind, JailSettings, Observation, Recorded
from bangui.domain.history_queries import (
    Count,
    Filter,
    HistoryState,
    IdSummary,
    JailCount,
    Order,
    Page,
    Point,
    Search,
    Series,
    Top,
    TopRow,
    Totals,
)


class StoreTrouble(Enum):
    """Why the store cannot do what it was asked."""

    MISSING = "missing"
    """There is no history yet."""
    FULL = "full"
    """The disk is full: reading works, recording will when there is room again."""
    DAMAGED = "damaged"
    DENIED = "denied"
    BUSY = "busy"
    """Somebody else holds it for too long."""
    AWAY = "away"
    """The database server does not answer."""
    FOREIGN = "foreign"
    """It is no history, or one of a newer BanGUI."""


class StoreError(BanGUIError):
    """The history could not be read or written; nothing of the batch in question was recorded."""

    def __init__(self, message: str, hint: str = "", *, trouble: StoreTrouble) -> None:
        super().__init__(message, hint)
        self.trouble = trouble


class HistoryReader(Protocol):
    """Answers questions; every function raises `StoreError`."""

    def search(self, search: Search) -> Page:
        """Return a page of events."""
        ...

    def stream(self, filter: Filter, order: Order) -> Iterator[Event]:
        """Yield all events of a filter, in order, without holding them or a transaction."""
        ...

    def count(self, filter: Filter, at_most: int = 10_000) -> Count:
        """Return how many events there are; from `at_most` on it need not be exact."""
        ...

    def totals(self, filter: Filter) -> Totals:
        """Return the events by kind; the filter may hold times, hosts, jails."""
        ...

    def series(self, series: Series) -> Sequence[Point]:
        """Return counts over time, in order of time and jail; the filter may hold times, hosts, jails."""
        ...

    def top(self, top: Top) -> Sequence[TopRow]:
        """Return the most frequent keys, the highest count first, equal ones in the order of their keys."""
        ...

    def id_summary(self, id: str) -> IdSummary | None:
        """Return what was ever counted for an id; None for one that was never seen."""
        ...

    def id_jails(self, id: str) -> Sequence[JailCount]:
        """Return what each jail ever counted for an id."""
        ...

    def lines(self, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Return the matched lines of events, by the event's number."""
        ...

    def settings_at(self, host: str, jail: str, time: int) -> JailSettings | None:
        """Return the settings that a jail had at a moment; None where nobody looked."""
        ...

    def jails(self) -> Sequence[str]:
        """Return the names of all jails that ever were."""
        ...

    def state(self) -> HistoryState:
        """Return what there is."""
        ...


@dataclass(frozen=True, slots=True)
class Retention:
    """How long what is kept. Ages are in seconds; kinds without an age are kept for good.

    `max_bytes` is the room that the history may take on disk: where it takes more, the oldest go first.
    """

    ages: dict[EventKind, int]
    max_bytes: int | None = None


class HistoryWriter(Protocol):
    """Records, forgets and copies; every function raises `StoreError`."""

    def record(self, batch: Batch) -> Recorded:
        """Record a batch, all of it or nothing; what is known already changes nothing."""
        ...

    def cursor(self, host: str, source: str) -> str | None:
        """Return how far a source has been read; None where it never was."""
        ...

    def prune(self, retention: Retention, now: int, at_most: int = 2_000) -> int:
        """Forget up to so many events that are too old or too many, give back their room, return how many went."""
        ...

    def back_up(self, target: Path) -> int:
        """Copy the whole history into a new file while it is in use, and return the number of events in it."""
        ...

    def restore(self, source: Path, progress: Progress) -> int:
        """Add what a backup holds to what is here, and return how many events were new."""
        ...


class Progress(Protocol):
    """Told how far a long task is."""

    def __call__(self, done: int, total: int | None) -> None:
        """Take note that `done` of `total` are done; None where the total is unknown."""
        ...


class EventSource(Protocol):
    """One source of observations of one host, read from where a cursor left off.

    `name` (`database`, `log`, `journal`, `socket`) names its cursor. Reading blocks, and is short: at most `at_most`
    observations. A source that cannot be read now raises `SourceAway`; the next read tries again.
    """

    @property
    def name(self) -> str:
        """What its cursor is called."""
        ...

    def read(self, cursor: str | None, at_most: int = 5_000) -> Reading:
        """Return what came after the cursor; None reads from the very beginning of what is still known."""
        ...

    def close(self) -> None:
        """Give back what is held open."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source had to tell. `has_more` means that the next read will not be empty.

    `done` and `total` measure how far the source has been read, in units of its own; for a progress bar.
    """

    observations: Sequence[Observation]
    cursor: str
    has_more: bool
    done: int = 0
    total: int = 0


class SourceAway(BanGUIError):
    """A source cannot be read at the moment: it is missing, locked, or not ours to read."""
