"""A small chart of text: how a count went over time, one column or more for each step.

Blocks in eighths of a line where the terminal has them, `#` otherwise. Whatever happened at all can be seen: the
smallest mark stands for anything above nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

_BLOCKS = " ▁▂▃▄▅▆▇█"
_PLAIN = " .:#"
_WIDEST_STEP = 4


def columns_of(values: Sequence[int], room: int) -> tuple[list[int], int]:
    """Return the values, added up so that they fit into so many columns, and how many columns each one takes."""
    step = -(-len(values) // room)
    sums = [sum(values[start : start + step]) for start in range(0, len(values), step)]
    return sums, max(1, min(_WIDEST_STEP, room // len(sums)))


def draw(values: Sequence[int], width: int, lines: int, *, has_blocks: bool) -> list[str]:
    """Return the lines of a chart, the topmost first, each value `width` columns wide."""
    marks = _BLOCKS if has_blocks else _PLAIN
    parts = len(marks) - 1
    highest = max(values, default=0)
    heights = [max(1, round(value * lines * parts / highest)) if value else 0 for value in values]
    return [
        "".join(marks[min(parts, max(0, height - line * parts))] * width for height in heights).rstrip()
        for line in reversed(range(lines))
    ]
