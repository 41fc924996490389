"""What the templates of the jails get. Values stay values; names, paths and expressions come as they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from bangui.domain.jail_details import ActionDetails, JailDetails
from bangui.domain.jails import JailCounters
from bangui.domain.reloading import ReloadPlan
from bangui.web.contexts import Bar, Frame


@dataclass(frozen=True, slots=True)
class Spark:
    """The failures of the last 24 hours by the hour, with their sums."""

    bars: tuple[Bar, ...]
    failures: int
    bans: int


@dataclass(frozen=True, slots=True)
class JailListRow:
    """One jail of the list. `rule` is None where it could not be read, `spark` where no history is kept."""

    key: str
    counters: JailCounters
    path: str
    bans_path: str
    failing_path: str
    rule: str | None
    paused_at: datetime | None
    tone: int
    spark: Spark | None


@dataclass(frozen=True, slots=True)
class JailsView:
    """All jails. `taken_at` is when their numbers were read, None before the first time.

    `is_open` says whether its reader may reload the configuration.
    """

    now: datetime
    taken_at: datetime | None
    rows: tuple[JailListRow, ...]
    is_open: bool = False
    problem: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class JailsPage:
    """The whole page at `/jails`."""

    template: ClassVar[str] = "jails.html"
    frame: Frame
    view: JailsView


@dataclass(frozen=True, slots=True)
class RangeChoice:
    """Another length of time for the charts."""

    text: str
    path: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class JailChart:
    """Bans or failures of one jail over time; `peak` is the number at the top."""

    key: str
    name: str
    total: int
    path: str
    peak: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One line of the table that says the same as the charts."""

    start: datetime
    failures: int
    bans: int


@dataclass(frozen=True, slots=True)
class FailingRow:
    """Who has failures that count now."""

    id: str
    path: str | None
    failures: int


@dataclass(frozen=True, slots=True)
class JailPast:
    """What the history says of a jail. Where it could not be asked, `problem` is set and nothing else is there.

    `is_daily` says that a bar is a day at least.
    """

    ranges: tuple[RangeChoice, ...] = ()
    charts: tuple[JailChart, ...] = ()
    first: datetime | None = None
    is_daily: bool = False
    rows: tuple[ChartRow, ...] = ()
    failing: tuple[FailingRow, ...] = ()
    problem: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SettingChoice:
    """A value to choose: how the form sends it, and its word."""

    value: str
    word: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting: its meaning, its value in words, and what its form needs.

    `typed` stands in the field: what it is, or what somebody has tried. `problem` says why that cannot be.
    """

    name: str
    key: str
    meaning: str
    words: str
    is_list: bool
    is_changeable: bool
    typed: str
    example: str
    choices: tuple[SettingChoice, ...] = ()
    problem: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SettingSection:
    """Settings that belong together."""

    key: str
    name: str
    rows: tuple[SettingRow, ...]


@dataclass(frozen=True, slots=True)
class WatchedFile:
    """A log file that a jail reads, and where its lines can be followed by those who may; else `log_path` is empty."""

    path: str
    log_path: str


@dataclass(frozen=True, slots=True)
class JailView:
    """One jail. `actions` have no commands where their reader may not see them; `past` is None without a history."""

    now: datetime
    details: JailDetails
    rule: str
    paused_at: datetime | None
    tone: int
    bans_path: str
    history_path: str
    failures_path: str
    allow_path: str
    files: tuple[WatchedFile, ...]
    past: JailPast | None
    sections: tuple[SettingSection, ...]
    actions: tuple[ActionDetails, ...]
    is_open: bool
    pause_path: str
    stop_path: str


@dataclass(frozen=True, slots=True)
class JailPage:
    """The whole page at `/jail`."""

    template: ClassVar[str] = "jail.html"
    frame: Frame
    view: JailView


@dataclass(frozen=True, slots=True)
class JailQuestion:
    """What is to be confirmed: `deed` is `pause` or `stop`, `bans` how many bans are in force."""

    deed: str
    jail: str
    back_path: str
    action: str
    bans: int


@dataclass(frozen=True, slots=True)
class JailQuestionPage:
    """The page that asks before protection is taken away."""

    template: ClassVar[str] = "jail_question.html"
    frame: Frame
    view: JailQuestion


@dataclass(frozen=True, slots=True)
class ReloadView:
    """What a reload would do; `plan` is None where it would fail, and `problem` says why.

    `details` are lines of the daemon or of its reader of the configuration, as they came.
    """

    plan: ReloadPlan | None
    problem: str = ""
    hint: str = ""
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReloadPage:
    """The page that shows what a reload would do, and asks."""

    template: ClassVar[str] = "jails_reload.html"
    frame: Frame
    view: ReloadView
