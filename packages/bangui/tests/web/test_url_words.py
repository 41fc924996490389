from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.web.errors import WebError
from bangui.web.url_words import LONGEST_PLACE, decode_values, encode_values

values_strategy = st.lists(
    st.one_of(st.text(max_size=20), st.integers(-(2**60), 2**60), st.floats(allow_nan=False, allow_infinity=False)),
    max_size=4,
)


@given(values_strategy)
def test_values_come_back_from_their_word(values: list[str | float]) -> None:
    word = encode_values(values)
    assert decode_values(word) == values
    assert word.isascii()
    assert not set(word) & set("+/=&?# ")


def test_a_lone_surrogate_travels_as_well() -> None:
    assert decode_values(encode_values(["\udc80"])) == ["\udc80"]


@pytest.mark.parametrize(
    "word",
    [
        "",
        "!",
        "é",
        "x" * (LONGEST_PLACE + 1),
        *(
            base64.urlsafe_b64encode(text.encode()).decode()
            for text in ('{"a": 1}', "[NaN]", "[Infinity]", "[null]", "[true]", "[[1]]", "[1", "[" * 1_500)
        ),
    ],
)
def test_anything_else_is_a_damaged_address(word: str) -> None:
    with pytest.raises(WebError) as caught:
        decode_values(word)
    assert caught.value.problem.status == 400
