from __future__ import annotations

import io

from bangui.cli.screen import Screen
from bangui.cli.table import Column, Table, print_table

COLUMNS = (Column("JAIL", can_be_cut=True), Column("BANNED", is_number=True), Column("TOTAL", is_number=True, drop=1))
ROWS = [("sshd", "9", "41"), ("nginx-http-auth-for-the-old-shop", "1200", "33000")]


def a_screen(columns: int | None, *, has_colour: bool = False) -> tuple[Screen, io.TextIOWrapper]:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    return Screen(stream, is_terminal=columns is not None, columns=columns, has_colour=has_colour), stream


def printed(columns: int | None, rows: list[tuple[str, str, str]] = ROWS, *, has_colour: bool = False) -> list[str]:
    screen, stream = a_screen(columns, has_colour=has_colour)
    print_table(screen, COLUMNS, rows)
    stream.seek(0)
    return stream.read().splitlines()


def test_a_table_is_aligned_with_figures_to_the_right() -> None:
    assert printed(None) == [
        "JAIL                              BANNED  TOTAL",
        "sshd                                   9     41",
        "nginx-http-auth-for-the-old-shop    1200  33000",
    ]


def test_on_a_narrow_terminal_texts_are_cut_and_never_wrap() -> None:
    assert printed(36) == [
        "JAIL                   BANNED  TOTAL",
        "sshd                        9     41",
        "nginx-http-auth-for-…    1200  33000",
    ]


def test_on_a_very_narrow_terminal_columns_go_before_texts_become_unreadable() -> None:
    assert printed(26) == [
        "JAIL                BANNED",
        "sshd                     9",
        "nginx-http-auth-f…    1200",
    ]
    assert all(len(line) <= 16 for line in printed(16))


def test_piped_output_is_complete_however_long() -> None:
    assert "x" * 500 in "\n".join(printed(None, [("x" * 500, "1", "2")]))


def test_hostile_cells_are_inert_and_still_aligned() -> None:
    lines = printed(80, [("\x1b[31m", "1", "2"), ("日本", "3", "4")])
    assert lines[1] == "\\x1b[31m       1      2"
    assert lines[2] == "日本           3      4"


def test_only_the_header_is_styled() -> None:
    lines = printed(80, has_colour=True)
    assert lines[0].startswith("\x1b[2m")
    assert not any("\x1b" in line for line in lines[1:])


def test_a_column_is_not_cut_below_its_least_while_another_can_be_left_out() -> None:
    columns = (Column("ID", can_be_cut=True, least=20), Column("NAME", can_be_cut=True, drop=1, least=8))
    rows = [("x" * 20, "y" * 20)]
    for room, line in ((42, "x" * 20 + "  " + "y" * 20), (30, "x" * 20 + "  yyyyyyy…"), (29, "x" * 20)):
        screen, stream = a_screen(room)
        print_table(screen, columns, rows)
        stream.seek(0)
        assert stream.read().splitlines()[1] == line


def test_a_long_table_is_measured_by_a_sample_and_comes_line_by_line() -> None:
    screen, stream = a_screen(None)
    table = Table(screen, COLUMNS, ROWS[:1], indent=2)
    table.header()
    for row in ROWS:
        table.row(row)
    stream.seek(0)
    assert stream.read().splitlines() == [
        "  JAIL  BANNED  TOTAL",
        "  sshd       9     41",
        "  nginx-http-auth-for-the-old-shop    1200  33000",
    ]
