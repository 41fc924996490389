"""The daemon's times, which are naive and local, as instants.

fail2ban writes when a ban began and when it ends in the local time of its machine, without a zone, and the duration
in seconds. In the hour that summer time repeats, a local time means two instants: the end of the ban then tells which
one is meant, and where it does not either, the newest that is not in the future.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def instant_of(local: datetime, duration: int | None, local_end: datetime | None, now: datetime) -> datetime:
    """Return the beginning of a ban as an aware time in UTC, given its local times as the daemon wrote them."""
    first = local.replace(fold=0).astimezone(UTC)
    second = local.replace(fold=1).astimezone(UTC)
    if first == second:
        return first
    fitting = [start for start in (first, second) if _ends_at(start, duration, local_end)] or [first, second]
    past = [start for start in fitting if start <= now]
    return max(past) if past else min(fitting)


def _ends_at(start: datetime, duration: int | None, local_end: datetime | None) -> bool:
    if duration is None or local_end is None:
        return True
    end = start + timedelta(seconds=duration)
    return end.astimezone().replace(tzinfo=None, fold=0) == local_end.replace(fold=0)
