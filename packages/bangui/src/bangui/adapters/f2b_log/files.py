"""The files that a log consists of: the one that is written to, and those that rotation has made of it.

Names tell the order: logrotate's numbers (`fail2ban.log.2.gz` is older than `fail2ban.log.1`) or its dates
(`fail2ban.log-20261123.gz`, `fail2ban-20261123.log`), with or without a compression. Content tells which file is which,
because rotation renames, copies, compresses and truncates: a file is known again by the hash of its first bytes, which
no writer that appends changes, and among copies by its inode.

Only regular files are opened, only to read, and without waiting: whatever else lies there is none of a log's files.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import os
import re
import stat
import zlib
from pathlib import Path
from typing import Self

from bangui.adapters.f2b_log.place import Place

HEAD_BYTES = 1024
"""So many bytes make the hash. The first line, with its time in milliseconds, is shorter than a hundred."""
_SKIP_BYTES = 1024 * 1024
# logrotate keeps some ten; a folder full of files with such names must not hold up the reading.
_MOST_FILES = 1_000

# What the decompressors raise where a file was cut off or damaged; the first is also any trouble of the disk.
DAMAGES = (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile)

_ROTATED = re.compile(r"(?:\.(?P<number>[0-9]{1,6})|[-.](?P<date>[0-9]{4}-?[0-9]{2}-?[0-9]{2}(?:[-_.T]?[0-9]{1,10})?))")
_PACKED = (".gz", ".bz2", ".xz")


class NotALog(OSError):
    """What lies there is no regular file."""


class LogFile:
    """One open file; `stream` gives its text, uncompressed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # Opening a pipe would otherwise wait for somebody who writes to it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise NotALog(f"{path} is no regular file")
        except BaseException:
            os.close(descriptor)
            raise
        self.device, self.inode = found.st_dev, found.st_ino
        self.is_packed = _is_packed(path)
        self._raw = io.FileIO(descriptor, "rb")
        self.stream: io.FileIO | gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile = self._raw
        # What is known of the beginning stays known, also when somebody truncates the file.
        self._head = b""
        if self.is_packed:
            self._head = _first_bytes(self._raw, path.suffix)
            self.stream = _unpacked(self._raw, path.suffix)

    def close(self) -> None:
        """Close it."""
        self.stream.close()
        self._raw.close()

    @property
    def identity(self) -> tuple[int, int]:
        """What makes it the same file under another name."""
        return self.device, self.inode

    @property
    def size(self) -> int:
        """How large it is now, as it lies on the disk."""
        return os.fstat(self._raw.fileno()).st_size

    @property
    def written_at(self) -> int:
        """When it was last written to; milliseconds."""
        return os.fstat(self._raw.fileno()).st_mtime_ns // 1_000_000

    @property
    def position(self) -> int:
        """How far it has been read, as it lies on the disk."""
        return min(self._raw.tell(), self.size)

    def skip(self, offset: int) -> None:
        """Go on from this byte of the text."""
        if not self.is_packed:
            self._raw.seek(offset)
            return
        while offset > 0:
            passed = len(self.stream.read(min(offset, _SKIP_BYTES)) or b"")
            if not passed:
                return
            offset -= passed

    def head(self, size: int = HEAD_BYTES) -> bytes:
        """Return the first bytes of the text, at most `HEAD_BYTES`, as they are now."""
        return self._head[:size] if self.is_packed else os.pread(self._raw.fileno(), size, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def place(self, offset: int) -> Place:
        """Return where one stands in this file, so that it is found again."""
        head = self.head()
        if head.startswith(self._head):
            self._head = head
        return Place(self.device, self.inode, offset, len(self._head), digest(self._head))

    def holds(self, place: Place) -> bool:
        """Whether this is the file that a place is in, renamed, copied or compressed meanwhile."""
        if not place.head_bytes:
            return self.identity == (place.device, place.inode)
        head = self.head(place.head_bytes)
        return len(head) == place.head_bytes and digest(head) == place.head


def _first_bytes(raw: io.FileIO, suffix: str) -> bytes:
    """Return the beginning of a compressed file's text; nothing where it is damaged, which whoever reads it notices."""
    try:
        # Of its own, because a stream that has met a damage forgets it.
        with _unpacked(raw, suffix) as stream:
            return stream.read(HEAD_BYTES)
    except DAMAGES:
        return b""
    finally:
        raw.seek(0)


def _unpacked(raw: io.FileIO, suffix: str) -> gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile:
    match suffix:
        case ".gz":
            return gzip.GzipFile(fileobj=raw, mode="rb")
        case ".bz2":
            return bz2.BZ2File(raw)
        case _:
            return lzma.LZMAFile(raw)


def digest(head: bytes) -> str:
    """Return the hash of a file's first bytes."""
    return hashlib.sha256(head).hexdigest()[:32]


def find_files(path: Path) -> list[Path]:
    """Return the files of a log that are there, the oldest first and `path` itself, if it is there, last."""
    try:
        # A link to the log lies elsewhere than what rotation makes of the log.
        real = path.resolve()
    except (OSError, RuntimeError):
        real = path
    numbered: dict[int, Path] = {}
    dated: dict[str, Path] = {}
    for place in dict.fromkeys((real, path)):
        for file, number, date in _rotated(place):
            # While a file is being compressed both are there, and the compressed one is not whole yet.
            if number is not None and (number not in numbered or not _is_packed(file)):
                numbered[number] = file
            if date is not None and (date not in dated or not _is_packed(file)):
                dated[date] = file
    by_number = [numbered[number] for number in sorted(numbered, reverse=True)]
    by_date = [dated[date] for date in sorted(dated)]
    # Whoever changed from one kind of names to the other: the files of the kind that was used last are the newer ones.
    older, newer = sorted((by_number, by_date), key=lambda files: _written_at(files[-1]) if files else 0)
    return [*older, *newer, *([path] if path.exists() else [])]


def _rotated(path: Path) -> list[tuple[Path, int | None, str | None]]:
    found: list[tuple[Path, int | None, str | None]] = []
    with os.scandir(path.parent) as entries:
        for entry in entries:
            match = _rotation(path, entry.name) if len(found) < _MOST_FILES else None
            if match is not None:
                number = match["number"]
                found.append((path.parent / entry.name, None if number is None else int(number), match["date"]))
    return found


def _rotation(path: Path, name: str) -> re.Match[str] | None:
    """Return what rotation has added to a log's name, at its end or (`extension .log`) before its suffix."""
    if not name.startswith(path.stem):
        return None
    plain = name.removesuffix(Path(name).suffix) if _is_packed(Path(name)) else name
    if plain.startswith(path.name):
        return _ROTATED.fullmatch(plain, len(path.name))
    if path.suffix and plain.endswith(path.suffix):
        return _ROTATED.fullmatch(plain, len(path.stem), len(plain) - len(path.suffix))
    return None


def _is_packed(path: Path) -> bool:
    return path.suffix in _PACKED


def _written_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
