"""Events of the history as a file of any length, sent as it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from enum import Enum
from typing import Annotated

from starlette.responses import Response

from bangui.domain.accounts import Scope
from bangui.domain.csv_cells import lines_cell, plain_cell, row_of, text_cell
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import Order, SortKey
from bangui.services.history import find, require_jails, with_lines
from bangui.services.network_names import NetworkNames
from bangui.web.api.event_filters import EventsWanted
from bangui.web.api.event_values import HistoryEvent, history_event
from bangui.web.api.files import send_file
from bangui.web.api.operations import Call, FileAnswer, Nothing, Operation
from bangui.web.api.parts import history_of
from bangui.web.api.shapes import About
from bangui.web.api.writing import json_text, value_of
from bangui.web.site import Site

# What of an event a table has.
_COLUMNS = tuple(field.name for field in fields(HistoryEvent) if field.name not in {"sources", "lines"})
_TEXTS = frozenset({"host", "jail", "id", "network_name", "author", "reason"})


class EventForm(Enum):
    """How a file of events is written."""

    JSONL = "jsonl"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class EventFileAsked(EventsWanted):
    """Which events, and how they are written."""

    format: Annotated[EventForm, About("JSON lines, or a table for spreadsheets.", "jsonl")] = EventForm.JSONL
    sort: Annotated[SortKey, About("By what the events are sorted.", "time")] = SortKey.TIME
    descending: Annotated[bool, About("The newest, the last, the largest first.", example=True)] = True
    lines: Annotated[bool, About("Whether the matched lines come too.", example=False)] = False


_FILE = FileAnswer(
    {
        "application/x-ndjson": '{"time":"2026-11-25T16:30:00Z","kind":"ban","jail":"sshd","id":"203.0.113.7"}\n',
        "text/csv": "time,kind,host,jail,id\r\n2026-11-25T16:30:00Z,ban,web-1,sshd,203.0.113.7\r\n",
    }
)


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operations that send files of events."""

    async def export(call: Call[EventFileAsked, Nothing]) -> Response:
        history, asked = history_of(site), call.asked
        question = _question(asked, NetworkNames(history.places))
        media = "text/csv" if asked.format is EventForm.CSV else "application/x-ndjson"
        return await send_file(call.request, history.stream(question), media, site.settings.send_seconds)

    return (
        Operation(
            "exportEvents",
            "GET",
            "/events/export",
            "History",
            "Get everything that happened, as a file",
            Scope.READ,
            export,
            text="The file is sent as it is read. One that breaks off has no end, and is to be fetched again.",
            problems=("unknown-jail", "history-away"),
            file=_FILE,
        ),
    )


def _question(asked: EventFileAsked, names: NetworkNames) -> Callable[[HistoryReader], Iterator[str]]:
    filter, order = asked.filter, Order(asked.sort, asked.descending)

    def question(reader: HistoryReader) -> Iterator[str]:
        require_jails(reader, filter.jails)
        return _written(asked.format, _events(reader), has_lines=asked.lines)

    def _events(reader: HistoryReader) -> Iterator[HistoryEvent]:
        events = find(reader, [filter], order)
        told = with_lines(reader, events) if asked.lines else ((event, ()) for event in events)
        for event, lines in told:
            yield history_event(event, names.name(event.network, event.id), lines)

    return question


def _written(form: EventForm, events: Iterator[HistoryEvent], *, has_lines: bool) -> Iterator[str]:
    if form is EventForm.JSONL:
        for event in events:
            yield json_text(value_of(event)) + "\n"
        return
    yield row_of([*_COLUMNS, "lines"] if has_lines else _COLUMNS)
    for event in events:
        cells = _cells(event)
        yield row_of([*cells, lines_cell(event.lines)] if has_lines else cells)


def _cells(event: HistoryEvent) -> list[str]:
    told = value_of(event)
    values = told if isinstance(told, dict) else {}
    return [_cell(name, values[name]) for name in _COLUMNS]


def _cell(name: str, value: object) -> str:
    if isinstance(value, bool):
        return plain_cell(json_text(value))
    return text_cell(value) if name in _TEXTS and isinstance(value, str) else plain_cell(value)
