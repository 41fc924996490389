"""`bangui stats`: how much happened, when, and is it more than before?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bangui.cli.chart import columns_of, draw
from bangui.cli.event_filters import period_of
from bangui.cli.event_values import time_text
from bangui.cli.exit_codes import ExitCode
from bangui.cli.history_options import KINDS, STEPS
from bangui.cli.inert import inert
from bangui.cli.json_values import dump
from bangui.cli.numbers import counted_out, grouped
from bangui.cli.parts import HistoryCall
from bangui.cli.screen import Screen
from bangui.cli.table import Column, print_table
from bangui.cli.times import recent
from bangui.domain.durations import duration_in_words, rough_duration
from bangui.domain.history_queries import HistoryState
from bangui.domain.moments import milliseconds_of, moment_of
from bangui.domain.sizes import size_in_words
from bangui.services.statistics import DAY, Statistics, changed_kinds, fitting_bucket, read_statistics

_CHART_LINES = 4
# Below these come more columns than a chart needs to be read.
_WIDEST_CHART = 120
_MOST_JAILS = 20


def run(call: HistoryCall) -> int:
    """Show the numbers of a period; the exit status is 1 when nothing happened in it."""
    options, now = call.options, call.parts.now()
    with call.parts.open_history(options.history) as reader:
        filter = period_of(options, reader, now)
        since, until = filter.since or 0, filter.until or milliseconds_of(now)
        bucket = STEPS[options.by] if options.by else fitting_bucket(since, until)
        statistics = read_statistics(reader, filter, since, until, bucket)
    if options.json:
        call.screen.line(dump(_as_json(statistics, options.history)))
    elif call.screen.is_terminal:
        _print_for_people(call.screen, statistics)
        _print_state(call.screen, statistics.state, options.history, now)
    else:
        _print_for_programs(call.screen, statistics)
    return ExitCode.FINE if any(statistics.now.by_kind.values()) else ExitCode.NOTHING_DONE


def _print_for_people(screen: Screen, statistics: Statistics) -> None:
    length = rough_duration((statistics.until - statistics.since) / 1000)
    before = f"compared with the {length} before" if statistics.is_comparable else "nothing to compare with yet"
    screen.prose(f"{_date(statistics.since)} to {_date(statistics.until)}: {length}, {before}", "bold")
    if not changed_kinds(statistics):
        screen.line("nothing happened")
        return
    screen.line()
    _print_kinds(screen, statistics)
    screen.line()
    _print_jails(screen, statistics)
    _print_charts(screen, statistics)


def _print_kinds(screen: Screen, statistics: Statistics) -> None:
    columns = [Column("EVENT"), Column("NUMBER", is_number=True)]
    if statistics.is_comparable:
        columns += [Column("BEFORE", is_number=True, drop=1), Column("CHANGE", is_number=True)]
    rows = []
    for kind in changed_kinds(statistics):
        now, before = statistics.now.of(kind), statistics.before.of(kind)
        rows.append((kind.value, grouped(now), grouped(before), _change(now, before))[: len(columns)])
    print_table(screen, columns, rows)


def _print_jails(screen: Screen, statistics: Statistics) -> None:
    columns = [Column("JAIL", can_be_cut=True), Column("BANS", is_number=True), Column("FAILURES", is_number=True)]
    if statistics.is_comparable:
        columns += [Column("BANS BEFORE", is_number=True, drop=1), Column("CHANGE", is_number=True)]
    print_table(
        screen,
        columns,
        [
            (
                share.jail,
                grouped(share.bans),
                grouped(share.failures),
                grouped(share.bans_before),
                _change(share.bans, share.bans_before),
            )[: len(columns)]
            for share in statistics.jails[:_MOST_JAILS]
        ],
    )
    if len(statistics.jails) > _MOST_JAILS:
        screen.line(f"and {counted_out(len(statistics.jails) - _MOST_JAILS, 'jail')} more")


def _change(now: int, before: int) -> str:
    if not before:
        return "new" if now else ""
    percent = round(100 * (now - before) / before)
    return f"{percent:+,}%" if percent else "same"


def _print_charts(screen: Screen, statistics: Statistics) -> None:
    """Draw bans and failures, one below the other on the same scale of time."""
    counts = {
        "bans": [bucket.bans for bucket in statistics.buckets],
        "failures": [bucket.failures for bucket in statistics.buckets],
    }
    margin = max(len(grouped(sum(values))) for values in counts.values())
    room = min(screen.columns or _WIDEST_CHART, _WIDEST_CHART) - margin - 2
    for title, values in counts.items():
        if any(values):
            sums, width = columns_of(values, max(10, room))
            step = statistics.bucket * -(-len(values) // len(sums))
            zone = ", days in UTC" if step >= DAY else ""
            screen.line()
            screen.line(f"{title}, each step {duration_in_words(step)}{zone}")
            _print_chart(screen, sums, width, max(len(grouped(max(sums))), margin))
            first, last = _date(statistics.buckets[0].start), _date(statistics.until)
            gap = max(1, len(sums) * width - len(first) - len(last))
            screen.line(screen.styled(f"{' ' * (margin + 2)}{first}{' ' * gap}{last}", "dim"))


def _print_chart(screen: Screen, values: Sequence[int], width: int, margin: int) -> None:
    lines = draw(values, width, _CHART_LINES, has_blocks=screen.has_unicode)
    for number, line in enumerate(lines):
        label = grouped(max(values)) if number == 0 else "0" if number == len(lines) - 1 else ""
        screen.line(f"{screen.styled(label.rjust(margin), 'dim')}  {line}".rstrip())


def _print_state(screen: Screen, state: HistoryState, place: str, now: datetime) -> None:
    screen.line()
    first, last = moment_of(state.first or 0), moment_of(state.last or 0)
    if state.events and first and last:
        since = f" since {_date(state.first or 0)}, the newest {recent(last, now)}"
    else:
        since = ""
    where = "PostgreSQL" if "://" in place else inert(place)
    screen.prose(
        f"history: {counted_out(state.events, 'event')}{since}; {size_in_words(state.disk_bytes)} in {where}", "dim"
    )


def _date(milliseconds: int) -> str:
    moment = moment_of(milliseconds) or datetime.now(UTC)
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def _print_for_programs(screen: Screen, statistics: Statistics) -> None:
    print_table(
        screen,
        (Column("EVENT"), Column("NUMBER", is_number=True), Column("BEFORE", is_number=True)),
        [(word, str(statistics.now.of(kind)), str(statistics.before.of(kind))) for word, kind in KINDS.items()],
    )
    screen.line()
    print_table(
        screen,
        (
            Column("JAIL"),
            Column("BANS", is_number=True),
            Column("FAILURES", is_number=True),
            Column("BANS BEFORE", is_number=True),
            Column("FAILURES BEFORE", is_number=True),
        ),
        [
            (jail.jail, str(jail.bans), str(jail.failures), str(jail.bans_before), str(jail.failures_before))
            for jail in statistics.jails
        ],
    )
    screen.line()
    print_table(
        screen,
        (Column("STEP"), Column("BANS", is_number=True), Column("FAILURES", is_number=True)),
        [(time_text(step.start) or "-", str(step.bans), str(step.failures)) for step in statistics.buckets],
    )


def _as_json(statistics: Statistics, place: str) -> dict[str, object]:
    state = statistics.state
    return {
        "since": time_text(statistics.since),
        "until": time_text(statistics.until),
        "comparable": statistics.is_comparable,
        "kinds": {
            word: {"number": statistics.now.of(kind), "before": statistics.before.of(kind)}
            for word, kind in KINDS.items()
        },
        "jails": [
            {
                "jail": jail.jail,
                "bans": jail.bans,
                "failures": jail.failures,
                "bans_before": jail.bans_before,
                "failures_before": jail.failures_before,
            }
            for jail in statistics.jails
        ],
        "step": statistics.bucket,
        "steps": [
            {"start": time_text(step.start), "bans": step.bans, "failures": step.failures}
            for step in statistics.buckets
        ],
        "history": {
            "events": state.events,
            "first": time_text(state.first),
            "last": time_text(state.last),
            "disk_bytes": state.disk_bytes,
            "schema": state.schema_version,
            "place": "postgresql" if "://" in place else place,
        },
    }
