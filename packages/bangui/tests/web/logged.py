"""Logs in files of a test, named by a daemon that does not exist."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bangui.adapters.file_tail import FileTail
from bangui.adapters.watched_logs import away
from bangui.domain.watched_logs import LogTail, WatchedLog


class FileLogs:
    """The logs at these paths, by the names of their jails; that of no jail is fail2ban's own."""

    def __init__(self, paths: Mapping[str, Path]) -> None:
        self.paths = dict(paths)

    async def list(self) -> tuple[WatchedLog, ...]:
        """Return which logs there are now."""
        return tuple(
            WatchedLog(jail or "own", str(path), (jail,) if jail else (), not jail, True)
            for jail, path in self.paths.items()
        )

    def open(self, log: WatchedLog, place: str | None = None) -> LogTail:
        """Open a log as the real ones are opened."""
        try:
            return FileTail(log.name, place)
        except OSError as error:
            raise away(log.name, error) from error
