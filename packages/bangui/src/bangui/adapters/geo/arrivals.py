"""Files that arrive to become data: copied, unpacked, and known by what is in them.

A file may be a pipe, and somebody may write into it while it is read: it is read once, and what is checked and used
later is the copy.
"""

from __future__ import annotations

import os
import zlib
from datetime import UTC, datetime
from enum import Enum
from gzip import BadGzipFile, GzipFile
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, NamedTuple

from bangui.adapters.geo.errors import NOTHING_CHANGED, BrokenGeoData
from bangui.adapters.geo.packed_format import MAGIC

# More than any table of countries or networks has; those of cities are near half of it.
LARGEST_FILE = 512 * 1024 * 1024
_CHUNK = 1024 * 1024
_GZIP = b"\x1f\x8b"
_MMDB_MARK = b"\xab\xcd\xefMaxMind.com"
# The format has its mark within the last 128 KiB.
_MMDB_END = 128 * 1024


class Kind(Enum):
    """What a file is."""

    TABLE = "packed table"
    MMDB = ".mmdb"
    ROWS = "rows of text"


class Arrival(NamedTuple):
    """One file, unpacked: where the copy is, what it is called, and its day as an ISO date."""

    path: Path
    name: str
    day: str


def copy_file(file: Path, into: Path) -> Arrival:
    """Copy a file, or raise `OSError` or `BrokenGeoData`."""
    with file.open("rb") as source:
        modified = os.fstat(source.fileno()).st_mtime
        _unpack(source, into, file.name)
    return Arrival(into, file.name, datetime.fromtimestamp(modified, UTC).date().isoformat())


def take_download(file: Path, into: Path, name: str) -> Arrival:
    """Unpack what was downloaded just now, under the name that it had there."""
    with file.open("rb") as source:
        _unpack(source, into, name)
    return Arrival(into, name, datetime.now(UTC).date().isoformat())


def kind_of(path: Path) -> Kind:
    """Return what a file is; what is nothing else is taken for rows."""
    with path.open("rb") as file:
        if file.read(len(MAGIC)) == MAGIC:
            return Kind.TABLE
        file.seek(max(0, path.stat().st_size - _MMDB_END))
        return Kind.MMDB if _MMDB_MARK in file.read() else Kind.ROWS


def _unpack(source: BufferedReader, into: Path, name: str) -> None:
    """Copy a file, unpacked where it is compressed, and no more of it than any table has."""
    is_compressed = source.peek(len(_GZIP)).startswith(_GZIP)
    reader: BinaryIO | GzipFile = GzipFile(fileobj=source) if is_compressed else source
    size = 0
    try:
        with into.open("wb") as target:
            while chunk := reader.read(_CHUNK):
                size += len(chunk)
                if size > LARGEST_FILE:
                    raise BrokenGeoData(f"{name} is larger than any table", NOTHING_CHANGED)
                target.write(chunk)
    except (BadGzipFile, EOFError, zlib.error) as error:
        raise BrokenGeoData(f"{name} cannot be unpacked: {error}", NOTHING_CHANGED) from error
