"""`bangui export`: events for other programs, as CSV, as JSON lines, or their addresses alone.

Whatever is asked for, the events are written as they come: a history of any length needs no more memory than a short
one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from bangui.cli.event_filters import filters_of, order_of
from bangui.cli.exit_codes import ExitCode
from bangui.cli.numbers import counted_out
from bangui.cli.output_file import written_whole
from bangui.cli.parts import HistoryCall
from bangui.cli.progress import ProgressBar
from bangui.domain.errors import InvalidInput
from bangui.domain.history import EventKind
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import Order, SortKey
from bangui.services.event_export import Told, csv_lines, json_lines
from bangui.services.history import AddressList, find, with_lines
from bangui.services.network_names import NetworkNames


def run(call: HistoryCall) -> int:
    """Write the events that the options ask for, to standard output or into a file."""
    options = call.options
    if options.json:
        options.format = "jsonl"
    if options.format == "list" and options.lines:
        raise InvalidInput("a list of addresses has no log lines", "leave out --lines, or choose another --format")
    with call.parts.open_history(options.history) as reader, ProgressBar(call.errors, "exporting") as progress:
        pieces = _list_of_addresses(call, reader) if options.format == "list" else _events(call, reader)
        if options.output is None:
            for piece in pieces:
                call.screen.write(piece)
            return ExitCode.FINE
        with written_whole(options.output) as stream:
            written = _write(stream, pieces, progress)
    if call.errors.isatty():
        call.errors.write(f"{counted_out(written, 'line')} in {options.output}\n")
    return ExitCode.FINE


def _write(stream: TextIO, pieces: Iterator[str], progress: ProgressBar) -> int:
    written = 0
    for piece in pieces:
        stream.write(piece)
        written += 1
        if written % 1_000 == 0:
            progress(written, None)
    return written


def _events(call: HistoryCall, reader: HistoryReader) -> Iterator[str]:
    """Yield the lines of the export, each with its end."""
    options = call.options
    names = NetworkNames(call.parts.open_places(options.data))
    events = find(reader, filters_of(options, reader, call.parts.now()), order_of(options), options.limit)
    told: Told = with_lines(reader, events) if options.lines else ((event, ()) for event in events)
    write = csv_lines if options.format == "csv" else json_lines
    return write(told, names, with_lines=options.lines)


def _list_of_addresses(call: HistoryCall, reader: HistoryReader) -> Iterator[str]:
    """Yield each address once, in order. A list is for blocking: without --kind it holds who was banned, no others."""
    options = call.options
    options.kind = options.kind or [EventKind.BAN]
    filters = filters_of(options, reader, call.parts.now())
    addresses = AddressList(find(reader, filters, Order(SortKey.ADDRESS, is_descending=False)))
    for number, address in enumerate(addresses):
        if number == options.limit:
            return
        yield address + "\n"
    if addresses.left_out:
        what = counted_out(addresses.left_out, "id") + (" is" if addresses.left_out == 1 else " are")
        call.errors.write(f"bangui: {what} no address and left out: --format jsonl has them all\n")
