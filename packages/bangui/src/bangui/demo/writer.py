"""Writes the lines into the log files, and keeps the files small the way logrotate does."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bangui.demo.logs import Line, Log, render

# Two files a log at most: eight logs then hold some 8 MB, about half a day.
LARGEST_LOG = 512 * 1024


class LogWriter:
    """The log files in one folder; all of them exist from the beginning, as fail2ban wants it."""

    def __init__(self, folder: Path, *, largest: int = LARGEST_LOG) -> None:
        self._folder = folder
        self._largest = largest
        folder.mkdir(mode=0o700)
        for log in Log:
            self.path(log).touch()

    def path(self, log: Log) -> Path:
        """Where a log is."""
        return self._folder / log.value

    def write(self, line: Line, moment: datetime) -> None:
        """Append a line, written at `moment`."""
        path = self.path(line.log)
        rotate(path, self._largest)
        with path.open("a", encoding="utf-8", newline="\n") as log:
            log.write(render(line, moment))


def rotate(path: Path, largest: int) -> bool:
    """Put a file that has grown too large aside, in the place of the one that was put aside before it."""
    if path.stat().st_size < largest:
        return False
    path.replace(path.with_name(f"{path.name}.1"))
    path.touch(mode=0o600)
    return True
