"""Tables of text: aligned, with figures to the right, and never wider than the terminal.

Where a table is too wide for a terminal, first the columns that can be done without go (those with the highest
`drop` first), then the texts are cut with an ellipsis. Where the output is no terminal nothing is ever left out.
A long table is measured by its first rows; a longer cell that comes later stands out of its column in a pipe, and is
cut on a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bangui.cli.inert import inert, shortened, width
from bangui.cli.screen import Screen

_GAP = 2
# Narrower than this, a cut text says nothing any more.
_NARROWEST_CUT = 8


class Column(NamedTuple):
    """One column: `is_number` aligns it to the right; `can_be_cut` lets it shrink; `drop` 0 means never leave out.

    Before a column is cut to less than `least`, others are left out.
    """

    title: str
    is_number: bool = False
    can_be_cut: bool = False
    drop: int = 0
    least: int = 16


class Table:
    """A table whose columns are as wide as a sample of its rows needs; every cell is made inert first."""

    def __init__(
        self, screen: Screen, columns: Sequence[Column], sample: Sequence[Sequence[str]], indent: int = 0
    ) -> None:
        self._screen = screen
        self._columns = columns
        self._indent = " " * indent
        self._widths = [
            max([width(column.title), *(width(inert(row[index])) for row in sample)])
            for index, column in enumerate(columns)
        ]
        self._shown = list(range(len(columns)))
        if screen.columns is not None:
            self._shown, self._widths = _fit(columns, self._widths, screen.columns - indent)

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of the columns that have room."""
        return tuple(self._columns[index].title for index in self._shown)

    def header(self) -> None:
        """Write the titles of the columns."""
        titles = self._line([column.title for column in self._columns])
        self._screen.line(self._indent + self._screen.styled(titles, "dim"))

    def row(self, cells: Sequence[str]) -> None:
        """Write one row."""
        self._screen.line(self._indent + self._line([inert(cell) for cell in cells]))

    def _line(self, cells: Sequence[str]) -> str:
        parts = []
        for index in self._shown:
            text = cells[index]
            if self._screen.columns is not None:
                text = shortened(text, self._widths[index], self._screen.ellipsis)
            padding = " " * (self._widths[index] - width(text))
            parts.append(padding + text if self._columns[index].is_number else text + padding)
        return (" " * _GAP).join(parts).rstrip()


def print_table(
    screen: Screen, columns: Sequence[Column], rows: Iterable[Sequence[str]], indent: int = 0
) -> tuple[str, ...]:
    """Write a table whose rows are all there, and return the titles of the columns that had room."""
    rows = list(rows)
    table = Table(screen, columns, rows, indent)
    table.header()
    for row in rows:
        table.row(row)
    return table.titles


def _fit(columns: Sequence[Column], natural: list[int], room: int) -> tuple[list[int], list[int]]:
    """Return which columns to show and how wide each one is, so that a line takes no more than `room`."""
    shown = list(range(len(columns)))
    while _total(shown, [_least(columns[index], natural[index]) for index in shown]) > room:
        droppable = [index for index in shown if columns[index].drop]
        if not droppable:
            break
        shown.remove(max(droppable, key=lambda index: columns[index].drop))
    widths = list(natural)
    cuttable = [index for index in shown if columns[index].can_be_cut]
    for floors in ([_least(columns[index], natural[index]) for index in range(len(columns))], [1] * len(columns)):
        _cut(cuttable, shown, widths, floors, room)
    return shown, widths


def _cut(cuttable: list[int], shown: list[int], widths: list[int], floors: list[int], room: int) -> None:
    """Take what is too much from the widest columns, none of which goes below its floor."""
    while (excess := _total(shown, [widths[index] for index in shown]) - room) > 0:
        wide = [index for index in cuttable if widths[index] > floors[index]]
        if not wide:
            break
        widest = max(wide, key=lambda index: widths[index])
        widths[widest] -= min(excess, max(1, widths[widest] - max(floors[widest], _NARROWEST_CUT)))


def _least(column: Column, natural: int) -> int:
    return min(natural, max(column.least, len(column.title))) if column.can_be_cut else natural


def _total(shown: list[int], widths: list[int]) -> int:
    return sum(widths) + _GAP * (len(shown) - 1)
