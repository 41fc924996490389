"""`bangui top [addresses|subnets|networks|countries|jails]`: who was banned most often?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bangui.cli.data_credits import credit_values, print_credits
from bangui.cli.event_filters import period_of
from bangui.cli.event_values import network_text, time_text
from bangui.cli.exit_codes import ExitCode
from bangui.cli.history_options import DIMENSIONS
from bangui.cli.json_values import dump
from bangui.cli.numbers import grouped
from bangui.cli.parts import HistoryCall
from bangui.cli.table import Column, print_table
from bangui.cli.times import recent
from bangui.domain.errors import InvalidInput
from bangui.domain.history import EventKind
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import Dimension, Filter, Metric, Top, TopRow
from bangui.domain.moments import moment_of
from bangui.services.network_names import NetworkNames

_TITLES = {
    Dimension.ADDRESS: "ADDRESS",
    Dimension.SUBNET: "SUBNET",
    Dimension.NETWORK: "NETWORK",
    Dimension.COUNTRY: "COUNTRY",
    Dimension.JAIL: "JAIL",
}
# These say by themselves where they are, or are somewhere.
_SOMEWHERE = frozenset({Dimension.ADDRESS, Dimension.SUBNET})


def run(call: HistoryCall) -> int:
    """Show the keys with the most bans or failures; the exit status is 1 when there are none."""
    options = call.options
    dimension = DIMENSIONS[options.what]
    places = call.parts.open_places(options.data)
    with call.parts.open_history(options.history) as reader:
        filter = period_of(options, reader, call.parts.now())
        _check(options.what, dimension, filter)
        metric = Metric(options.by)
        rows = [row for row in reader.top(Top(dimension, metric, filter, options.limit)) if _count(row, metric)]
        total = _total(reader, metric, filter)
        names = _names(reader, NetworkNames(places), dimension, rows)
    if options.json:
        values = [_row_value(row, dimension, metric, total, name) for row, name in zip(rows, names, strict=True)]
        answer = {"what": options.what, "by": options.by, "rows": values, "total": total}
        call.screen.line(dump({**answer, "data_sources": credit_values(places.sources())}))
    elif rows:
        titles = _print(call, dimension, metric, [*zip(rows, names, strict=True)], total)
        if {"CC", "COUNTRY", "NETWORK"}.intersection(titles):
            print_credits(call.screen, places.sources())
    elif call.screen.is_terminal:
        call.screen.line("nothing found")
    return ExitCode.FINE if rows else ExitCode.NOTHING_DONE


def _check(what: str, dimension: Dimension, filter: Filter) -> None:
    for option, values in (("--country", filter.countries), ("--network", filter.networks)):
        if values and dimension not in _SOMEWHERE:
            raise InvalidInput(f"{what} cannot be narrowed with {option}", "addresses and subnets can")


def _total(reader: HistoryReader, metric: Metric, filter: Filter) -> int | None:
    """Return how many there are in all; None where that would have to be counted."""
    if filter.countries or filter.networks:
        return None
    return reader.totals(filter).of(EventKind.BAN if metric is Metric.BANS else EventKind.FAILURE)


def _names(
    reader: HistoryReader, names: NetworkNames, dimension: Dimension, rows: Sequence[TopRow]
) -> list[str | None]:
    """Return the name of the network of each row."""
    if dimension is Dimension.NETWORK:
        return [names.name_by_number(int(row.key), reader) if row.key else None for row in rows]
    return [names.name(row.network, row.key or "") for row in rows]


def _print(
    call: HistoryCall,
    dimension: Dimension,
    metric: Metric,
    rows: Sequence[tuple[TopRow, str | None]],
    total: int | None,
) -> tuple[str, ...]:
    is_terminal, now = call.screen.is_terminal, call.parts.now()
    columns = [Column(_TITLES[dimension], can_be_cut=True), *_counts(metric)]
    if total is not None:
        columns.append(Column("SHARE", is_number=True, drop=4))
    columns += [Column("FIRST SEEN", drop=3), Column("LAST SEEN", drop=2)]
    if dimension in _SOMEWHERE:
        country = Column("CC" if is_terminal else "COUNTRY", drop=5)
        columns += [country, Column("NETWORK", can_be_cut=True, drop=6, least=9)]

    def cells(row: TopRow, name: str | None) -> list[str]:
        found = [_key_text(row, dimension, name if is_terminal else None)]
        counts = (row.bans, row.failures) if metric is Metric.BANS else (row.failures, row.bans)
        found += [grouped(count) if is_terminal else str(count) for count in counts]
        if total is not None:
            found.append(_share_text(_count(row, metric), total))
        found += [_time(time, now if is_terminal else None) for time in (row.first, row.last)]
        if dimension in _SOMEWHERE:
            network = network_text(row.network, name if is_terminal else None)
            found += [row.country or ("" if is_terminal else "-"), network or ("" if is_terminal else "-")]
        return found

    return print_table(call.screen, columns, [cells(row, name) for row, name in rows])


def _counts(metric: Metric) -> list[Column]:
    bans, failures = Column("BANS", is_number=True), Column("FAILURES", is_number=True)
    return [bans, failures] if metric is Metric.BANS else [failures, bans]


def _count(row: TopRow, metric: Metric) -> int:
    return row.bans if metric is Metric.BANS else row.failures


def _key_text(row: TopRow, dimension: Dimension, name: str | None) -> str:
    if row.key is None:
        return "unknown"
    return network_text(int(row.key), name) if dimension is Dimension.NETWORK else row.key


def _share_text(count: int, total: int) -> str:
    percent = 100 * count / total if total else 0.0
    return f"{percent:.0f}%" if percent >= 9.95 else f"{percent:.1f}%"


def _time(milliseconds: int, now: datetime | None) -> str:
    moment = moment_of(milliseconds)
    return recent(moment, now) if now and moment else time_text(milliseconds) or "-"


def _row_value(
    row: TopRow, dimension: Dimension, metric: Metric, total: int | None, name: str | None
) -> dict[str, object]:
    return {
        "key": row.key,
        "bans": row.bans,
        "failures": row.failures,
        "share": None if not total else round(_count(row, metric) / total, 4),
        "first": time_text(row.first),
        "last": time_text(row.last),
        "country": row.key if dimension is Dimension.COUNTRY else row.country,
        "network": int(row.key) if dimension is Dimension.NETWORK and row.key else row.network,
        "network_name": name,
    }
