"""Bars of a chart: their places in hundredths of it, from zero up to the highest, and what each leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bangui.web.contexts import Bar
from bangui.web.history_query import HistoryQuery, history_path

# Of the width that each bar has.
_BAR_SHARE = 0.72
# A bar that stands for anything at all can be seen.
_LOWEST = 2.0


def bars_of(values: Sequence[int], starts: Sequence[datetime], end: datetime, query: HistoryQuery) -> tuple[Bar, ...]:
    """Return the bars of values, which begin at `starts`, the last one ending at `end`.

    A bar leads to the events of its stretch of time, among those that the query asks for.
    """
    peak = max(values, default=0)
    pitch = 100 / max(len(values), 1)
    ends = (*starts[1:], end)[: len(starts)]
    return tuple(
        Bar(
            start,
            value,
            left=round(place * pitch + pitch * (1 - _BAR_SHARE) / 2, 2),
            top=round(100 - height, 2),
            width=round(pitch * _BAR_SHARE, 2),
            height=round(height, 2),
            path=between_path(query, start, stop) if value else None,
        )
        for place, (start, stop, value) in enumerate(zip(starts, ends, values, strict=True))
        for height in (max(100 * value / peak, _LOWEST) if value else 0.0,)
    )


def between_path(query: HistoryQuery, start: datetime, end: datetime) -> str:
    """Return the address of the events of a stretch of time."""
    return history_path(replace(query, since=_moment(start), until=_moment(end)))


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
