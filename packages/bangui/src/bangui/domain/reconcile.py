"""One ban out of what several sources saw of it: pure, and the same whatever the order of the observations.

fail2ban's database and its socket tell the true time of a ban, in whole seconds. Its log tells when the daemon got
round to it, a moment later (or much later, where a log entry was read late), and nothing that the two would share. So
they are paired, for each host, jail and id by itself:

    A logged ban belongs to the latest ban known by its true time that had begun by then (a second is allowed for
    rounding), was not over, did not begin more than `LONGEST_LAG` before, and is not paired with an earlier line.

An id is not banned again in a jail while its ban is in force, which is what makes this sound. A line that belongs to
none is a ban that only the log knows: the daemon has erased its row (it does so when somebody lifts a ban), or has not
written it yet. `reconcile` always starts from everything that is known, so a row that comes late finds its line.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bangui.domain.history import PERMANENT, EventKind, Observation, Origin, Source

LONGEST_LAG = 2 * 86_400_000
"""A `recidive` jail bans for a failure of a day ago when it starts."""
ROUNDING = 1_000
"""The database rounds the time of a ban to whole seconds, the socket cuts it off."""

_TRUE_TIME = Source.DATABASE | Source.SOCKET
# Most sources cannot tell and say that it was the filter, so whoever says more knows more.
_ORIGINS = (Origin.FILTER, Origin.HAND, Origin.BANGUI, Origin.IMPORT)


@dataclass(frozen=True, slots=True)
class BanRecord:
    """A ban as it is kept: of one host, jail and id, which the caller knows.

    `number` names the row that it is stored in, None before it has one. `absorbed` are the rows that turned out to be
    the same ban. `logged` is None until the log was read. `lines` are matched lines that are not stored yet.
    """

    time: int
    logged: int | None
    sources: Source
    origin: Origin = Origin.FILTER
    duration: int | None = None
    count: int | None = None
    failures: int | None = None
    lines: tuple[str, ...] = ()
    number: int | None = None
    absorbed: tuple[int, ...] = ()


def record_of(observation: Observation) -> BanRecord:
    """Return an observation of a ban as a record without a row."""
    if observation.kind is not EventKind.BAN:
        raise ValueError(f"{observation.kind} is no ban")
    logged = observation.logged
    if observation.source & Source.LOG and logged is None:
        logged = observation.time
    return BanRecord(
        observation.time,
        logged,
        observation.source,
        observation.origin,
        observation.duration,
        observation.count,
        observation.failures,
        observation.lines,
    )


def reconcile(records: Iterable[BanRecord]) -> list[BanRecord]:
    """Return the bans that the records of one host, jail and id tell of, in the order of their times.

    Give all that is stored within `LONGEST_LAG` of what is new, together with what is new.
    """
    everything = list(records)
    bans = _merged_by_true_time([record for record in everything if record.sources & _TRUE_TIME])
    lines = _merged_by_logged(everything)
    only_logged = _pair(bans, lines)
    return sorted([*bans, *only_logged], key=lambda ban: (ban.time, ban.logged or 0))


def _merged_by_true_time(records: list[BanRecord]) -> list[BanRecord]:
    """Return one record for each true time, its logged time left out: it is paired anew."""
    exact: dict[int, BanRecord] = {}
    for record in records:
        if record.sources & Source.DATABASE:
            _add(exact, record.time, record)
    times = sorted(exact)
    for record in sorted((one for one in records if not one.sources & Source.DATABASE), key=lambda one: one.time):
        near = times[bisect_left(times, record.time - ROUNDING) : bisect_right(times, record.time + ROUNDING)]
        if near:
            _add(exact, min(near, key=lambda time: (abs(time - record.time), time)), record)
        else:
            _add(exact, record.time, record)
            insort(times, record.time)
    return [exact[time] for time in times]


def _add(exact: dict[int, BanRecord], time: int, record: BanRecord) -> None:
    own = replace(record, time=time, logged=None, sources=record.sources & ~Source.LOG)
    known = exact.get(time)
    exact[time] = own if known is None else _merged(known, own)


def _merged_by_logged(records: Sequence[BanRecord]) -> list[BanRecord]:
    """Return one record for each line of the log; of a row that has a true time only the line itself."""
    lines: dict[int, BanRecord] = {}
    for record in records:
        if record.logged is None:
            continue
        line = record
        if record.sources & _TRUE_TIME:
            line = BanRecord(record.logged, record.logged, Source.LOG | record.sources & Source.BACKUP)
        known = lines.get(record.logged)
        lines[record.logged] = line if known is None else _merged(known, line)
    return [lines[logged] for logged in sorted(lines)]


def _pair(bans: list[BanRecord], lines: list[BanRecord]) -> list[BanRecord]:
    """Give each ban its line, in place, and return the lines that are left over."""
    left_over = []
    paired: set[int] = set()
    times = [ban.time for ban in bans]
    for line in lines:
        logged = line.logged or 0
        index = bisect_right(times, logged + ROUNDING) - 1
        if index < 0 or index in paired or logged - times[index] > LONGEST_LAG or _is_over(bans[index], logged):
            left_over.append(line)
        else:
            paired.add(index)
            bans[index] = replace(_merged(bans[index], line), time=times[index])
    return left_over


def _is_over(ban: BanRecord, moment: int) -> bool:
    if ban.duration is None or ban.duration < 0:
        return False
    return moment > ban.time + ban.duration * 1000 + ROUNDING


def _merged(one: BanRecord, other: BanRecord) -> BanRecord:
    """Return what two records of the same ban tell together.

    Each field is the larger of two in an order of its own, so it does not matter which records come first.
    """
    numbers = sorted({*_numbers(one), *_numbers(other)})
    return BanRecord(
        time=min(one.time, other.time),
        logged=_least(one.logged, other.logged),
        sources=merged_sources(one.sources, other.sources),
        origin=max(one.origin, other.origin, key=_ORIGINS.index),
        duration=_longest(one.duration, other.duration),
        count=_most(one.count, other.count),
        failures=_most(one.failures, other.failures),
        lines=max(one.lines, other.lines, key=lambda lines: (len(lines), lines)),
        number=numbers[0] if numbers else None,
        absorbed=tuple(numbers[1:]),
    )


def merged_sources(one: Source, other: Source) -> Source:
    """Return who saw an event; `BACKUP` stays only on what nobody else has seen."""
    only_backup = one & other & Source.BACKUP
    return (one | other) & ~Source.BACKUP | only_backup


def _numbers(record: BanRecord) -> tuple[int, ...]:
    return record.absorbed if record.number is None else (record.number, *record.absorbed)


def _longest(one: int | None, other: int | None) -> int | None:
    """Bans only grow, so the longer duration is the newer one; a permanent one is the longest."""
    if (one is not None and one < 0) or (other is not None and other < 0):
        return PERMANENT
    return _most(one, other)


def _least(one: int | None, other: int | None) -> int | None:
    return min((value for value in (one, other) if value is not None), default=None)


def _most(one: int | None, other: int | None) -> int | None:
    return max((value for value in (one, other) if value is not None), default=None)
