"""Numbers and times in words, as templates show them.

Relative words are worked out against the moment of rendering; the browser's `times.js` keeps them going with the same
rules, so a page whose scripts do not run still shows what was true when it was made.
"""

from __future__ import annotations

from datetime import UTC, datetime

from bangui.domain.durations import rough_duration

# Of things that happened longer ago than this, the day matters.
_A_WHILE = 2 * 86_400
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def count(number: int) -> str:
    """Return the number with its thousands apart: `1,204`."""
    return f"{number:,}"


def sentence(phrase: str) -> str:
    """Return a phrase of the domain as a sentence: its messages start small and end bare, on a page they stand alone.

    A phrase that starts with one of our names (`fail2ban`) keeps it as it is written; a command at its end becomes
    code, without a full stop that somebody would copy along.
    """
    phrase = phrase.strip()
    if not phrase:
        return ""
    start = phrase[0] if phrase.startswith("fail2ban") else phrase[0].upper()
    text, is_command, command = f"{start}{phrase[1:]}".rpartition(" try: ")
    if is_command:
        return f"{text} Try: `{command}`" if text.endswith("?") else f"{text} try: `{command}`"
    return command + ("" if command[-1] in ".?" else ".")


def exact(moment: datetime) -> str:
    """Return the exact time with its zone named: `2026-11-23 20:41:06 UTC`."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def machine(moment: datetime) -> str:
    """Return the time for a `datetime` attribute: `2026-11-23T20:41:06Z`."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago it was: `4 min ago`; a moment ahead of our clock counts as now."""
    seconds = (now - moment).total_seconds()
    return "just now" if seconds < 1 else f"{rough_duration(seconds)} ago"


def when(moment: datetime, now: datetime) -> str:
    """Return how long ago it was, or the date and time where that would tell too little: `3 Nov 2026, 14:05 UTC`."""
    if (now - moment).total_seconds() < _A_WHILE:
        return ago(moment, now)
    return f"{day(moment)}, {moment.astimezone(UTC):%H:%M} UTC"


def time_for(moment: datetime, now: datetime) -> str:
    """Return for how long it has lasted: `4 min`."""
    return rough_duration(max((now - moment).total_seconds(), 0))


def time_left(moment: datetime, now: datetime) -> str:
    """Return how long it will last: `23 h left`; a moment that has passed is `ending`."""
    seconds = (moment - now).total_seconds()
    return "ending" if seconds < 1 else f"{rough_duration(seconds)} left"


def hour(moment: datetime) -> str:
    """Return an hour of the clock: `Mon 14:00`."""
    return f"{moment.astimezone(UTC):%a %H:%M}"


def day(moment: datetime) -> str:
    """Return a day: `3 Nov 2026`."""
    moment = moment.astimezone(UTC)
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
