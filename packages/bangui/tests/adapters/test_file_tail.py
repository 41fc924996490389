from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bangui.adapters.file_tail import LONGEST_LINE, MOST_LINES, WINDOW, FileTail
from bangui.domain.watched_logs import LogPart


@contextmanager
def tail_of(path: Path, place: str | None = None) -> Iterator[FileTail]:
    tail = FileTail(str(path), place)
    try:
        yield tail
    finally:
        tail.close()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.write_text("one\ntwo\n")
    return path


def add(path: Path, text: str | bytes) -> None:
    with path.open("ab") as file:
        file.write(text if isinstance(text, bytes) else text.encode())


def texts(part: LogPart) -> list[str]:
    return [line.text for line in part.lines]


def test_the_first_read_gives_the_newest_lines_and_the_next_ones_what_is_new(log: Path) -> None:
    with tail_of(log) as tail:
        assert texts(tail.read()) == ["one", "two"]
        assert tail.read().lines == ()
        add(log, "three\nfo")
        assert texts(tail.read()) == ["three"]
        add(log, "ur\n")
        assert texts(tail.read()) == ["four"]


def test_a_reader_comes_back_to_any_line(log: Path) -> None:
    add(log, "three\n")
    with tail_of(log) as tail:
        part = tail.read()
    assert part.lines[-1].place == part.place
    for number, line in enumerate(part.lines):
        with tail_of(log, line.place) as again:
            found = again.read()
            assert texts(found) == ["one", "two", "three"][number + 1 :]
            assert not found.is_anew


@pytest.mark.parametrize("place", ["", "nonsense", "1.2", "-1.0.0", "1.2.ffffffffffffffffffff", "<b>"])
def test_a_place_that_is_none_means_the_newest_lines(log: Path, place: str) -> None:
    with tail_of(log, place) as tail:
        part = tail.read()
        assert (texts(part), part.is_anew) == (["one", "two"], False)


def test_a_log_that_is_rotated_is_read_to_its_end_and_then_anew(log: Path) -> None:
    with tail_of(log) as tail:
        tail.read()
        log.rename(log.with_suffix(".log.1"))
        add(log.with_suffix(".log.1"), "last\n")
        assert texts(tail.read()) == ["last"]
        assert tail.read().lines == ()  # the new one is not there yet
        log.write_text("first\n")
        part = tail.read()
        assert (texts(part), part.is_anew) == (["first"], True)
        assert not tail.read().is_anew


def test_a_log_that_is_emptied_is_read_anew(log: Path) -> None:
    with tail_of(log) as tail:
        tail.read()
        log.write_text("x\n")
        part = tail.read()
        assert (texts(part), part.is_anew) == (["x"], True)


def test_a_reader_who_comes_back_after_a_rotation_reads_the_new_log(log: Path) -> None:
    with tail_of(log) as tail:
        place = tail.read().place
    log.rename(log.with_suffix(".log.1"))
    log.write_text("first\n")
    with tail_of(log, place) as tail:
        part = tail.read()
        assert (texts(part), part.is_anew) == (["first"], True)


def test_of_a_large_log_only_the_end_is_read(log: Path) -> None:
    add(log, "".join(f"line {number:090}\n" for number in range(5_000)))
    with tail_of(log) as tail:
        part = tail.read()
        assert part.has_gap
        assert part.lines[-1].text.endswith("4999")
        assert sum(len(line.text) + 1 for line in part.lines) <= WINDOW
        assert all(len(line.text) == 95 for line in part.lines)


def test_of_very_many_lines_the_newest_are_given(log: Path) -> None:
    add(log, "\n" * 100_000 + "end\n")
    with tail_of(log) as tail:
        part = tail.read()
    assert (len(part.lines), part.lines[-1].text, part.has_gap) == (MOST_LINES, "end", True)


def test_a_long_line_is_cut_and_one_without_end_comes_in_pieces(log: Path) -> None:
    log.write_bytes(b"x" * 10_000 + b"\n")
    with tail_of(log) as tail:
        (line,) = tail.read().lines
        assert (len(line.text), line.is_cut) == (LONGEST_LINE, True)
        add(log, b"y" * WINDOW)
        (line,) = tail.read().lines
        assert (len(line.text), line.is_cut) == (LONGEST_LINE, True)
        add(log, b"y\nz\n")
        assert texts(tail.read()) == ["y", "z"]


def test_what_is_no_text_is_shown_as_its_bytes(log: Path) -> None:
    log.write_bytes(b"\x00\xff\xfe caf\xc3\xa9\r\n")
    with tail_of(log) as tail:
        assert texts(tail.read()) == ["\x00\\xff\\xfe café"]


def test_a_log_that_cannot_be_opened_leaves_nothing_open(log: Path) -> None:
    before = sum(1 for _ in Path("/proc/self/fd").iterdir())
    with pytest.raises(FileNotFoundError):
        FileTail(str(log.with_name("gone")))
    assert sum(1 for _ in Path("/proc/self/fd").iterdir()) == before
