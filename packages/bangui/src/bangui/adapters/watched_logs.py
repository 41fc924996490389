"""The logs that the daemon itself names, and nothing else on this machine.

Which files there are is asked of the daemon at each request (`get logtarget`, `get JAIL logpath`); an address names one
of them by a key that is made of its path, and never by the path. So whoever can reach the page cannot choose a file,
and a jail that was stopped takes its file away with it. How files are opened is in `safe_open`. What goes to the
journal of systemd is read there, by the match that the daemon names.

A log file of another service may hold secrets of that service (tokens in URLs, passwords typed as user names), and it
is read with the rights that BanGUI has, which may be root's. That is why the page needs more than looking at bans does.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence

from aiofail2ban import Fail2BanCommandError, Fail2BanError, ServerCommands
from bangui.adapters.file_tail import FileTail
from bangui.adapters.journal_tail import OWN_MATCHES, JournalTail, arguments_of
from bangui.adapters.safe_open import NotARegularFile, StrangeLink
from bangui.adapters.translation import translated
from bangui.domain.phrases import phrase
from bangui.domain.watched_logs import LogAway, LogPart, LogTail, WatchedLog, log_key

# What the daemon writes to instead of a file, in capitals or not.
_NO_FILES = frozenset({"STDOUT", "STDERR", "SYSOUT", "SYSLOG", "SYSTEMD-JOURNAL"})
# A jail with a pattern for its logs may watch a file for each customer.
_MOST_LOGS = 500


class DaemonLogs:
    """The logs of the daemon behind these commands; `jails` returns the names of its jails."""

    def __init__(self, commands: ServerCommands, jails: Callable[[], Sequence[str]]) -> None:
        self._commands = commands
        self._jails = jails

    async def list(self) -> tuple[WatchedLog, ...]:
        """Return which logs there are now."""
        try:
            own = await self._commands.get_logtarget()
            watched: dict[str, list[str]] = {}
            journals: dict[tuple[str, ...], list[str]] = {}
            for jail in self._jails():
                for path in (paths := await self._paths(jail)):
                    watched.setdefault(path, []).append(jail)
                if not paths and (matches := await self._matches(jail)) is not None:
                    journals.setdefault(matches, []).append(jail)
        except Fail2BanError as error:
            raise translated(error, None) from error
        logs = [] if own is None else [_own(own, tuple(watched.pop(own, ())))]
        logs += [WatchedLog(log_key(path), path, tuple(jails), False, True) for path, jails in sorted(watched.items())]
        logs += [_of_journal(matches, jails) for matches, jails in sorted(journals.items())]
        return tuple(logs[:_MOST_LOGS])

    async def _paths(self, jail: str) -> tuple[str, ...]:
        try:
            return await self._commands.jail(jail).get_logpath()
        except (Fail2BanCommandError, ValueError):
            return ()  # it reads the journal, or was stopped a moment ago

    async def _matches(self, jail: str) -> tuple[str, ...] | None:
        try:
            return arguments_of(await self._commands.jail(jail).get_journalmatch())
        except (Fail2BanCommandError, ValueError):
            return None

    def open(self, log: WatchedLog, place: str | None = None) -> LogTail:
        """Open a log that was just listed."""
        if not log.is_file:
            return JournalTail(log.matches, place)
        try:
            return _WatchedTail(log.name, FileTail(log.name, place))
        except (OSError, ValueError) as error:
            raise away(log.name, error) from error


class _WatchedTail:
    """A tail whose troubles are told as everybody's are."""

    def __init__(self, path: str, tail: FileTail) -> None:
        self._path = path
        self._tail = tail

    def read(self) -> LogPart:
        try:
            return self._tail.read()
        except OSError as error:
            raise away(self._path, error) from error

    def close(self) -> None:
        self._tail.close()


def _own(target: str, jails: tuple[str, ...]) -> WatchedLog:
    is_file = target.upper() not in _NO_FILES
    return WatchedLog(log_key(target), target, jails, True, is_file, () if is_file else OWN_MATCHES)


def _of_journal(matches: tuple[str, ...], jails: list[str]) -> WatchedLog:
    name = " ".join(matches)
    return WatchedLog(log_key(f"journal {name}"), name, tuple(jails), False, False, matches)


def away(path: str, error: OSError | ValueError) -> LogAway:
    """Return why a file cannot be shown, and what to do about it."""
    if isinstance(error, StrangeLink):
        return LogAway(
            phrase("{path} is not opened: a link on the way to it belongs neither to root nor to BanGUI", path=path),
            phrase("whoever owns that link could make BanGUI show any file; let root own it"),
        )
    if isinstance(error, NotARegularFile | ValueError):
        return LogAway(phrase("{path} is no regular file", path=path), phrase("only such files are shown here"))
    if isinstance(error, PermissionError):
        return LogAway(
            phrase("BanGUI may not read {path}", path=path),
            phrase("run BanGUI as root, or put its user into the group that owns the file (often adm)"),
        )
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return LogAway(
            phrase("fail2ban says {path}, and there is no such file here", path=path),
            phrase("was it rotated away, or does fail2ban run in a container? Share that folder"),
        )
    return LogAway(phrase("{path} cannot be read: {reason}", path=path, reason=error.strerror or "unknown error"))
