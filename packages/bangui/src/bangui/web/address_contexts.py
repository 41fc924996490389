"""What the templates of the dossier get; see `contexts.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import ClassVar

from markupsafe import Markup

from bangui.domain.history_queries import Count, JailCount
from bangui.services.ban_endings import Ending
from bangui.web.contexts import Bar, Frame, Remark


class CurrentState(Enum):
    """Whether an id is banned now, as far as that can be known."""

    BANNED = "banned"
    NOT_BANNED = "not banned"
    NOT_FOUND = "not found"
    """It is not among the bans that are listed, and some jails hold too many to list."""
    UNKNOWN = "unknown"
    """fail2ban has never told its bans to this BanGUI."""


@dataclass(frozen=True, slots=True)
class CurrentBan:
    """A ban in force: of the id itself, or of the network around it that `id` then names; `value` as forms name it."""

    jail: str
    id: str
    value: str
    id_path: str | None
    is_itself: bool
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class CurrentView:
    """Who is banned now. `as_of` is when fail2ban told it; `is_stale` means that it has not been heard since."""

    state: CurrentState
    bans: tuple[CurrentBan, ...]
    inside: int
    unlisted: tuple[str, ...]
    as_of: datetime | None
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the summary, or one time; `path` leads to the events that the number counts."""

    name: str
    number: int | None = None
    is_exact: bool = True
    at: datetime | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class DaysChart:
    """Bans by steps of `step` days. `first` is where the chart begins; not whole means that older bans are left out."""

    bars: tuple[Bar, ...]
    peak: int
    total: int
    step: int
    first: datetime
    is_whole: bool


@dataclass(frozen=True, slots=True)
class JailRow:
    """What one jail counted, with the address of its events."""

    counts: JailCount
    first: datetime | None
    last: datetime | None
    path: str


@dataclass(frozen=True, slots=True)
class BanEntry:
    """One ban. `id` is set where it is not the id of the page, `rule` only where it differs from the ban before.

    `lines` are the last matched lines, `lines_before` tells how many came before them.
    """

    key: str
    at: datetime | None
    id: str | None
    id_path: str | None
    jail: str
    jail_path: str
    duration: int | None
    nth: int | None
    failures: int | None
    ending: Ending
    ended_at: datetime | None
    by: str
    reason: str
    rule: str
    lines: tuple[Markup, ...]
    lines_before: int


@dataclass(frozen=True, slots=True)
class NeighbourRow:
    """Another id from the same network, with its counts."""

    id: str
    id_path: str | None
    bans: int
    failures: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What came from a network; `path` leads to its events. `name` may be hostile."""

    title: str
    name: str
    count: Count
    path: str
    rows: tuple[NeighbourRow, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """Where an address is: its country, and its network with its hostile name; each with its events."""

    country: str | None
    country_path: str | None
    network: int | None
    network_name: str | None
    network_path: str | None


@dataclass(frozen=True, slots=True)
class Around:
    """A network around the id that was banned itself."""

    id: str
    id_path: str | None
    bans: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class AddressView:
    """The dossier of one id. `what` says in words what kind of address it is, `hint` what could have been meant.

    `trouble` is set where the history cannot be read, `is_kept` is False where none is kept.
    """

    now: datetime
    id: str
    is_address: bool
    what: str
    hint: str
    hint_path: str | None
    current: CurrentView
    where: Where
    figures: tuple[Figure, ...]
    chart: DaysChart | None
    jails: tuple[JailRow, ...]
    bans: tuple[BanEntry, ...]
    more_path: str | None
    around: tuple[Around, ...]
    neighbours: tuple[Neighbours, ...]
    history_path: str
    is_unseen: bool
    is_kept: bool
    trouble: Remark | None
    remarks: tuple[Remark, ...]
    credits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddressPage:
    """The page at `/address`."""

    template: ClassVar[str] = "address.html"
    frame: Frame
    view: AddressView


@dataclass(frozen=True, slots=True)
class AddressAskPage:
    """The page at `/address` where no id was given: it asks for one."""

    template: ClassVar[str] = "address_ask.html"
    frame: Frame
