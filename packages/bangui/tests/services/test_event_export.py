from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from bangui.domain.history_queries import Filter, Order
from bangui.services.event_export import COLUMNS, csv_lines, json_lines
from bangui.services.history import find, with_lines
from bangui.services.network_names import NetworkNames
from packages.bangui.tests.filled_history import HOSTILE, NUMBER_OF_EVENTS, FilledHistory, FixedPlaces, ban

NAMES = NetworkNames(FixedPlaces())


@pytest.fixture
def history(tmp_path: Path) -> FilledHistory:
    history = FilledHistory(tmp_path / "history.sqlite3")
    history.record()
    history.record([ban("=cmd|' /C calc'!A0", 5, "-jail", lines=["+evil", "=evil"])])
    return history


def rows(history: FilledHistory, filter: Filter, *, lines: bool = False) -> list[dict[str, str]]:
    with history.open() as reader:
        told = with_lines(reader, find(reader, [filter], Order()))
        text = "".join(csv_lines(told, NAMES, with_lines=lines))
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_table_has_a_row_for_each_event_below_its_columns(history: FilledHistory) -> None:
    table = rows(history, Filter())
    assert tuple(table[0]) == COLUMNS
    assert len(table) == NUMBER_OF_EVENTS + 1


def test_no_cell_is_a_formula(history: FilledHistory) -> None:
    (row,) = rows(history, Filter(prefix="=cmd"), lines=True)
    assert (row["id"], row["jail"], row["lines"]) == ("'=cmd|' /C calc'!A0", "'-jail", "'+evil\n=evil")


def test_a_permanent_ban_says_so_instead_of_a_number(history: FilledHistory) -> None:
    assert {row["duration"] for row in rows(history, Filter(id="2001:db8::7"))} == {"permanent", ""}


def test_json_is_exact_and_holds_no_control_character(history: FilledHistory) -> None:
    with history.open() as reader:
        told = with_lines(reader, find(reader, [Filter(id=HOSTILE)], Order()))
        (line,) = json_lines(told, NAMES, with_lines=True)
    assert line.isascii()
    assert line.strip().isprintable()
    value = json.loads(line)
    assert (value["id"], value["lines"]) == (HOSTILE, [f"GET /?name={HOSTILE}"])
