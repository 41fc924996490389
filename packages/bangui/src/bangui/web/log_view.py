"""Build what the page of a log shows: pure, no I/O."""

from __future__ import annotations

from collections.abc import Sequence

from bangui.domain.errors import BanGUIError
from bangui.domain.watched_logs import WatchedLog
from bangui.services.log_lines import LEVELS, Mark, MarkedLine, MarkedPart
from bangui.web.history_query import address_path
from bangui.web.language import gettext as _
from bangui.web.log_contexts import LogRow, LogRows, LogView
from bangui.web.log_query import STREAM_PATH, LogQuery, log_path
from bangui.web.words import sentence


def chosen_log(logs: Sequence[WatchedLog], query: LogQuery) -> WatchedLog | None:
    """Return the log that a query names; the first one where it names none."""
    if not query.file:
        return logs[0] if logs else None
    return next((log for log in logs if log.key == query.file), None)


def build_log(
    logs: tuple[WatchedLog, ...],
    log: WatchedLog | None,
    query: LogQuery,
    part: MarkedPart | None,
    trouble: BanGUIError | None = None,
) -> LogView:
    """Return the view of a log; `part` are its newest lines, `trouble` is why there are none."""
    file = log.key if log else query.file
    query = LogQuery(file, query.text, query.level, query.is_marked_only)
    return LogView(
        logs,
        log,
        query,
        LEVELS if log is not None and log.is_own else (),
        build_rows(part) if part else None,
        part.read if part else 0,
        log_path(query),
        log_path(LogQuery(file)),
        log_path(query, STREAM_PATH, since=part.place) if part else None,
        sentence(trouble.message) if trouble else "",
        sentence(trouble.hint) if trouble else "",
    )


def build_rows(part: MarkedPart) -> LogRows:
    """Return the lines of a part as they are shown."""
    labels = _labels()
    return LogRows(tuple(_row(line, labels) for line in part.lines), part.has_gap, part.is_anew)


def _labels() -> dict[Mark, str]:
    return {
        Mark.FOUND: _("failure"),
        Mark.BAN: _("ban"),
        Mark.UNBAN: _("unban"),
        Mark.BANNED: _("banned now"),
    }


def _row(line: MarkedLine, labels: dict[Mark, str]) -> LogRow:
    if line.mark is None or not line.address:
        return LogRow(None, "", line.text, "", None, "", line.is_cut)
    before, address, after = line.text.partition(line.address)
    path = address_path(line.id) if line.id else None
    return LogRow(line.mark.value, labels[line.mark], before, address, path, after, line.is_cut)
