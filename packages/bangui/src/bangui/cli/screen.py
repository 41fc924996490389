"""Where the output goes, and what it can show: width, colour, the ellipsis.

On a terminal the output is for reading: relative times, columns cut to fit, colour where it is welcome (never as the
only sign). Anywhere else it is complete and plain, the same on every machine.
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from typing import TextIO

# A terminal that does not say how wide it is.
_DEFAULT_WIDTH = 80

_STYLES = {"dim": "2", "bold": "1", "red": "31", "yellow": "33"}


class Screen:
    """One output stream: writes lines, and knows what may be in them."""

    def __init__(self, stream: TextIO, *, is_terminal: bool, columns: int | None, has_colour: bool) -> None:
        self._stream = stream
        self.is_terminal = is_terminal
        self.columns = columns
        """None where lines may be as long as they like."""
        self._has_colour = has_colour
        self.has_unicode = (stream.encoding or "").lower().startswith("utf")
        self.ellipsis = "…" if self.has_unicode else "..."

    def line(self, text: str = "") -> None:
        """Write one line."""
        self._stream.write(text + "\n")

    def write(self, text: str) -> None:
        """Write text that has its own line ends."""
        self._stream.write(text)

    def prose(self, text: str, style: str | None = None) -> None:
        """Write a sentence; on a terminal that is too narrow for it, broken between words."""
        indent = " " * (len(text) - len(text.lstrip()))
        for line in self._broken(text, indent):
            self.line(self.styled(line, style) if style else line)

    def _broken(self, text: str, indent: str) -> list[str]:
        if self.columns is None or len(text) <= self.columns:
            return [text]
        from textwrap import wrap

        return wrap(text, max(self.columns, 20), subsequent_indent=indent + "  ", break_on_hyphens=False)

    def flush(self) -> None:
        """Hand everything to the reader now."""
        self._stream.flush()

    def styled(self, text: str, style: str) -> str:
        """Return the text in a style, where this screen has any."""
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self._has_colour and text else text


def screen_for(stream: TextIO, environment: Mapping[str, str], *, wants_colour: bool = True) -> Screen:
    """Return a screen that suits the stream, `NO_COLOR`, `TERM` and the width of the terminal."""
    is_terminal = stream.isatty()
    has_colour = (
        is_terminal and wants_colour and not environment.get("NO_COLOR") and environment.get("TERM", "") != "dumb"
    )
    columns = _terminal_columns(stream, environment) if is_terminal else None
    return Screen(stream, is_terminal=is_terminal, columns=columns, has_colour=has_colour)


def make_unbreakable(stream: TextIO) -> None:
    """Let a stream show what its encoding lacks as an escape instead of failing."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")


def _terminal_columns(stream: TextIO, environment: Mapping[str, str]) -> int:
    given = environment.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(stream.fileno()).columns or _DEFAULT_WIDTH
    except (OSError, ValueError):
        return _DEFAULT_WIDTH
