"""`bangui history [IP...]`: what happened, newest first."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, islice

from bangui.cli.data_credits import credit_values, print_credits
from bangui.cli.event_filters import filters_of, order_of
from bangui.cli.event_values import asker_text, duration_text, event_value, kind_word, network_text, time_text
from bangui.cli.exit_codes import ExitCode
from bangui.cli.inert import inert
from bangui.cli.json_values import dump
from bangui.cli.numbers import grouped, total_text
from bangui.cli.parts import HistoryCall
from bangui.cli.screen import Screen
from bangui.cli.table import Column, Table
from bangui.cli.times import recent
from bangui.domain.history import Event
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import Count
from bangui.domain.moments import moment_of
from bangui.services.history import count, find, with_lines
from bangui.services.network_names import NetworkNames

# A table is as wide as the first of its rows need; a screen shows fewer.
_SAMPLE = 1_000
# The prompt, the titles and what stands below take the rest of a screen.
_ROWS_TAKEN = 6
_FEWEST_ROWS = 10

_ON_TERMINAL = (
    Column("TIME"),
    Column("KIND"),
    # An address that is cut is of no use to anybody; a longer text was written by an attacker.
    Column("ID", can_be_cut=True, least=39),
    Column("JAIL", can_be_cut=True, least=10),
    Column("CC", drop=2),
    Column("NETWORK", can_be_cut=True, drop=4, least=9),
    Column("DURATION", drop=3),
    Column("NTH", is_number=True, drop=5),
    Column("BY", can_be_cut=True, drop=1, least=8),
)
_PIPED = (
    Column("TIME"),
    Column("KIND"),
    Column("ID"),
    Column("JAIL"),
    Column("COUNTRY"),
    Column("NETWORK"),
    Column("DURATION"),
    Column("NTH", is_number=True),
    Column("ORIGIN"),
)

Told = tuple[Event, tuple[str, ...]]


def run(call: HistoryCall) -> int:
    """Show the events that the options ask for; the exit status is 1 when there are none."""
    options = call.options
    places = call.parts.open_places(options.data)
    names = NetworkNames(places)
    with call.parts.open_history(options.history) as reader:
        filters = filters_of(options, reader, call.parts.now())
        limit = _limit(call)
        events = find(reader, filters, order_of(options), limit)
        told: Iterator[Told] = with_lines(reader, events) if options.lines else ((event, ()) for event in events)
        if options.json:
            shown = _print_json(call, told, names, {"data_sources": credit_values(places.sources())})
        elif call.screen.is_terminal:
            shown, titles = _print_for_people(call, told, names)
            if shown == limit:
                _tell_total(call.screen, count(reader, filters), shown)
            if not shown:
                _say_nothing(call, reader)
            if {"CC", "NETWORK"}.intersection(titles):
                print_credits(call.screen, places.sources())
        else:
            shown, _ = _print_table(call.screen, _PIPED, told, _exact_row)
    return ExitCode.FINE if shown else ExitCode.NOTHING_DONE


def _limit(call: HistoryCall) -> int | None:
    given: int | None = call.options.limit
    if given is not None or call.options.all or call.options.json or not call.screen.is_terminal:
        return given
    return max(_FEWEST_ROWS, _terminal_rows(call.environment) - _ROWS_TAKEN)


def _terminal_rows(environment: Mapping[str, str]) -> int:
    given = environment.get("LINES", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size().lines
    except OSError:
        return 24


def _print_for_people(call: HistoryCall, told: Iterator[Told], names: NetworkNames) -> tuple[int, tuple[str, ...]]:
    """Write the events with relative times and without columns that are empty, as `_print_table` does."""
    now = call.parts.now()

    def row(event: Event) -> tuple[str, ...]:
        return _relative_row(event, names.name(event.network, event.id), now)

    sample = list(islice(told, _SAMPLE))
    rows = [row(event) for event, _ in sample]
    used = [index for index, column in enumerate(_ON_TERMINAL) if not column.drop or any(one[index] for one in rows)]
    columns = [_ON_TERMINAL[index] for index in used]
    return _print_table(
        call.screen,
        columns,
        chain(sample, told),
        lambda event: [cells[index] for cells in [row(event)] for index in used],
    )


def _print_table(
    screen: Screen, columns: Sequence[Column], told: Iterator[Told], row: Callable[[Event], Sequence[str]]
) -> tuple[int, tuple[str, ...]]:
    """Write a table as it comes, with the matched lines below their events; return its rows' number and its titles."""
    sample = list(islice(told, _SAMPLE))
    if not sample:
        return 0, ()
    table = Table(screen, columns, [row(event) for event, _ in sample])
    table.header()
    shown = 0
    for event, lines in chain(sample, told):
        table.row(row(event))
        print_lines(screen, lines)
        shown += 1
    return shown, table.titles


def print_lines(screen: Screen, lines: Iterable[str], indent: int = 2) -> None:
    """Write matched lines, which an attacker had a hand in; on a terminal they are broken, never cut."""
    for line in lines:
        screen.prose(" " * indent + inert(line), "dim")


def _relative_row(event: Event, network_name: str | None, now: datetime) -> tuple[str, ...]:
    moment = moment_of(event.time)
    return (
        recent(moment, now) if moment else "",
        event.kind.value,
        event.id,
        event.jail,
        event.country or "",
        network_text(event.network, network_name),
        duration_text(event),
        "" if event.count is None else str(event.count),
        asker_text(event),
    )


def _exact_row(event: Event) -> tuple[str, ...]:
    # A cell that is empty would move those after it to the left for whoever cuts lines at blanks.
    return (
        time_text(event.time) or "-",
        kind_word(event),
        event.id or "-",
        event.jail or "-",
        event.country or "-",
        network_text(event.network, None) or "-",
        duration_text(event).replace(" ", "") or "-",
        "-" if event.count is None else str(event.count),
        event.origin.value,
    )


def _print_json(call: HistoryCall, told: Iterator[Told], names: NetworkNames, more: Mapping[str, object]) -> int:
    """Write one object, one event a line, so that a long list needs little memory on both sides."""
    shown = 0
    call.screen.write('{"events": [')
    for event, lines in told:
        value = event_value(event, names.name(event.network, event.id))
        if call.options.lines:
            value["lines"] = list(lines)
        call.screen.write((",\n" if shown else "\n") + dump(value))
        shown += 1
    call.screen.line("\n], " + dump(more).removeprefix("{"))
    return shown


def _tell_total(screen: Screen, total: Count | None, shown: int) -> None:
    if total is None:
        screen.prose(f"the first {grouped(shown)}; --limit 200 or --all shows more", "dim")
    elif total.value > shown:
        screen.prose(f"{grouped(shown)} of {total_text(total, 'event')}; --limit 200 or --all shows more", "dim")


def _say_nothing(call: HistoryCall, reader: HistoryReader) -> None:
    if not reader.state().events:
        call.screen.line("nothing has been recorded yet")
        return
    call.screen.line("nothing found")
    jails = set(reader.jails())
    for term in call.options.terms:
        if term in jails:
            call.screen.prose(f"{inert(term)} is a jail: bangui history --jail {inert(term)}", "dim")
