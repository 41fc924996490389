"""Moments and stretches of time as people write them: `24h`, `yesterday`, `2026-11-01T10:00`.

A day and a time without a zone are meant in the zone of this machine. A day begins at midnight there, so `--since` of
a day begins with it and `--until` of a day ends before it. Units are fixed lengths: a month is 30 days and a year 365.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from bangui.domain.errors import InvalidInput
from bangui.domain.phrases import phrase

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800, "mo": 30 * 86_400, "y": 365 * 86_400}
_WORDS = {
    "s": "s sec secs second seconds",
    "m": "m min mins minute minutes",
    "h": "h hour hours",
    "d": "d day days",
    "w": "w week weeks",
    "mo": "mo month months",
    "y": "y year years",
}
_UNITS = {word: _SECONDS[unit] for unit, words in _WORDS.items() for word in words.split()}
_PART = re.compile(r"(\d{1,12})\s*([a-z]+)\s*", re.ASCII)
_LONGEST = 100 * 365 * 86_400
_ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CLOCK = re.compile(r"\d{1,2}:\d\d(:\d\d)?", re.ASCII)
_UNIX_TIME = re.compile(r"@\d{1,11}", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A day less than the calendar of Python has, so that every zone can show it.
_FIRST, _LAST = -62_135_510_400_000, 253_402_128_000_000

_EXPECTED = phrase("expected something like 24h, 7d, today, yesterday, 2026-11-01 or 2026-11-01T10:00")


def parse_duration(text: str) -> int:
    """Return a stretch of time in seconds (`90m`, `1d 12h`, `2 weeks`), or raise `InvalidInput`."""
    written = text.strip().lower()
    seconds = _seconds(written)
    if seconds is None:
        raise InvalidInput(
            phrase("{text!r} is no length of time", text=text), phrase("expected something like 10m, 24h, 7d, 2w or 1y")
        )
    if not 0 < seconds <= _LONGEST:
        what = phrase("{text!r} is too long", text=text) if seconds else phrase("{text!r} is no time at all", text=text)
        raise InvalidInput(what, phrase("up to 100y can be said"))
    return seconds


def parse_moment(text: str, now: datetime) -> int:
    """Return a moment in Unix milliseconds, or raise `InvalidInput`.

    A length of time means so long ago; `HH:MM` is meant today, and `@1764579600` is a Unix time.
    """
    written = " ".join(text.split()).lower()
    moment = _named(written, now) or _dated(text, written, now)
    if moment is None:
        seconds = _seconds(written.removesuffix(" ago"))
        if seconds is None or seconds > _LONGEST:
            raise InvalidInput(phrase("{text!r} is no time", text=text), _EXPECTED)
        moment = now - timedelta(seconds=seconds)
    return max(0, milliseconds_of(moment))


def milliseconds_of(moment: datetime) -> int:
    """Return an aware moment in Unix milliseconds."""
    return round(moment.timestamp() * 1000)


def moment_of(milliseconds: int) -> datetime | None:
    """Return Unix milliseconds as an aware moment in UTC; None where no calendar reaches (a ban of 10,000 years)."""
    if not _FIRST <= milliseconds <= _LAST:
        return None
    return _EPOCH + timedelta(milliseconds=milliseconds)


def _seconds(written: str) -> int | None:
    total, end = 0, 0
    for part in _PART.finditer(written):
        unit = _UNITS.get(part[2])
        if part.start() != end or unit is None:
            return None
        total += int(part[1]) * unit
        end = part.end()
    return total if written and end == len(written) else None


def _named(written: str, now: datetime) -> datetime | None:
    if written == "now":
        return now
    if written in {"today", "yesterday"}:
        day = now.astimezone().date() - timedelta(days=written == "yesterday")
        return datetime.combine(day, time()).astimezone()
    if _UNIX_TIME.fullmatch(written):
        return moment_of(int(written[1:]) * 1000)
    return None


def _dated(text: str, written: str, now: datetime) -> datetime | None:
    """Return a moment that was written with a date or a time of day; None where there is none."""
    if _CLOCK.fullmatch(written):
        written = f"{now.astimezone().date().isoformat()}t{written.zfill(len(written) + (written[1] == ':'))}"
    if not _ISO.match(written):
        return None
    try:
        moment = datetime.fromisoformat(written.upper())
        return moment if moment.tzinfo else moment.astimezone()
    except (ValueError, OverflowError) as error:
        raise InvalidInput(phrase("{text!r} is no time: {error}", text=text, error=error), _EXPECTED) from None
