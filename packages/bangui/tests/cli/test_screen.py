from __future__ import annotations

import io
from collections.abc import Mapping

import pytest

from bangui.cli.screen import make_unbreakable, screen_for


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        raise OSError("no descriptor")


@pytest.mark.parametrize(
    ("environment", "wants_colour", "is_coloured"),
    [
        ({"TERM": "xterm"}, True, True),
        ({"TERM": "xterm"}, False, False),
        ({"TERM": "dumb"}, True, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, True, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, True, True),
    ],
)
def test_colour_is_for_terminals_that_want_it(
    environment: Mapping[str, str], wants_colour: bool, is_coloured: bool
) -> None:
    screen = screen_for(Terminal(), environment, wants_colour=wants_colour)
    assert ("\x1b" in screen.styled("text", "red")) is is_coloured


def test_a_pipe_has_no_width_and_no_colour() -> None:
    screen = screen_for(io.StringIO(), {"TERM": "xterm", "COLUMNS": "40"})
    assert (screen.columns, screen.is_terminal, screen.styled("a", "red")) == (None, False, "a")


@pytest.mark.parametrize(("columns", "width"), [("40", 40), ("", 80), ("0", 80), ("wide", 80)])
def test_a_terminal_has_the_width_that_it_says_or_80_columns(columns: str, width: int) -> None:
    assert screen_for(Terminal(), {"COLUMNS": columns}).columns == width


def test_what_an_encoding_lacks_is_escaped_and_the_ellipsis_is_three_dots() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    make_unbreakable(stream)
    screen = screen_for(stream, {})
    screen.line("Müller")
    stream.seek(0)
    assert stream.read() == "M\\xfcller\n"
    assert screen.ellipsis == "..."
