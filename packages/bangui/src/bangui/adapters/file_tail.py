"""The end of a log file, followed while it grows, is rotated, or is emptied.

Never more is read than the newest `WINDOW` bytes: whoever looks at a log of gigabytes sees its end, and one that grows
faster than it is read is skipped ahead. Only whole lines are given out. A file that was renamed is read to its end
before the new one under its name is opened, so that no line is lost between two looks; the same holds for a reader who
comes back with a place in it, as long as it still lies under the old name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from bangui.adapters.safe_open import open_regular
from bangui.domain.watched_logs import LogLine, LogPart

WINDOW = 256 * 1024
MOST_LINES = 2_000
LONGEST_LINE = 4_096
"""Bytes of a line that are shown; the rest is cut off."""

_PLACE = re.compile(r"([0-9a-f]{1,16})\.([0-9a-f]{1,16})\.([0-9a-f]{1,16})")


class FileTail:
    """One file; raises `OSError` where it cannot be opened or read. `place` is where a reader stood in it."""

    def __init__(self, path: str, place: str | None = None, *, opened: Callable[[str], int] = open_regular) -> None:
        self._path = path
        self._open = opened
        self._descriptor = opened(path)
        self._is_anew = False
        known = _PLACE.fullmatch(place or "")
        if known is None:
            # The first read skips ahead to the newest lines.
            self._offset, self._has_gap = 0, False
        else:
            device, inode, offset = (int(number, 16) for number in known.groups())
            is_same = (device, inode) == self._identity and offset <= self._size
            self._offset, self._has_gap, self._is_anew = (offset if is_same else 0), False, not is_same

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def read(self) -> LogPart:
        """Return the lines that were written since the last call."""
        if self._size < self._offset:
            self._offset, self._is_anew = 0, True
        lines = self._read_lines()
        if not lines and self._is_replaced():
            self._take_new()
            lines = self._read_lines()
        part = LogPart(tuple(lines), self._place, self._has_gap, self._is_anew)
        self._has_gap = self._is_anew = False
        return part

    @property
    def _identity(self) -> tuple[int, int]:
        found = os.fstat(self._descriptor)
        return found.st_dev, found.st_ino

    @property
    def _size(self) -> int:
        return os.fstat(self._descriptor).st_size

    @property
    def _place(self) -> str:
        device, inode = self._identity
        return f"{device:x}.{inode:x}.{self._offset:x}"

    def _is_replaced(self) -> bool:
        try:
            found = Path(self._path).stat()
        except OSError:
            return False  # between the two steps of a rotation; or for good, and then there is nothing new
        return (found.st_dev, found.st_ino) != self._identity

    def _take_new(self) -> None:
        fresh = self._open(self._path)
        os.close(self._descriptor)
        self._descriptor = fresh
        self._offset, self._is_anew = 0, True

    def _read_lines(self) -> list[LogLine]:
        behind = self._size - self._offset
        is_ahead = behind > WINDOW
        if is_ahead:
            self._offset += behind - WINDOW
            self._has_gap = True
        data = os.pread(self._descriptor, WINDOW, self._offset)
        if is_ahead:
            # It begins somewhere within a line.
            begun = data.find(b"\n") + 1
            self._offset += begun
            data = data[begun:]
        whole = data.rfind(b"\n") + 1
        if not whole and len(data) == WINDOW:
            whole = len(data)  # one line that never ends; it is shown cut, and in pieces
        return self._lines_of(data[:whole])

    def _lines_of(self, data: bytes) -> list[LogLine]:
        lines, device_inode = [], self._place.rpartition(".")[0]
        raw = data.split(b"\n")
        if raw and not raw[-1]:
            raw.pop()
        start = self._offset
        for line in raw:
            start += len(line) + 1
            text = line[:LONGEST_LINE].removesuffix(b"\r").decode("utf-8", "backslashreplace")
            lines.append(LogLine(text, len(line) > LONGEST_LINE, f"{device_inode}.{start:x}"))
        self._offset += len(data)
        if len(lines) > MOST_LINES:
            self._has_gap = True
        return lines[-MOST_LINES:]
