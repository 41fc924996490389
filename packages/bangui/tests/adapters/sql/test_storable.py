"""Anything that is observed can be stored."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.sql.storable import (
    LATEST_TIME,
    storable_duration,
    storable_number,
    storable_text,
    storable_time,
)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("plain", "plain"),
        ("a\x00b", "a\ufffdb"),
        ("\udcff", "?"),
        ("\N{SNOWMAN}", "\N{SNOWMAN}"),
        ("12345678901", "1234567890"),
        ("\x00" * 20, "\ufffd" * 10),
    ],
)
def test_a_text_loses_only_what_no_database_takes(text: str, stored: str) -> None:
    assert storable_text(text, 10) == stored


@given(st.text(st.characters()))
def test_a_stored_text_is_stored_as_it_is(text: str) -> None:
    stored = storable_text(text, 50)
    assert storable_text(stored, 50) == stored
    assert "\x00" not in stored.encode().decode()


@given(st.integers())
def test_every_number_has_its_bounds(number: int) -> None:
    assert 0 <= storable_time(number) <= LATEST_TIME
    stored = storable_number(number)
    assert stored is not None
    assert 0 <= stored < 1 << 31
    duration = storable_duration(number)
    assert duration is not None
    assert -1 <= duration <= 1 << 53


def test_what_is_unknown_stays_unknown() -> None:
    assert storable_number(None) is None
    assert storable_duration(None) is None
