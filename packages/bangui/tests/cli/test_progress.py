from __future__ import annotations

import io

import pytest

from bangui.cli.progress import ProgressBar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def shown(terminal: Terminal) -> list[str]:
    return [text.rstrip() for text in terminal.getvalue().split("\r") if text.strip()]


def test_on_a_terminal_a_bar_tells_how_far_it_is_and_how_long_it_takes() -> None:
    terminal, clock = Terminal(), Clock()
    with ProgressBar(terminal, "restoring", clock) as progress:
        progress(0, 1_000)
        clock.now = 10.0
        progress(250, 1_000)
        clock.now = 7_200.0
        progress(500, 1_000)
    assert shown(terminal) == [
        f"restoring [{' ' * 30}]   0%",
        f"restoring [{'#' * 7}{' ' * 23}]  25%, 0:30 left",
        f"restoring [{'#' * 15}{' ' * 15}]  50%, 2:00:00 left",
    ]


def test_where_the_whole_is_unknown_it_counts() -> None:
    terminal = Terminal()
    with ProgressBar(terminal, "exporting") as progress:
        progress(12_000, None)
    assert shown(terminal) == ["exporting 12,000"]


def test_it_is_not_drawn_more_often_than_anybody_can_read() -> None:
    terminal, clock = Terminal(), Clock()
    with ProgressBar(terminal, "restoring", clock) as progress:
        for step in range(1_000):
            clock.now += 0.001
            progress(step, 1_000)
    assert 9 <= len(shown(terminal)) <= 11


def test_it_leaves_an_empty_line_behind_also_after_an_error() -> None:
    terminal = Terminal()

    def fail() -> None:
        with ProgressBar(terminal, "restoring") as progress:
            progress(1, 2)
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    *_, blanks, end = terminal.getvalue().split("\r")
    assert (blanks.strip(), end) == ("", "")
    assert len(blanks) == len("restoring [###############               ]  50%")


def test_elsewhere_nothing_is_written() -> None:
    stream = io.StringIO()
    with ProgressBar(stream, "restoring") as progress:
        progress(1, 2)
    assert stream.getvalue() == ""


@pytest.mark.parametrize(("done", "total"), [(5, 0), (-1, 10), (20, 10)])
def test_numbers_that_make_no_sense_do_no_harm(done: int, total: int) -> None:
    terminal = Terminal()
    with ProgressBar(terminal, "restoring") as progress:
        progress(done, total)
    assert len(shown(terminal)) == 1
