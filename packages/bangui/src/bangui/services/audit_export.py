"""The audit trail for other programs: `csv` for spreadsheets (no cell is a formula), `jsonl` for programs (exact)."""

from __future__ import annotations

import json

from bangui.domain.audit import RecordedEntry
from bangui.domain.csv_cells import plain_cell, row_of, text_cell
from bangui.domain.moments import moment_of

COLUMNS = ("time", "actor", "via", "address", "action", "target", "result", "detail", "host", "number")
# What somebody outside may have written.
_TEXTS = frozenset({"actor", "address", "action", "target", "detail", "host"})

CSV_HEAD = row_of(COLUMNS)


def entry_value(recorded: RecordedEntry) -> dict[str, object]:
    """Return an entry in JSON's own types; its time is exact, in UTC, None where no calendar reaches."""
    entry, moment = recorded.entry, moment_of(recorded.entry.time)
    return {
        "time": None if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "actor": entry.actor,
        "via": entry.via.value,
        "address": entry.address,
        "action": entry.action,
        "target": entry.target,
        "result": entry.result.value,
        "detail": entry.detail,
        "host": entry.host,
        "number": recorded.number,
    }


def csv_line(recorded: RecordedEntry) -> str:
    """Return a line of the table, with its end."""
    return row_of([_cell(name, value) for name, value in entry_value(recorded).items()])


def json_line(recorded: RecordedEntry) -> str:
    """Return one object, with the end of its line."""
    return json.dumps(entry_value(recorded)) + "\n"


def _cell(name: str, value: object) -> str:
    return text_cell(value) if name in _TEXTS and isinstance(value, str) else plain_cell(value)
