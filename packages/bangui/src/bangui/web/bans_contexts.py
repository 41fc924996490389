"""What the templates of the bans in force get; see `contexts.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import ClassVar

from bangui.domain.daemon import DaemonState
from bangui.web.bans_query import BansQuery
from bangui.web.contexts import Frame, UnlistedJail
from bangui.web.history_contexts import Chip, Choice, Head, NetworkLink
from bangui.web.history_query import FieldProblem


@dataclass(frozen=True, slots=True)
class BansForm:
    """The search: what was typed, what there is to choose from, and what cannot be meant, by the field.

    `is_wide` means that one of the fields that are seldom needed is in use or has a problem, so that they must be in
    sight.
    """

    query: BansQuery
    jails: tuple[Choice, ...]
    countries: tuple[Choice, ...]
    origins: tuple[Choice, ...]
    problems: Mapping[str, FieldProblem]
    is_wide: bool


@dataclass(frozen=True, slots=True)
class BansRow:
    """One ban. `value` is what a form calls it; `by` and `reason` are hostile."""

    key: str
    value: str
    id: str
    id_path: str | None
    jail: str
    jail_path: str
    country: str | None
    country_path: str | None
    network: NetworkLink | None
    banned_at: datetime
    ends_at: datetime | None
    by: str
    reason: str


class EmptyBans(Enum):
    """Why there are no rows, so that the page can say it and what to do."""

    NOTHING_KNOWN = "nothing known"
    """The daemon was away or starting ever since BanGUI started."""
    NO_JAIL = "no jail"
    UNKNOWN_JAIL = "unknown jail"
    WRONG_FIELD = "wrong field"
    UNKNOWN_ORIGINS = "unknown origins"
    """Nobody can say who asked for the bans, and that is asked for."""
    UNLISTED = "unlisted"
    """There are bans, but too many to list."""
    NO_MATCH = "no match"
    NO_FAILURE = "no failure"
    NO_BAN = "no ban"
    PAGE_GONE = "page gone"
    """Every ban of this page and the following ones has ended."""


@dataclass(frozen=True, slots=True)
class BansView:
    """Everything that the page shows of one search.

    `total` is how many bans there are by the daemon's own count, `matching` how many of them match; `first` and `last`
    are the numbers of the rows among these. `every` are the fields by which a form means all that match. `taken_at` is
    None while no number is known.
    """

    state: str
    now: datetime
    was_asked: bool
    taken_at: datetime | None
    daemon: DaemonState
    may_ban: bool
    query: BansQuery
    form: BansForm
    chips: tuple[Chip, ...]
    heads: tuple[Head, ...]
    rows: tuple[BansRow, ...]
    total: int
    matching: int
    first: int
    last: int
    every: tuple[tuple[str, str], ...]
    path: str
    first_path: str | None
    previous_path: str | None
    next_path: str | None
    clear_path: str
    new_path: str
    history_path: str
    every_jail_path: str
    unlisted: tuple[UnlistedJail, ...]
    empty: EmptyBans | None
    credits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BansPage:
    """The page at `/bans`."""

    template: ClassVar[str] = "bans.html"
    frame: Frame
    view: BansView


@dataclass(frozen=True, slots=True)
class BansRegions:
    """The parts of that page that change while it is open."""

    template: ClassVar[str] = "bans_regions.html"
    view: BansView
