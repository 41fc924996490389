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

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bangui.domain.history import EventKind, Observation, Origin, Source

LONGEST_LAG = 2 * 86_400_000
"""A `recidive` jail bans for a failure of a day ago when it starts."""
ROUNDING = 1_000
"""The database rounds the time of a ban to whole seconds, the socket cuts it off."""

_TRUE_TIME = Source.DATABASE | Source.SOCKET


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
    for record in sorted((one for one in records if not one.sources & Source.DATABASE), key=lambda one: one.time):
        near = [time for time in exact if abs(time - record.time) <= ROUNDING]
        _add(exact, min(near, key=lambda time: (abs(time - record.time), time), default=record.time), record)
    return [exact[time] for time in sorted(exact)]


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
        line = record if not record.sources & _TRUE_TIME else BanRecord(record.logged, record.logged, Source.LOG)
        known = lines.get(record.logged)
        lines[record.logged] = line if known is None else _merged_lines(known, line)
    return [lines[logged] for logged in sorted(lines)]


def _merged_lines(one: BanRecord, other: BanRecord) -> BanRecord:
    # The time before the line was written is that of its failure; where it is not known it is that of the line.
    return replace(_merged(one, other), time=min(one.time, other.time))


def _pair(bans: list[BanRecord], lines: list[BanRecord]) -> list[BanRecord]:
    """Give each ban its line, in place, and return the lines that are left over."""
    left_over = []
    paired: set[int] = set()
    for line in lines:
        index = _partner(bans, paired, line)
        if index is None:
            left_over.append(line)
        else:
            paired.add(index)
            ban = bans[index]
            bans[index] = replace(_merged(ban, line), time=ban.time, logged=line.logged)
    return left_over


def _partner(bans: list[BanRecord], paired: set[int], line: BanRecord) -> int | None:
    logged = line.logged or 0
    for index in range(len(bans) - 1, -1, -1):
        ban = bans[index]
        if ban.time > logged + ROUNDING:
            continue
        if index in paired or logged - ban.time > LONGEST_LAG or _is_over(ban, logged):
            return None
        return index
    return None


def _is_over(ban: BanRecord, moment: int) -> bool:
    if ban.duration is None or ban.duration < 0:
        return False
    return moment > ban.time + ban.duration * 1000 + ROUNDING


def _merged(one: BanRecord, other: BanRecord) -> BanRecord:
    """Return what two records of the same ban tell together; the order does not matter."""
    strong, weak = sorted((one, other), key=_strength, reverse=True)
    numbers = sorted({*_numbers(one), *_numbers(other)})
    return BanRecord(
        time=strong.time,
        logged=_least(one.logged, other.logged),
        sources=one.sources | other.sources,
        origin=strong.origin,
        duration=_longest(strong, weak),
        count=_most(one.count, other.count),
        failures=strong.failures if strong.failures is not None else weak.failures,
        lines=max(one.lines, other.lines, key=lambda lines: (len(lines), lines)),
        number=numbers[0] if numbers else None,
        absorbed=tuple(numbers[1:]),
    )


def _strength(record: BanRecord) -> tuple[bool, bool, int, str, int]:
    """Who is believed: the database first. The rest only makes the choice the same in any order."""
    return (
        bool(record.sources & Source.DATABASE),
        bool(record.sources & Source.SOCKET),
        -record.time,
        record.origin.value,
        record.failures or 0,
    )


def _numbers(record: BanRecord) -> tuple[int, ...]:
    return record.absorbed if record.number is None else (record.number, *record.absorbed)


def _longest(strong: BanRecord, weak: BanRecord) -> int | None:
    """Bans only grow, so of two equally good durations the longer is the newer one; a permanent one is the longest."""
    known = [record.duration for record in (strong, weak) if record.duration is not None]
    if not known:
        return None
    return -1 if min(known) < 0 else max(known)


def _least(one: int | None, other: int | None) -> int | None:
    return min((value for value in (one, other) if value is not None), default=None)


def _most(one: int | None, other: int | None) -> int | None:
    return max((value for value in (one, other) if value is not None), default=None)
