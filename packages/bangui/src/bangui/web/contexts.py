"""What each template gets: one frozen type per template, and nothing else reaches a template.

Values stay values here (numbers, times, hostile text as it came); turning them into words is the templates' business,
with the filters of `rendering.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import ClassVar

from bangui.domain.daemon import DaemonState
from bangui.domain.jails import JailCounters
from bangui.web.chart_contexts import TimeChartView
from bangui.web.navigation import NavigationItem
from bangui.web.notices import Notice


class Theme(Enum):
    """How the page is coloured; SYSTEM follows the viewer's system."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Frame:
    """What the frame around every page needs, and what its forms do.

    `user` is the account that somebody is logged in with; None for a stranger. `form_token` is what every form carries.
    `has_session` is False where a proxy vouches for the account, so that there is nothing to log out of. `path` is
    where the reader is, to come back to.
    """

    version: str
    theme: Theme
    navigation: tuple[NavigationItem, ...] = ()
    user: str | None = None
    role: str = ""
    has_session: bool = False
    form_token: str = ""
    may_ban: bool = False
    may_configure: bool = False
    may_administer: bool = False
    notice: Notice | None = None
    themes: tuple[Theme, ...] = tuple(Theme)
    path: str = "/"


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums over all jails."""

    currently_banned: int
    total_banned: int
    currently_failed: int
    total_failed: int


@dataclass(frozen=True, slots=True)
class Tile:
    """One number at the head of the overview; None means that it is not known. `since` is when its counting began."""

    key: str
    label: str
    note: str
    value: int | None
    path: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class JailRow:
    """One jail of the table, with the address of its own page."""

    key: str
    counters: JailCounters
    path: str


@dataclass(frozen=True, slots=True)
class BanRow:
    """One ban of the table."""

    key: str
    id: str
    id_path: str | None
    jail: str
    jail_path: str
    banned_at: datetime
    ends_at: datetime | None


class EmptyReason(Enum):
    """Why a list of bans has no rows, so that the page can say it and what to do."""

    NOTHING_KNOWN = "nothing known"
    """The daemon was away or starting ever since BanGUI started."""
    NO_JAIL = "no jail"
    UNLISTED = "unlisted"
    """There are bans, but too many to list."""
    NO_FAILURE = "no failure"
    NO_BAN = "no ban"


@dataclass(frozen=True, slots=True)
class UnlistedJail:
    """A jail whose bans are counted but not listed."""

    jail: str
    total: int


@dataclass(frozen=True, slots=True)
class LatestBans:
    """The bans that began last; `path` leads to all of them."""

    rows: tuple[BanRow, ...]
    path: str
    unlisted: tuple[UnlistedJail, ...]
    empty: EmptyReason | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch of time in a chart: its place in hundredths of the chart, its number, and where its events are."""

    start: datetime
    value: int
    left: float
    top: float
    width: float
    height: float
    path: str | None = None


@dataclass(frozen=True, slots=True)
class RankedRow:
    """One row of a short list: hostile text, the address of what is behind it, and its bans."""

    key: str
    text: str
    path: str | None
    bans: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """A short list of who was banned most; `is_code` means that the texts are addresses."""

    key: str
    name: str
    rows: tuple[RankedRow, ...]
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about the record that its reader has to know, and what to do about it."""

    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class DayView:
    """The last 24 hours. `credits` name the sources of countries and networks, as their licences ask for."""

    taken_at: datetime | None
    rankings: tuple[Ranking, ...]
    remarks: tuple[Remark, ...]
    credits: tuple[str, ...]

    @property
    def has_bans(self) -> bool:
        """Whether anybody was banned at all."""
        return any(ranking.rows for ranking in self.rankings)


@dataclass(frozen=True, slots=True)
class OverviewView:
    """Everything that the overview shows of one snapshot.

    `state` names what is shown (`Last-Event-ID` of the live stream and ETag); `was_asked` is
    False until the daemon was asked for the first time, `taken_at` None until numbers were read. `day` is None where no
    history is kept.
    """

    state: str
    now: datetime
    was_asked: bool
    taken_at: datetime | None
    daemon: DaemonState
    totals: Totals
    tiles: tuple[Tile, ...]
    jails: tuple[JailRow, ...]
    day: DayView | None
    bans: LatestBans


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """The whole page at `/`."""

    template: ClassVar[str] = "overview.html"
    frame: Frame
    view: OverviewView
    chart: TimeChartView | None


@dataclass(frozen=True, slots=True)
class OverviewRegions:
    """The parts of the overview that change, for a page that is open already; its chart it keeps as it is."""

    template: ClassVar[str] = "overview_regions.html"
    view: OverviewView
    chart: TimeChartView | None = None


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """The page of any error."""

    template: ClassVar[str] = "error.html"
    frame: Frame
    status: int
    title: str
    text: str
    hint: str
