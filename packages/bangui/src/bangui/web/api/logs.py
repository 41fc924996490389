"""The logs that fail2ban writes and reads: which there are, and their newest lines."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from bangui.domain.accounts import Scope
from bangui.domain.watched_logs import LogAway, WatchedLog
from bangui.services.log_lines import LineFilter, LogLines, Mark, MarkedLine
from bangui.web.api.operations import Call, Nothing, Operation
from bangui.web.api.problems import ApiError
from bangui.web.api.shapes import About
from bangui.web.site import Site

_TAG = "Logs"


class Level(Enum):
    """What a line of fail2ban's own log says of itself, from the least to the most."""

    DEBUG = "debug"
    INFO = "info"
    NOTICE = "notice"
    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Log:
    """A log that the daemon has named."""

    key: Annotated[str, About("Its name in paths.", "0c1d2e3f")]
    name: Annotated[str, About("The path of the file, or where else its lines go.", "/var/log/auth.log")]
    jails: Annotated[tuple[str, ...], About("The jails that read it.", ("sshd",))]
    is_own: Annotated[bool, About("Whether it is fail2ban's own.", example=False)]


@dataclass(frozen=True, slots=True)
class LogList:
    """The logs that there are, fail2ban's own first."""

    items: tuple[Log, ...]
    next: Annotated[str | None, About("Always null: logs are few.", None)] = None


@dataclass(frozen=True, slots=True)
class LogAsked:
    """Which lines of which log."""

    log: Annotated[str, About("The `key` of a log.", "0c1d2e3f", longest=200)]
    text: Annotated[str, About("Stands in the line, in any case.", "Failed", longest=300)] = ""
    level: Annotated[Level | None, About("From this level on; of fail2ban's own log.", "notice")] = None
    marked: Annotated[bool, About("Only lines that matter to fail2ban.", example=False)] = False


@dataclass(frozen=True, slots=True)
class LogLineValue:
    """One line."""

    text: Annotated[str, About("The line.", "Nov 25 16:30:00 web sshd[77]: Failed password for root from 203.0.113.7")]
    is_cut: Annotated[bool, About("Whether it was too long to be told as a whole.", example=False)]
    mark: Annotated[Mark | None, About("Why it matters.", "banned")]
    id: Annotated[str | None, About("Whom it is about.", "203.0.113.7")]


@dataclass(frozen=True, slots=True)
class LogLineList:
    """The newest lines of a log, the newest last."""

    items: tuple[LogLineValue, ...]
    next: Annotated[str | None, About("Always null: older lines are not told.", None)]
    read: Annotated[int, About("How many lines were looked at.", 500)]


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operations that read logs."""

    def logs() -> LogLines:
        if site.services.logs is None:
            raise ApiError("unavailable", "The logs of fail2ban are out of reach of this console.")
        return LogLines(site.services.logs, lambda: site.live.snapshot)

    async def listed(call: Call[Nothing, Nothing]) -> LogList:
        del call
        return LogList(tuple(map(_log, await logs().list())))

    async def lines(call: Call[LogAsked, Nothing]) -> LogLineList:
        asked, reader = call.asked, logs()
        level = "" if asked.level is None else asked.level.name
        found = [log for log in await reader.list() if log.key == asked.log]
        if not found:
            raise ApiError("not-found", "fail2ban does not watch this log.", "Take `key` of the list of logs.")
        try:
            part = await reader.newest(found[0], LineFilter(asked.text, level, asked.marked))
        except LogAway as away:
            raise ApiError("unavailable", away.message, away.hint) from None
        return LogLineList(tuple(map(_line, part.lines)), None, part.read)

    away, key = ("daemon-away",), "/logs/{log}"
    return (
        Operation("listLogs", "GET", "/logs", _TAG, "List the logs", Scope.CONFIGURE, listed, problems=away),
        Operation(
            "listLogLines",
            "GET",
            key,
            _TAG,
            "Tell the newest lines of a log",
            Scope.CONFIGURE,
            lines,
            problems=(*away, "not-found"),
        ),
    )


def _log(log: WatchedLog) -> Log:
    return Log(log.key, log.name, log.jails, log.is_own)


def _line(line: MarkedLine) -> LogLineValue:
    return LogLineValue(line.text, line.is_cut, line.mark, line.id)
