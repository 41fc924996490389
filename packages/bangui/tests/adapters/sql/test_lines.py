"""Matched lines are kept small and come back as they were."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.sql import lines as lines_module
from bangui.adapters.sql.lines import LONGEST_LINE, MOST_LINES, keepable, lines_number, pack, unpack

_TYPICAL = tuple(
    f"Nov 23 09:35:{second} web sshd[4711]: Failed password for invalid user admin from 203.0.113.7 port 4{second} ssh2"
    for second in range(10, 15)
)


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), max_size=60))
def test_what_is_packed_comes_back(texts: list[str]) -> None:
    kept = keepable(texts)
    assert kept == tuple(texts[:MOST_LINES])
    assert unpack(pack(kept)) == (kept or ("",))


def test_no_more_is_kept_than_a_limit() -> None:
    kept = keepable("\N{GRINNING FACE}" * 3_000 for _ in range(100))
    assert len(kept) == MOST_LINES
    assert {len(line) for line in kept} == {LONGEST_LINE}
    assert unpack(pack(kept)) == kept


def test_what_cannot_be_stored_is_replaced() -> None:
    assert keepable(["a\x00b", "\ud800"]) == ("a\ufffdb", "?")


def test_typical_lines_take_a_fifth_of_their_length() -> None:
    assert len(pack(_TYPICAL)) < sum(map(len, _TYPICAL)) / 5


@pytest.mark.parametrize("broken", [b"", b"\x00", b"\x01", b"\x02abc", b"\x01\xff\xff\xff", pack(_TYPICAL)[:20]])
def test_a_damaged_value_is_no_error(broken: bytes) -> None:
    assert isinstance(unpack(broken), tuple)


def test_a_value_cannot_grow_without_end() -> None:
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, -13)
    bomb = b"\x01" + packer.compress(b"\x00" * 50_000_000) + packer.flush()
    assert sum(map(len, unpack(bomb))) + len(unpack(bomb)) < 1_000_000


def test_the_dictionary_is_the_one_that_stored_lines_were_packed_with() -> None:
    digest = hashlib.sha256(lines_module._DICTIONARY).hexdigest()
    assert digest.startswith("639e2b4ee9315780")


def test_numbers_are_in_the_order_of_time_and_tell_events_apart() -> None:
    numbers = [lines_number(time, event) for time in (0, 1, 1_700_000_000_000, 1 << 60) for event in (1, 2, 2_097_151)]
    assert numbers == sorted(set(numbers))
    assert max(numbers) < 1 << 63
