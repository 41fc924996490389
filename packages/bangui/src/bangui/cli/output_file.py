"""A file that appears whole or not at all, and that only its owner can read.

It is written next to its place under another name and takes its place at the end, with one rename. What is no plain
file (`/dev/stdout`, a pipe) is written to as it stands: a rename would put a file in its place.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp
from typing import TextIO

from bangui.domain.errors import BanGUIError


class UnwritableFile(BanGUIError):
    """A file cannot be written where somebody wants it."""


@contextmanager
def written_whole(place: str) -> Iterator[TextIO]:
    """Lend a file to write to; it takes its place when the block ends well, and is gone when it does not."""
    # A link stays a link, and what it points to is replaced.
    path = Path(os.path.realpath(place))
    try:
        with _stream(path) if path.exists() and not path.is_file() else _replacing(path) as stream:
            yield stream
    except OSError as error:
        raise UnwritableFile(f"{place} cannot be written: {error.strerror or error}", _advice(path)) from error


@contextmanager
def _replacing(path: Path) -> Iterator[TextIO]:
    # Only for its owner from the first moment on.
    number, name = mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _stream(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", errors="backslashreplace", newline="")


def _advice(path: Path) -> str:
    if not path.parent.is_dir():
        return f"make the folder {path.parent} first"
    return "write to another folder" if path.is_dir() else ""
