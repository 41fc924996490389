"""Which of a log's files is being read, and which comes next.

Invariants:

    A file is left only when it has been read to its end after something was seen in the one that follows: a daemon goes
    on writing to a renamed file until it is told to open a new one, and the new one is there, and empty, before that.
    A file that was truncated was copied before: the rest of it is read from the copy.
    Where the file that was being read cannot be found any more, reading goes on with all that was written since.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from bangui.adapters.f2b_log.files import DAMAGES, LogFile, NotALog, find_files
from bangui.adapters.f2b_log.place import Place
from bangui.adapters.f2b_log.reader import LineReader

_log = logging.getLogger("bangui.f2b_log")


class _Nothing:
    """What remains of a file that is damaged."""

    def read(self, _size: int, /) -> bytes:
        return b""


class Trail:
    """The way through the files of one log."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: LogFile | None = None
        self._lines = LineReader(_Nothing())
        self._place: Place | None = None
        self._older_bytes = self._newer_bytes = 0
        self._passed_over: set[Path] = set()

    def close(self) -> None:
        """Close the file that is open."""
        if self._file is not None:
            self._file.close()
        self._file = None

    def start(self, place: Place | None, last_time: int | None) -> bool:
        """Go to a place, the beginning where it is None; False where its file is not there any more.

        `last_time` is when the last line was written that was read. Raises `FileNotFoundError` where there is no log.
        """
        self.close()
        files = find_files(self._path)
        found = None if place is None else self._find(files, place)
        if found is not None and place is not None:
            is_whole = found.is_packed or place.offset <= found.size
            # A copy without its last lines was made before they were read; the file itself must have lost its end, and
            # what was written since may be anywhere in it.
            is_cut = not is_whole and found.identity == (place.device, place.inode)
            self._enter(found, 0 if is_cut else place.offset if is_whole else found.size)
            return not is_cut
        since = None if place is None else last_time
        for file in _written_since(files, since) or files[-1:]:
            opened = self._open(file)
            if opened is not None:
                self._enter(opened, 0)
                return place is None
        self.check()
        raise FileNotFoundError(self._path)

    @property
    def is_changed(self) -> bool:
        """Whether the file that is open does not hold any more what was read of it."""
        file, place = self._file, self._place
        if file is None or place is None or file.is_packed:
            return False
        return file.size < self._lines.offset or not file.holds(place)

    def check(self) -> None:
        """Raise the `OSError` that says why the log at its path cannot be opened, if it cannot."""
        if self._file is None or _identity(self._path) != self._file.identity:
            LogFile(self._path).close()

    def next_line(self) -> bytes | None:
        """Return the next line of the file that is open; None where there is no whole one now."""
        try:
            return self._lines.next()
        except DAMAGES as problem:
            self._give_up(problem)
            return None

    def following(self) -> LogFile | None:
        """Return the file to go on with, open, when there is something in it; None where there is none."""
        file = self._file
        if file is None or _identity(self._path) == file.identity:
            return None
        files = find_files(self._path)
        for path in files[self._index(files, file) :]:
            opened = self._open(path)
            if opened is None:
                continue
            if opened.size and opened.identity != file.identity:
                return opened
            opened.close()
        return None

    def follow(self, file: LogFile) -> None:
        """Leave the file that is open and go on with this one."""
        self.close()
        self._enter(file, 0)

    @property
    def last_place(self) -> Place | None:
        """Where one stood when `place` was asked for last, with how far has been read since."""
        return None if self._place is None else replace(self._place, offset=self._lines.offset)

    @property
    def place(self) -> Place | None:
        """Where the first line begins that was not read."""
        if self._file is None:
            return None
        self._place = self._file.place(self._lines.offset)
        return self._place

    @property
    def progress(self) -> tuple[int, int]:
        """How many bytes of all files have been read, and how many there are, as they lie on the disk."""
        if self._file is None:
            return 0, 0
        done = self._older_bytes + self._file.position
        return done, max(done, self._older_bytes + self._file.size + self._newer_bytes)

    @property
    def written_at(self) -> int:
        """When something was last written to what is being read; milliseconds."""
        return 0 if self._file is None else self._file.written_at

    def _enter(self, file: LogFile, offset: int) -> None:
        self._file, self._lines = file, LineReader(file.stream, offset)
        try:
            file.skip(offset)
        except DAMAGES as problem:
            self._give_up(problem)
        self._place = file.place(offset)
        files = find_files(self._path)
        index = self._index(files, file)
        sizes = [_size(path) for path in files]
        self._newer_bytes = sum(sizes[index:])
        self._older_bytes = max(0, sum(sizes[:index]) - file.size)

    def _index(self, files: list[Path], file: LogFile) -> int:
        """Return where the files begin that are newer than this one."""
        for index, path in enumerate(files):
            if _identity(path) == file.identity:
                return index + 1
        place = self._place
        if place is not None:
            # Compressed meanwhile.
            for index in range(len(files) - 1, -1, -1):
                opened = self._open(files[index])
                if opened is not None:
                    with opened:
                        if opened.holds(place):
                            return index + 1
        older = [path for path in files if path not in _written_since(files, file.written_at)]
        return len(older)

    def _give_up(self, problem: Exception) -> None:
        """Take the file that is open for read: what is lost cannot be had, and what comes after is worth reading."""
        _log.warning("log_damaged", extra={"file": str(self._file and self._file.path), "problem": str(problem)})
        self._lines = LineReader(_Nothing(), self._lines.offset)

    def _find(self, files: list[Path], place: Place) -> LogFile | None:
        """Return the file that a place is in, open: the very same if there is one, else a copy."""
        copy: LogFile | None = None
        for path in reversed(files):
            opened = self._open(path)
            if opened is None:
                continue
            if opened.holds(place):
                if opened.identity == (place.device, place.inode):
                    if copy is not None:
                        copy.close()
                    return opened
                if copy is None:
                    copy = opened
                    continue
            opened.close()
        return copy

    def _open(self, path: Path) -> LogFile | None:
        """Open a file; None where it is none of a log's, went away or is not ours to read."""
        try:
            return LogFile(path)
        except FileNotFoundError:
            return None
        except (NotALog, PermissionError) as problem:
            if path not in self._passed_over:
                _log.warning("log_passed_over", extra={"file": str(path), "problem": str(problem)})
                self._passed_over.add(path)
            return None


def _written_since(files: list[Path], time: int | None) -> list[Path]:
    """Return the files from the first one on that was written to then or later."""
    if time is None:
        return files
    for index, path in enumerate(files):
        try:
            if path.stat().st_mtime_ns // 1_000_000 >= time:
                return files[index:]
        except OSError:
            continue
    return []


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
