"""How far a long task is: a bar on a terminal, nothing elsewhere but its end, so that a log stays short.

The bar goes to standard error: standard output may be what the task produces.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

_WIDTH = 30
# More often than this nobody can read, and a terminal over a slow line is held up.
_INTERVAL = 0.1


class ProgressBar:
    """Called with how much is done of how much; a context manager that leaves a clean line behind."""

    def __init__(self, stream: TextIO, what: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._what = what
        self._clock = clock
        self._is_shown = stream.isatty()
        self._drawn_at: float | None = None
        self._width = 0
        self._started_at = clock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._erase()

    def __call__(self, done: int, total: int | None) -> None:
        """Draw how far the task is, unless that was done a moment ago."""
        now = self._clock()
        if not self._is_shown or (self._drawn_at is not None and now - self._drawn_at < _INTERVAL):
            return
        self._drawn_at = now
        self._draw(f"{self._what} {self._bar(done, total, now - self._started_at)}")

    def _bar(self, done: int, total: int | None, seconds: float) -> str:
        if not total:
            return f"{done:,}"
        share = min(1.0, max(0.0, done / total))
        full = int(share * _WIDTH)
        left = f", {_clock_text(seconds / share - seconds)} left" if 0.02 < share < 1 and seconds > 2 else ""
        return f"[{'#' * full}{' ' * (_WIDTH - full)}] {share:4.0%}{left}"

    def _erase(self) -> None:
        if self._width:
            self._draw("")
            self._stream.write("\r")

    def _draw(self, text: str) -> None:
        # Written over with blanks: not every terminal knows how to erase.
        self._stream.write(f"\r{text.ljust(self._width)}")
        self._stream.flush()
        self._width = len(text)


def _clock_text(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"
