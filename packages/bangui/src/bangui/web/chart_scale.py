"""Axes of a chart: round numbers from zero up, round times from left to right, and their names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bangui.web.chart_contexts import Tick
from bangui.web.language import gettext as _
from bangui.web.language import ngettext
from bangui.web.words import day

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_SPACINGS = (
    *(_MINUTE * number for number in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * number for number in (1, 2, 3, 6, 12)),
    *(_DAY * number for number in (1, 2, 5, 7, 14, 28)),
)
_MOST_TICKS = 7
_MONTHS = (1, 2, 3, 6, 12)
# Names of times nearer to the edges than this (hundredths) would stand out of the chart.
_EDGE = 3.0


def top_of(peak: int) -> tuple[int, int]:
    """Return the number at the top of a chart whose highest column is `peak`, and the pitch of its lines."""
    pitch = next(pitch for pitch in _pitches() if pitch * 4 >= peak)
    return pitch * max(-(-peak // pitch), 1), pitch


def _pitches() -> Iterator[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


def number_ticks(top: int, pitch: int) -> tuple[Tick, ...]:
    """Return the lines of a chart, from zero upwards."""
    return tuple(Tick(round(100 - 100 * value / top, 2), short_number(value)) for value in range(0, top + 1, pitch))


def short_number(value: int) -> str:
    """Return a round number in few characters: `950`, `12k`, `2.5M`."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if value >= size:
            return f"{value / size:g}{unit}"
    return str(value)


def time_ticks(since: datetime, until: datetime) -> tuple[Tick, ...]:
    """Return the names of round times between two moments; those of times of day are other ones in another zone."""
    length = until - since
    ticks = (
        Tick(round(100 * ((moment - since) / length), 2), text, moment if is_of_day else None)
        for moment, text, is_of_day in _round_times(since, until)
    )
    return tuple(tick for tick in ticks if _EDGE <= tick.at <= 100 - _EDGE)


def _round_times(since: datetime, until: datetime) -> Iterator[tuple[datetime, str, bool]]:
    seconds = (until - since).total_seconds()
    spacing = next((spacing for spacing in _SPACINGS if seconds / spacing <= _MOST_TICKS), None)
    if spacing is None or spacing > 14 * _DAY:
        for month in _months(since, until):
            yield month, _month_words(month), False
        return
    first = -(-int(since.timestamp()) // spacing) * spacing
    for second in range(first, int(until.timestamp()) + 1, spacing):
        moment = datetime.fromtimestamp(second, UTC)
        yield moment, f"{moment:%H:%M}" if spacing < _DAY else _day_words(moment), spacing < _DAY


def _months(since: datetime, until: datetime) -> Iterator[datetime]:
    first, last = since.year * 12 + since.month, until.year * 12 + until.month
    pitch = next((pitch for pitch in _MONTHS if (last - first) / pitch <= _MOST_TICKS), None)
    pitch = pitch or 12 * -(-(last - first) // (12 * _MOST_TICKS))
    for number in range(-(-(first - 1) // pitch) * pitch, last, pitch):
        yield datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)


def _month_names() -> list[str]:
    return _("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()


def _day_words(moment: datetime) -> str:
    return _("%(day)s %(month)s") % {"day": moment.day, "month": _month_names()[moment.month - 1]}


def _month_words(moment: datetime) -> str:
    return _("%(month)s %(year)s") % {"month": _month_names()[moment.month - 1], "year": moment.year}


def column_words(start: datetime, end: datetime) -> str:
    """Return the name of a step: a day, days, or a part of a day."""
    is_days = end - start >= timedelta(days=1) and not (start.hour or start.minute)
    if is_days:
        last = end - timedelta(microseconds=1)
        return day(start) if last - start < timedelta(days=1) else f"{day(start)} – {day(last)}"
    return f"{day(start)}, {start:%H:%M}–{end:%H:%M} UTC"


def step_words(seconds: int) -> str:
    """Return for how long each column counts."""
    if seconds % _DAY == 0:
        number = seconds // _DAY
        return ngettext("per day", "per %(number)s days", number) % {"number": number}
    if seconds % _HOUR == 0:
        number = seconds // _HOUR
        return ngettext("per hour", "per %(number)s hours", number) % {"number": number}
    number = seconds // _MINUTE
    return ngettext("per minute", "per %(number)s minutes", number) % {"number": number}
