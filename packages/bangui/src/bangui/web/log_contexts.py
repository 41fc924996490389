"""What the templates of the log get."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bangui.domain.watched_logs import WatchedLog
from bangui.web.contexts import Frame
from bangui.web.log_query import LogQuery


@dataclass(frozen=True, slots=True)
class LogRow:
    """A line, split around the address that it is marked for; `mark` and `label` say why it is marked."""

    mark: str | None
    label: str
    before: str
    address: str
    path: str | None
    after: str
    is_cut: bool


@dataclass(frozen=True, slots=True)
class LogRows:
    """Lines in order, the newest last."""

    rows: tuple[LogRow, ...]
    has_gap: bool
    is_anew: bool


@dataclass(frozen=True, slots=True)
class LogView:
    """A log with its newest lines.

    `log` is None where there is none, or none with that key. `lines` is None where it cannot be read, and `problem` and
    `hint` say why. `stream_path` follows it from here on; `clear_path` is the same log without a filter. `read` lines
    were looked at.
    """

    logs: tuple[WatchedLog, ...]
    log: WatchedLog | None
    query: LogQuery
    levels: tuple[str, ...]
    lines: LogRows | None
    read: int
    path: str
    clear_path: str
    stream_path: str | None
    problem: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class LogPage:
    """The page of a log."""

    template: ClassVar[str] = "log.html"
    frame: Frame
    view: LogView


@dataclass(frozen=True, slots=True)
class NewLogLines:
    """Lines for a page that is open already."""

    template: ClassVar[str] = "log_lines.html"
    lines: LogRows
