"""Places in lists as words."""

from __future__ import annotations

import base64

import pytest

from bangui.domain.errors import InvalidInput
from bangui.web.api.cursors import LONGEST_CURSOR, Fact, decode_cursor, encode_cursor
from packages.bangui.tests.web.scripted import HOSTILE_IDS

_KINDS: tuple[type[Fact], ...] = (float, str)


@pytest.mark.parametrize("text", [text for text in HOSTILE_IDS if len(text) < 300])
def test_a_place_comes_back_as_it_was(text: str) -> None:
    assert decode_cursor(encode_cursor("list", (1.5, text)), "list", _KINDS) == (1.5, text)


def test_a_place_in_long_texts_fits_and_lies_after_all_that_begin_alike() -> None:
    text = "\U0001f600" * 5_000
    word = encode_cursor("list", (1.5, text, text))
    assert len(word) <= LONGEST_CURSOR
    _, found, _ = decode_cursor(word, "list", (float, str, str))
    assert str(found) > text
    _, turned, _ = decode_cursor(encode_cursor("list", (1.5, text, text), is_turned=True), "list", (float, str, str))
    assert str(turned) < text


@pytest.mark.parametrize(
    "word",
    [
        "",
        "x",
        "*",
        "=" * 10,
        encode_cursor("other list", (1.5, "x")),
        encode_cursor("list", (1, "x")),
        encode_cursor("list", (1.5,)),
        encode_cursor("list", ("x", "x")),
        base64.urlsafe_b64encode(b"[" * 2_000).decode(),
        base64.urlsafe_b64encode(b"[NaN]").decode(),
        base64.urlsafe_b64encode(b"\xff").decode(),
        base64.urlsafe_b64encode(b"{}").decode(),
    ],
)
def test_what_is_no_place_in_this_list_is_refused(word: str) -> None:
    with pytest.raises(InvalidInput, match="no place in this list"):
        decode_cursor(word, "list", _KINDS)
