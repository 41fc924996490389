"""What the template of the map gets; see `contexts.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from bangui.domain.history_queries import Metric
from bangui.web.contexts import Frame, Remark


@dataclass(frozen=True, slots=True)
class MapChoice:
    """One of the values of a switch, and the same map with it."""

    text: str
    path: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class MapShape:
    """A country on the map: `level` 0 has nothing to count. `dot` is where one is drawn for a country too small."""

    code: str
    outline: str
    dot: tuple[int, int] | None
    level: int
    count: int
    path: str | None
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class MapClass:
    """A class of the legend: from `low` to `high`; None where there is no end."""

    level: int
    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class MapRow:
    """A country in the table: how often, and which part of all that is, from 0 to 1."""

    code: str
    level: int
    count: int
    share: float
    path: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Leader:
    """An address or a subnet of the chosen country; `id` may be hostile."""

    id: str
    path: str | None
    count: int


@dataclass(frozen=True, slots=True)
class ChosenCountry:
    """The country that everything else is about: its numbers, who stands out in it, and where its events are."""

    code: str
    count: int
    share: float
    addresses: tuple[Leader, ...]
    subnets: tuple[Leader, ...]
    history_path: str
    bans_path: str | None
    clear_path: str


@dataclass(frozen=True, slots=True)
class MapView:
    """Everything that the map shows. `unknown` counts what has no known country.

    `trouble` is set where the history cannot be read, `is_kept` is False where none is kept.
    """

    now: datetime
    metric: Metric
    ranges: tuple[MapChoice, ...]
    metrics: tuple[MapChoice, ...]
    width: int
    height: int
    shapes: tuple[MapShape, ...]
    classes: tuple[MapClass, ...]
    rows: tuple[MapRow, ...]
    unknown: int
    total: int
    total_path: str
    chosen: ChosenCountry | None
    is_kept: bool
    trouble: Remark | None
    remarks: tuple[Remark, ...]
    credits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MapPage:
    """The page at `/map`."""

    template: ClassVar[str] = "map.html"
    frame: Frame
    view: MapView
