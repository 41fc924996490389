"""Times for people: relative on a terminal, exact everywhere else."""

from __future__ import annotations

from datetime import datetime

from bangui.domain.durations import rough_duration

_A_WHILE = 2 * 86_400
_MOST_OF_A_YEAR = 300 * 86_400


def exact(moment: datetime) -> str:
    """Return the moment in ISO 8601 with the zone of this machine: `2026-11-23T09:25:01+01:00`."""
    return moment.astimezone().isoformat(timespec="seconds")


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago the moment was: `4 min ago`."""
    return f"{rough_duration((now - moment).total_seconds())} ago"


def recent(moment: datetime, now: datetime) -> str:
    """Return how long ago the moment was, or its date and time where `12 days ago` would tell too little."""
    seconds = abs((now - moment).total_seconds())
    if seconds < _A_WHILE:
        return ago(moment, now)
    return moment.astimezone().strftime("%b %d %H:%M" if seconds < _MOST_OF_A_YEAR else "%Y-%m-%d %H:%M")


def left(ends_at: datetime | None, now: datetime) -> str:
    """Return how much time is left: `23 h left`, or `permanent` where there is no end."""
    if ends_at is None:
        return "permanent"
    seconds = (ends_at - now).total_seconds()
    return f"{rough_duration(seconds)} left" if seconds >= 1 else "ending now"


def clock(moment: datetime, now: datetime) -> str:
    """Return the time of day in this machine's zone, with the date where it is another day."""
    moment, now = moment.astimezone(), now.astimezone()
    return moment.strftime("%H:%M:%S" if moment.date() == now.date() else "%Y-%m-%d %H:%M:%S")
