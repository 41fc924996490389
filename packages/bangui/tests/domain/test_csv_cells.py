from __future__ import annotations

import csv
import io

import pytest

from bangui.domain.csv_cells import lines_cell, plain_cell, row_of, text_cell


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1+1", "＝1+1", "＠x"])
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(text: str) -> None:
    assert next(csv.reader([text_cell(text)])) == [f"'{text}"]


def test_a_tab_or_a_line_break_in_front_is_no_longer_one() -> None:
    assert text_cell("\t=1") == "\\x09=1"
    assert text_cell("\r=1") == "\\x0d=1"


def test_control_characters_and_hidden_ones_are_escapes() -> None:
    assert text_cell("evil \x1b[2J\u202e") == "evil \\x1b[2J\\u202e"


def test_a_row_reads_back_as_it_was() -> None:
    cells = ['say "hi"', "a,b", " edge ", "plain", ""]
    row = row_of([text_cell(cell) for cell in cells])
    assert row.endswith("\r\n")
    assert list(csv.reader(io.StringIO(row, newline=""))) == [cells]


def test_lines_of_a_log_are_one_cell_with_line_breaks() -> None:
    row = row_of([lines_cell(["one", 'two "2"\x1b', "=three"]), "end"])
    assert list(csv.reader(io.StringIO(row, newline=""))) == [['one\ntwo "2"\\x1b\n=three', "end"]]
    assert lines_cell(["=one", "two"]) == '"\'=one\ntwo"'


def test_values_of_our_own_stay_as_they_are() -> None:
    assert [plain_cell(value) for value in (None, 7, "ban")] == ["", "7", "ban"]
