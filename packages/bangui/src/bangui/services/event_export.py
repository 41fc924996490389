"""Events and addresses for other programs: the lines of a file, one by one, so that no list is ever held as a whole.

`csv` is for spreadsheets (no cell is a formula), `jsonl` for programs (exact), `list` for whoever blocks addresses.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from bangui.domain.csv_cells import lines_cell, plain_cell, row_of, text_cell
from bangui.domain.history import Event
from bangui.services.event_values import event_value
from bangui.services.network_names import NetworkNames

# Of the values of an event, what a table has: the rest is a list, or of use to programs only.
COLUMNS = (
    "time",
    "kind",
    "jail",
    "id",
    "country",
    "network",
    "network_name",
    "duration",
    "ends_at",
    "count",
    "failures",
    "origin",
    "author",
    "reason",
    "host",
)
# What somebody outside has written.
_TEXTS = frozenset({"jail", "id", "network_name", "author", "reason", "host"})

Told = Iterable[tuple[Event, tuple[str, ...]]]


def csv_lines(told: Told, names: NetworkNames, *, with_lines: bool = False) -> Iterator[str]:
    """Yield the lines of a table, each with its end; the matched lines of an event are one cell."""
    yield row_of([*COLUMNS, "lines"] if with_lines else COLUMNS)
    for event, lines in told:
        cells = _cells(event_value(event, names.name(event.network, event.id)))
        yield row_of([*cells, lines_cell(lines)] if with_lines else cells)


def json_lines(told: Told, names: NetworkNames, *, with_lines: bool = False) -> Iterator[str]:
    """Yield one object on each line, with its end."""
    for event, lines in told:
        value = event_value(event, names.name(event.network, event.id))
        yield json.dumps({**value, "lines": list(lines)} if with_lines else value) + "\n"


def _cells(value: dict[str, object]) -> list[str]:
    if value["permanent"]:
        value["duration"] = "permanent"
    return [_cell(name, value[name]) for name in COLUMNS]


def _cell(name: str, value: object) -> str:
    return text_cell(value) if name in _TEXTS and isinstance(value, str) else plain_cell(value)
