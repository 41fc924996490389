"""What the templates of the time chart get. Places are in hundredths of the chart, from its left and its top."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from bangui.domain.history_queries import Metric


@dataclass(frozen=True, slots=True)
class Choice:
    """Another chart that one click shows."""

    key: str
    path: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """What one jail counted in one step; `tone` is None for all the jails that have no colour of their own here."""

    tone: int | None
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Part:
    """A jail with its number; `jail` is None for the sum of all others."""

    jail: str | None
    value: int


@dataclass(frozen=True, slots=True)
class Column:
    """One step: its place, its numbers, and where its events are."""

    start: datetime
    words: str
    total: int
    left: float
    width: float
    segments: tuple[Segment, ...]
    parts: tuple[Part, ...]
    path: str | None


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A jail of the chart: its colour, its number, and where its events are."""

    key: str
    jail: str | None
    tone: int | None
    total: int
    path: str | None


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis; `moment` is set where a viewer's zone gives it another name."""

    at: float
    text: str
    moment: datetime | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """The chart as it is drawn. `since` and `until` (aware, UTC) are its edges, `step` the seconds of a column."""

    since: datetime
    until: datetime
    step: int
    step_words: str
    total: int
    path: str
    columns: tuple[Column, ...]
    legend: tuple[LegendEntry, ...]
    rows: tuple[Tick, ...]
    times: tuple[Tick, ...]
    recorded_since: datetime | None


@dataclass(frozen=True, slots=True)
class TimeChartView:
    """The section of the chart. `drawing` is None where the history could not be asked, and `problem` says why.

    `path` leads to the page with this chart, `source` to the chart alone. `refresh` is after how many seconds a fresh
    one may differ; 0 where it never will.
    """

    now: datetime
    metric: Metric
    path: str
    source: str
    ranges: tuple[Choice, ...]
    metrics: tuple[Choice, ...]
    wider_path: str | None
    refresh: int
    drawing: Drawing | None
    problem: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ChartRegion:
    """The chart alone, for a page that is open already."""

    template: ClassVar[str] = "time_chart_region.html"
    chart: TimeChartView
