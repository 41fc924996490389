"""The lines of one file that may still grow, from any offset on.

A line counts when its line break is there. However long it is, no more of it than `longest` and a chunk is held.
Offsets are in bytes of the text, also where the file is compressed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from bangui.adapters.f2b_log.line import MAX_LINE_BYTES

_CHUNK_BYTES = 128 * 1024


class Readable(Protocol):
    """What lines are read from: at its end it gives nothing, and perhaps more later."""

    def read(self, size: int, /) -> bytes | None:
        """Return the next bytes, at most so many."""
        ...


class LineReader:
    """Yields lines; `offset` is where the first one begins that was not given out."""

    def __init__(self, stream: Readable, offset: int = 0, longest: int = MAX_LINE_BYTES) -> None:
        self._stream = stream
        self._longest = longest
        self.offset = offset
        # The beginning of a line whose end has not come yet, and how many bytes of it were left out.
        self._tail = b""
        self._cut = 0
        self._lines: Iterator[bytes] = iter(())

    def next(self) -> bytes | None:
        """Return the next line without its line break; None where there is no whole one now."""
        line = next(self._lines, None)
        while line is None:
            if not self._fill():
                return None
            line = next(self._lines, None)
        self.offset += len(line) + self._cut + 1
        self._cut = 0
        return line

    def _fill(self) -> bool:
        """Read a chunk; say whether there was one."""
        chunk = self._stream.read(_CHUNK_BYTES)
        if not chunk:
            return False
        head, line_break, rest = chunk.partition(b"\n")
        if not line_break:
            self._extend(chunk)
            return True
        self._extend(head)
        lines = rest.split(b"\n")
        first, self._tail = self._tail, b""
        self._lines = self._with_tail([first, *lines[:-1]], lines[-1])
        return True

    def _with_tail(self, lines: list[bytes], tail: bytes) -> Iterator[bytes]:
        yield from lines
        self._extend(tail)

    def _extend(self, part: bytes) -> None:
        room = max(0, self._longest - len(self._tail))
        self._tail += part[:room]
        self._cut += max(0, len(part) - room)
