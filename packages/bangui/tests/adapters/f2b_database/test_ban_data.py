from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.f2b_database.ban_data import (
    LONGEST_LINE,
    MOST_LINES,
    MOST_TEXT,
    BanData,
    parse_ban_data,
)
from packages.bangui.tests.adapters.f2b_database.made_database import data

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)


def test_matches_are_texts_or_parts_to_be_joined() -> None:
    content = data(["one line", ["before ", "Nov 23 09:25:01", " after\n"]], 2, user="eve", ip4="192.0.2.1")
    assert parse_ban_data(content) == BanData(("one line", "before Nov 23 09:25:01 after"), 2)


def test_a_database_written_by_an_old_fail2ban_holds_text() -> None:
    assert parse_ban_data(data(["line"], 3).decode()) == BanData(("line",), 3)


@pytest.mark.parametrize(
    "value",
    [
        *(None, 5, 1.5, b"", "", b"\xff\xfe", b"{", "{}", "[]", "null", "7", '"text"'),
        *(b"[" * 100_000, b'{"matches": ' * 50_000, b"9" * 5_000, b'{"failures": ' + b"9" * 5_000 + b"}"),
        *('{"matches": "text"}', '{"matches": {"0": "text"}}', '{"failures": "3"}', '{"failures": true}'),
        *('{"failures": -1}', '{"failures": 1e3}', '{"failures": 99999999999}', '{"failures": [1]}'),
    ],
)
def test_what_makes_no_sense_tells_nothing(value: object) -> None:
    assert parse_ban_data(value) == BanData()


def test_matches_of_other_types_are_left_out() -> None:
    matches = ["good", 5, None, {"a": "b"}, ["a", 1, "c"], [["a"]], ["a", "b", "c", "d"], [], ["only"]]
    assert parse_ban_data(data(matches)).lines == ("good", "", "only")


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert parse_ban_data(b'{"matches": ["caf\xe9", "\\ud800 half"], "failures": 1}').lines == ("caf\ufffd", "? half")


def test_of_too_many_lines_the_newest_are_kept() -> None:
    lines = parse_ban_data(data([f"line {number}" for number in range(500)])).lines
    assert (len(lines), lines[0], lines[-1]) == (MOST_LINES, "line 400", "line 499")


def test_long_lines_are_cut_and_do_not_fill_more_than_their_room() -> None:
    lines = parse_ban_data(data([f"{number:03}" + "x" * 20_000 for number in range(50)])).lines
    assert {len(line) for line in lines} == {LONGEST_LINE}
    assert [line[:3] for line in lines] == [f"{number:03}" for number in range(50 - MOST_TEXT // LONGEST_LINE, 50)]


def test_of_a_text_that_was_cut_off_the_complete_matches_are_kept() -> None:
    content = data(["first", ["a", "b", "c"], "x" * 1000, "last"], 9)
    assert parse_ban_data(content[:60], is_whole=False) == BanData(("first", "abc"), None)
    assert parse_ban_data(content[:18], is_whole=False) == BanData()
    assert parse_ban_data(b'{"user": "x', is_whole=False) == BanData()
    assert parse_ban_data(b'{"matches": [' + b"[" * 100_000, is_whole=False) == BanData()


@given(value=st.binary() | st.text() | st.none() | st.integers() | st.floats(), is_whole=st.booleans())
def test_no_content_of_the_column_raises_an_error(value: object, is_whole: bool) -> None:
    check(parse_ban_data(value, is_whole=is_whole))


@given(content=st.dictionaries(st.sampled_from(["matches", "failures", "user"]), json_values), cut=st.integers(0, 200))
def test_no_json_raises_an_error_wherever_it_is_cut_off(content: dict[str, object], cut: int) -> None:
    text = json.dumps(content).encode()
    check(parse_ban_data(text))
    check(parse_ban_data(text[:cut], is_whole=False))


def check(parsed: BanData) -> None:
    """Fail for what could not be stored."""
    assert len(parsed.lines) <= MOST_LINES
    assert sum(map(len, parsed.lines)) <= MOST_TEXT
    for line in parsed.lines:
        assert len(line.encode()) <= 4 * LONGEST_LINE
    assert parsed.failures is None or 0 <= parsed.failures < 2**31
