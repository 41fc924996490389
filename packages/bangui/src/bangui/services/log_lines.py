"""Use case: read the logs that fail2ban writes and reads, filtered, with the lines marked that matter to it.

A line of fail2ban's own log is marked by what fail2ban says in it. A line of any other log is marked where an address
stands in it that is banned now. The regular expressions of the jails are not tried on it: an attacker writes these
lines, and some expressions take minutes for a line that was made for them.

Everything here is bounded: the lines of a part, their length, the candidates that are looked at in a line.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from enum import Enum

from bangui.domain.phrases import phrase
from bangui.domain.snapshot import Snapshot
from bangui.domain.watched_logs import LogAway, LogPart, LogTail, WatchedLog, WatchedLogs
from bangui.services.threads import in_thread

LEVELS = ("DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL")
"""From the least to the most that fail2ban's own log says."""

# "2026-11-23 09:35:14,459 fail2ban.actions [7471]: NOTICE  [sshd] Ban 203.0.113.1", in a file as in syslog. At the
# beginning of a line, since the rest of it may be what an attacker has typed.
_OWN = re.compile(
    r"[^\]]{0,120}\]: (?P<level>[A-Z]{4,8}) +"
    r"(?:\[[^\]]{1,200}\] (?P<said>Restore Ban|Ban|Unban|Found) (?P<id>[^ ]{1,64}))?"
)
_SAID = {"Ban": "ban", "Restore Ban": "ban", "Unban": "unban", "Found": "found"}
_CANDIDATE = re.compile(r"[0-9A-Fa-f.:]{2,45}")
_MOST_CANDIDATES = 40
_POLL_SECONDS = 0.7
# The daemon is asked again whether it still watches the file, while somebody follows it.
_CHECKS_EVERY = 30


class Mark(Enum):
    """Why a line matters."""

    FOUND = "found"
    BAN = "ban"
    UNBAN = "unban"
    BANNED = "banned"
    """An address stands in it that is banned now."""


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Which lines are shown: those that hold the text, in any case; of fail2ban's own, from a level on."""

    text: str = ""
    level: str = ""
    is_marked_only: bool = False


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A line; `address` is the one that it is marked for, as it is written there, and `id` what fail2ban calls it."""

    text: str
    is_cut: bool
    place: str
    mark: Mark | None = None
    address: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class MarkedPart:
    """Lines that passed the filter, out of `read` ones; the other fields are those of `LogPart`."""

    lines: tuple[MarkedLine, ...]
    read: int
    place: str
    has_gap: bool
    is_anew: bool


def gone() -> LogAway:
    """Return what is said of a log that the daemon no longer names."""
    return LogAway(phrase("fail2ban does not watch this file any more"), phrase("choose another one"))


class LogLines:
    """The logs of a host; `snapshot` returns its newest live state."""

    def __init__(self, logs: WatchedLogs, snapshot: Callable[[], Snapshot], *, pause: float = _POLL_SECONDS) -> None:
        self._logs = logs
        self._snapshot = snapshot
        self._pause = pause
        self._banned: tuple[int, frozenset[str]] = (-1, frozenset())

    async def list(self) -> tuple[WatchedLog, ...]:
        """Return which logs there are now; raises `DaemonAway`."""
        return await self._logs.list()

    async def newest(self, log: WatchedLog, filter: LineFilter) -> MarkedPart:
        """Return the newest lines of a log that was just listed; raises `LogAway`."""

        def read() -> LogPart:
            tail = self._logs.open(log)
            try:
                return tail.read()
            finally:
                tail.close()

        return self._marked(log, await in_thread(read), filter)

    async def follow(self, key: str, place: str | None, filter: LineFilter) -> AsyncGenerator[MarkedPart, None]:
        """Yield what is new in a log, from a place on, until it is no longer watched; raises `LogAway`.

        A part without lines is yielded as well, so that its reader can tell the other end that all is well.
        """
        log = await self._find(key)
        tail = await in_thread(lambda: self._logs.open(log, place))
        try:
            async with aclosing(self._parts(log, tail, filter)) as parts:
                async for part in parts:
                    yield part
        finally:
            await in_thread(tail.close)

    async def _parts(self, log: WatchedLog, tail: LogTail, filter: LineFilter) -> AsyncGenerator[MarkedPart, None]:
        looks = 0
        while True:
            yield self._marked(log, await in_thread(tail.read), filter)
            await asyncio.sleep(self._pause)
            looks += 1
            if looks % _CHECKS_EVERY == 0:
                await self._find(log.key)

    async def _find(self, key: str) -> WatchedLog:
        for log in await self._logs.list():
            if log.key == key:
                return log
        raise gone()

    def _marked(self, log: WatchedLog, part: LogPart, filter: LineFilter) -> MarkedPart:
        banned = self._banned_now()
        wanted, least = filter.text.casefold(), LEVELS.index(filter.level) if filter.level in LEVELS else 0
        lines: list[MarkedLine] = []
        for line in part.lines:
            mark: Mark | None
            if wanted and wanted not in line.text.casefold():
                continue
            own = _OWN.match(line.text) if log.is_own else None
            if own is not None and own["level"] in LEVELS and LEVELS.index(own["level"]) < least:
                continue
            if own is not None and own["said"]:
                mark, address, id = Mark(_SAID[own["said"]]), own["id"], own["id"]
            else:
                address, id = _banned_in(line.text, banned)
                mark = None if id is None else Mark.BANNED
            if mark is not None or not filter.is_marked_only:
                lines.append(MarkedLine(line.text, line.is_cut, line.place, mark, address, id))
        return MarkedPart(tuple(lines), len(part.lines), part.place, part.has_gap, part.is_anew)

    def _banned_now(self) -> frozenset[str]:
        """Return the ids that are banned in any jail; put together once for each state."""
        snapshot = self._snapshot()
        if snapshot.revision != self._banned[0]:
            self._banned = snapshot.revision, frozenset(ban.id for jail in snapshot.bans for ban in jail.bans)
        return self._banned[1]


def _banned_in(text: str, banned: frozenset[str]) -> tuple[str | None, str | None]:
    """Return the first address in a line that is banned, as it is written there, and the id of its ban."""
    if not banned:
        return None, None
    for number, found in enumerate(_CANDIDATE.finditer(text)):
        if number >= _MOST_CANDIDATES:
            break
        candidate = _address_of(found[0])
        id = candidate if candidate in banned else _canonical(candidate)
        if id in banned:
            return candidate, id
    return None, None


def _address_of(written: str) -> str:
    """Return what of a run of such characters may be an address: without a port, and what ends a sentence."""
    written = written.strip(".")
    head = written.partition(":")[0]
    if "." in head:
        return head
    return written if written.endswith("::") else written.removesuffix(":")


def _canonical(text: str) -> str:
    """Return an IPv6 address in its usual form; anything else as it is."""
    if text.count(":") < 2:
        return text
    try:
        return str(ipaddress.IPv6Address(text))
    except ValueError:
        return text
