"""Cells of CSV that no spreadsheet takes for a formula and no terminal for a command.

A cell that begins with `=`, `+`, `-`, `@`, a tab or a line break is run as a formula by spreadsheets, and an attacker
may have chosen it: it gets a `'` in front, which a spreadsheet shows as text. Control characters are shown as escapes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bangui.domain.inert import inert

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# A spreadsheet takes the wide twins of these for the same.
_WIDE = ("\uff1d", "\uff0b", "\uff0d", "\uff20")
_QUOTED = frozenset('",\r\n')


def text_cell(text: str | None) -> str:
    """Return a text from outside as a cell."""
    return _disarmed(inert(text)) if text else ""


def lines_cell(lines: Iterable[str]) -> str:
    """Return lines of a log as one cell, which holds line breaks and no other control characters."""
    return _disarmed("\n".join(inert(line) for line in lines))


def plain_cell(value: object) -> str:
    """Return a number, a time or a word of our own as a cell; empty for None."""
    return "" if value is None else _quoted(str(value))


def row_of(cells: Sequence[str]) -> str:
    """Return a line of CSV (RFC 4180)."""
    return ",".join(cells) + "\r\n"


def _disarmed(text: str) -> str:
    return _quoted(f"'{text}" if text.lstrip(" ").startswith((*_FORMULA, *_WIDE)) else text)


def _quoted(text: str) -> str:
    if _QUOTED.isdisjoint(text) and text == text.strip():
        return text
    return '"' + text.replace('"', '""') + '"'
