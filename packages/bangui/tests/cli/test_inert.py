from __future__ import annotations

import pytest

from bangui.cli.inert import shortened, width


def test_wide_characters_take_two_columns_and_combining_ones_none() -> None:
    assert width("日本") == 4
    assert width("e\u0301") == 1
    assert width("abc") == 3


@pytest.mark.parametrize(
    ("text", "columns", "cut"), [("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("日本語", 4, "日…"), ("ab", 1, "…")]
)
def test_a_cut_text_fits_and_says_that_something_is_missing(text: str, columns: int, cut: str) -> None:
    assert shortened(text, columns) == cut
    assert width(cut) <= columns
