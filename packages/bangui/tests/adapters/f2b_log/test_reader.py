from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.f2b_log.line import MAX_LINE_BYTES
from bangui.adapters.f2b_log.reader import LineReader


class Growing:
    """Gives a text in the pieces in which it was written, and nothing where the next one was not written yet."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def read(self, size: int, /) -> bytes:
        if not self.pieces:
            return b""
        piece = self.pieces.pop(0)
        if len(piece) > size:
            self.pieces.insert(0, piece[size:])
        return piece[:size]


def test_lines_end_with_their_line_break_and_nothing_else() -> None:
    reader = LineReader(io.BytesIO(b"a\r\x0b\x85\n\nb\nno end"))
    assert [reader.next() for _ in range(5)] == [b"a\r\x0b\x85", b"", b"b", None, None]
    assert reader.offset == 8


def test_a_line_is_given_out_when_its_end_has_come() -> None:
    growing = Growing()
    reader = LineReader(growing, offset=10)
    growing.pieces = [b"one", b" line"]
    assert reader.next() is None
    assert reader.offset == 10
    growing.pieces = [b"\nnext"]
    assert (reader.next(), reader.offset) == (b"one line", 19)
    growing.pieces = [b"\n"]
    assert (reader.next(), reader.offset) == (b"next", 24)


def test_a_line_without_end_takes_no_more_room_than_allowed_and_the_offset_stays_right() -> None:
    long = b"x" * (5 * MAX_LINE_BYTES)
    text = b"a\n" + long + b"\nb\n"
    reader = LineReader(io.BytesIO(text))
    assert reader.next() == b"a"
    assert reader.next() == long[:MAX_LINE_BYTES]
    assert reader.offset == 2 + len(long) + 1
    assert (reader.next(), reader.offset) == (b"b", len(text))


@given(st.lists(st.binary(max_size=12)), st.integers(1, 20))
def test_however_a_text_is_written_its_lines_and_their_offsets_are_the_same(pieces: list[bytes], longest: int) -> None:
    text = b"".join(pieces)
    growing = Growing()
    reader = LineReader(growing, longest=longest)
    found: list[tuple[bytes, int]] = []
    for piece in pieces:
        growing.pieces.append(piece)
        while (line := reader.next()) is not None:
            found.append((line, reader.offset))
    expected = []
    offset = 0
    for line in text.split(b"\n")[:-1]:
        offset += len(line) + 1
        expected.append((line[:longest], offset))
    assert found == expected
