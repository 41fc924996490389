"""How much happened: totals, over time, and who was banned most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from bangui.domain.accounts import Scope
from bangui.domain.history import EventKind
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import Filter, Series, Totals
from bangui.domain.moments import milliseconds_of
from bangui.services.history import require_jails
from bangui.services.statistics import BUCKETS, DAY, Statistics, fitting_bucket, read_statistics
from bangui.web.api.event_filters import JAIL, SINCE, UNTIL, check_period
from bangui.web.api.mistakes import Mistake, WrongRequest
from bangui.web.api.operations import Call, Nothing, Operation
from bangui.web.api.parts import history_of, moment
from bangui.web.api.shapes import About, word_of
from bangui.web.site import Site

_MOST_STEPS = 1_000
_LONGEST_STEP = 366 * DAY
# Shorter steps than an hour are kept for so long.
_SHORT_PERIOD = timedelta(days=2)
_STEP = About(
    f"Seconds of one step: {', '.join(map(str, BUCKETS))}, or whole days. Left out: what fits the time.",
    3_600,
    least=60,
    most=_LONGEST_STEP,
)


@dataclass(frozen=True, slots=True)
class PeriodAsked:
    """Which time, and which jails; the last 24 hours where nothing is given."""

    since: Annotated[datetime | None, SINCE] = None
    until: Annotated[datetime | None, UNTIL] = None
    jail: Annotated[tuple[Annotated[str, JAIL], ...], About("Names of jails.", ("sshd",), most=50)] = ()
    step: Annotated[int | None, _STEP] = None


@dataclass(frozen=True, slots=True)
class Step:
    """What happened in one step of the time."""

    start: Annotated[datetime | None, About("Its beginning.", "2026-11-25T16:00:00Z")]
    bans: Annotated[int, About("Bans in it.", 12)]
    failures: Annotated[int, About("Failures in it.", 240)]


@dataclass(frozen=True, slots=True)
class JailTotals:
    """What one jail counted in the time, and in the one before it."""

    jail: Annotated[str, About("The name of the jail.", "sshd")]
    bans: Annotated[int, About("Bans.", 120)]
    failures: Annotated[int, About("Failures.", 2_400)]
    bans_before: Annotated[int, About("Bans in the time before.", 90)]
    failures_before: Annotated[int, About("Failures in the time before.", 1_980)]


@dataclass(frozen=True, slots=True)
class StatisticsOfPeriod:
    """What happened in a time, and in the equally long one before it."""

    since: Annotated[datetime | None, About("Its beginning.", "2026-11-24T16:30:00Z")]
    until: Annotated[datetime | None, About("Its end, which does not belong to it.", "2026-11-25T16:30:00Z")]
    totals: Annotated[Mapping[str, int], About("How many events of each kind there were.", {"ban": 120})]
    totals_before: Annotated[Mapping[str, int], About("The same for the time before.", {"ban": 90})]
    is_comparable: Annotated[bool, About("Whether the history reaches back over the time before.", example=True)]
    jails: tuple[JailTotals, ...]
    step: Annotated[int, About("Seconds of one step.", 3_600)]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """What one jail counted in one step."""

    start: Annotated[datetime | None, About("The beginning of the step.", "2026-11-25T16:00:00Z")]
    jail: Annotated[str, About("The name of the jail.", "sshd")]
    bans: Annotated[int, About("Bans in it.", 12)]
    failures: Annotated[int, About("Failures in it.", 240)]


@dataclass(frozen=True, slots=True)
class SeriesList:
    """What each jail counted in each step, in the order of the times; steps without events are left out."""

    items: tuple[SeriesPoint, ...]
    next: Annotated[str | None, About("Always null.", None)]
    step: Annotated[int, About("Seconds of one step.", 3_600)]


@dataclass(frozen=True, slots=True)
class _Period:
    since: int
    until: int
    step: int
    filter: Filter


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operations that count."""

    async def statistics(call: Call[PeriodAsked, Nothing]) -> StatisticsOfPeriod:
        period = _period(call.asked, call.now)
        return _told(await history_of(site).ask(lambda reader: _read(reader, period)))

    async def series(call: Call[PeriodAsked, Nothing]) -> SeriesList:
        period = _period(call.asked, call.now)
        return await history_of(site).ask(lambda reader: _points(reader, period))

    problems = ("unknown-jail", "history-away")
    return (
        Operation(
            "getStatistics",
            "GET",
            "/statistics",
            "Statistics",
            "Count what happened",
            Scope.READ,
            statistics,
            problems=problems,
        ),
        Operation(
            "listSeries",
            "GET",
            "/series",
            "Statistics",
            "Count what happened over time, jail by jail",
            Scope.READ,
            series,
            problems=problems,
        ),
    )


def _period(asked: PeriodAsked, now: datetime) -> _Period:
    until = asked.until or now
    since = asked.since or until - timedelta(days=1)
    check_period(since, until)
    first, last = milliseconds_of(since), milliseconds_of(until)
    step = asked.step or fitting_bucket(first, last)
    if (last - first) / 1000 / step > _MOST_STEPS:
        raise _wrong_step(f"these would be more than {_MOST_STEPS} steps", "count by longer ones")
    if step not in BUCKETS and step % DAY:
        raise _wrong_step("this is no step", f"expected {', '.join(map(str, BUCKETS))}, or a multiple of {DAY}")
    if step < 3_600 and until - since > _SHORT_PERIOD:
        raise _wrong_step("so short steps are for two days at most", "count by hours: 3600")
    return _Period(max(first, 0), last, step, Filter(max(first, 0), last, jails=asked.jail))


def _wrong_step(detail: str, hint: str) -> WrongRequest:
    return WrongRequest([Mistake("query", "step", detail, hint)])


def _read(reader: HistoryReader, period: _Period) -> Statistics:
    require_jails(reader, period.filter.jails)
    return read_statistics(reader, period.filter, period.since, period.until, period.step)


def _points(reader: HistoryReader, period: _Period) -> SeriesList:
    require_jails(reader, period.filter.jails)
    points = reader.series(Series(period.filter, period.step))
    items = tuple(SeriesPoint(moment(point.start), point.jail, point.bans, point.failures) for point in points)
    return SeriesList(items, None, period.step)


def _told(found: Statistics) -> StatisticsOfPeriod:
    return StatisticsOfPeriod(
        moment(found.since),
        moment(found.until),
        _totals(found.now),
        _totals(found.before),
        found.is_comparable,
        tuple(
            JailTotals(jail.jail, jail.bans, jail.failures, jail.bans_before, jail.failures_before)
            for jail in found.jails
        ),
        found.bucket,
        tuple(Step(moment(bucket.start), bucket.bans, bucket.failures) for bucket in found.buckets),
    )


def _totals(totals: Totals) -> Mapping[str, int]:
    return {word_of(kind): totals.of(kind) for kind in EventKind}
