"""What the templates of the history get; see `contexts.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import ClassVar

from markupsafe import Markup

from bangui.domain.history import EventKind
from bangui.domain.history_queries import Count
from bangui.web.contexts import Frame, Remark
from bangui.web.history_query import FieldProblem, HistoryQuery


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values that a field can have; `text` may be hostile."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SearchForm:
    """The form: what was typed, what there is to choose from, and what cannot be meant, by the field.

    `is_wide` means that one of the fields that are seldom needed has a problem, so that they must be in sight.
    """

    query: HistoryQuery
    kinds: tuple[Choice, ...]
    jails: tuple[Choice, ...]
    countries: tuple[Choice, ...]
    origins: tuple[Choice, ...]
    ranges: tuple[Choice, ...]
    problems: Mapping[str, FieldProblem]
    is_wide: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force; `text` may be hostile, `path` leads to the same view without it."""

    name: str
    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; `path` sorts by it, where that is possible, `direction` is set where it is sorted by it.

    `look` is what style sheets call the column.
    """

    name: str
    path: str | None = None
    direction: str | None = None
    look: str = ""


@dataclass(frozen=True, slots=True)
class NetworkLink:
    """An autonomous system: its number, its hostile name, and its events."""

    number: int
    name: str | None
    path: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event. `at` is None for a time that no calendar has; `by` and `reason` are hostile.

    `duration` is in seconds, negative for ever. `nth` says the how manieth ban of this id it was.
    """

    key: str
    at: datetime | None
    kind: EventKind
    id: str
    id_path: str | None
    jail: str
    jail_path: str
    country: str | None
    country_path: str | None
    network: NetworkLink | None
    duration: int | None
    nth: int | None
    by: str
    reason: str
    lines: tuple[Markup, ...]


class EmptyHistory(Enum):
    """Why there are no rows, so that the page can say it and what to do."""

    NOT_KEPT = "not kept"
    NOTHING_YET = "nothing yet"
    NO_MATCH = "no match"
    PAGE_GONE = "page gone"
    """The events of this page and all that followed have been forgotten."""
    WRONG_FIELD = "wrong field"
    LOST_PLACE = "lost place"
    """The place in the list belongs to another search."""
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class HistoryView:
    """Everything that the history shows of one search.

    `jail_path` is set where the text that nothing was found for is the name of a jail, `all_time_path` where there may
    be something at another time. `exports` are names with addresses.
    """

    now: datetime
    form: SearchForm
    chips: tuple[Chip, ...]
    heads: tuple[Head, ...]
    rows: tuple[EventRow, ...]
    count: Count | None
    next_path: str | None
    newest_path: str | None
    exports: tuple[tuple[str, str], ...]
    empty: EmptyHistory | None
    trouble: Remark | None
    remarks: tuple[Remark, ...]
    credits: tuple[str, ...]
    clear_path: str
    jail_path: str | None = None
    all_time_path: str | None = None

    @property
    def is_kept(self) -> bool:
        """Whether there is a history to search."""
        return self.empty is not EmptyHistory.NOT_KEPT


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """The page at `/history`."""

    template: ClassVar[str] = "history.html"
    frame: Frame
    view: HistoryView
