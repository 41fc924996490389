"""Tables of text: aligned, with figures to the right, and never wider than the terminal.

Where a table is too wide for a terminal, first the columns that can be done without go (those with the highest
`drop` first), then the texts are cut with an ellipsis. Where the output is no terminal nothing is ever left out.
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
    """One column: `is_number` aligns it to the right; `can_be_cut` lets it shrink; `drop` 0 means never leave out."""

    title: str
    is_number: bool = False
    can_be_cut: bool = False
    drop: int = 0


def print_table(screen: Screen, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """Write the table; every cell is made inert first."""
    cells = [[inert(cell) for cell in row] for row in rows]
    widths = [max([width(column.title), *(width(row[index]) for row in cells)]) for index, column in enumerate(columns)]
    shown = list(range(len(columns)))
    if screen.columns is not None:
        shown, widths = _fit(columns, widths, screen.columns)
    header = _line(screen, columns, shown, widths, [column.title for column in columns])
    screen.line(screen.styled(header, "dim"))
    for row in cells:
        screen.line(_line(screen, columns, shown, widths, row))


def _fit(columns: Sequence[Column], natural: list[int], room: int) -> tuple[list[int], list[int]]:
    """Return which columns to show and how wide each one is, so that a line takes no more than `room`."""
    shown = list(range(len(columns)))
    while _total(shown, [_least(columns[index], natural[index]) for index in shown]) > room:
        droppable = [index for index in shown if columns[index].drop]
        if not droppable:
            break
        shown.remove(max(droppable, key=lambda index: columns[index].drop))
    widths = list(natural)
    while (excess := _total(shown, [widths[index] for index in shown]) - room) > 0:
        cuttable = [index for index in shown if columns[index].can_be_cut and widths[index] > 1]
        if not cuttable:
            break
        widest = max(cuttable, key=lambda index: widths[index])
        widths[widest] -= min(excess, max(1, widths[widest] - _NARROWEST_CUT))
    return shown, widths


def _least(column: Column, natural: int) -> int:
    return min(natural, max(_NARROWEST_CUT * 2, len(column.title))) if column.can_be_cut else natural


def _total(shown: list[int], widths: list[int]) -> int:
    return sum(widths) + _GAP * (len(shown) - 1)


def _line(screen: Screen, columns: Sequence[Column], shown: list[int], widths: list[int], cells: Sequence[str]) -> str:
    parts = []
    for index in shown:
        text = cells[index]
        if screen.columns is not None:
            text = shortened(text, widths[index], screen.ellipsis)
        padding = " " * (widths[index] - width(text))
        parts.append(padding + text if columns[index].is_number else text + padding)
    return (" " * _GAP).join(parts).rstrip()
