"""The words that lines are found by."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.sql.words import LONGEST_WORD, MOST_WORDS, words_of, words_of_all


def test_words_are_runs_of_letters_and_digits_in_lower_case() -> None:
    line = "Failed password for Root_2 from 203.0.113.7 port 22 ssh2 (ÄRGER, 测试)"
    assert words_of(line) == (
        *("failed", "password", "for", "root", "2", "from", "203", "0", "113", "7", "port", "22", "ssh2"),
        *("ärger", "测试"),
    )


def test_each_word_comes_once_in_the_order_of_its_first_time() -> None:
    assert words_of_all(["b a", "a c b"]) == ("b", "a", "c")


def test_text_without_a_word_has_none() -> None:
    assert words_of("") == words_of(" .-_\x00\t") == ()


def test_an_attacker_decides_neither_their_length_nor_their_number() -> None:
    assert words_of("x" * 10_000) == ("x" * LONGEST_WORD,)
    assert len(words_of_all([" ".join(map(str, range(1_000)))] * 3)) == MOST_WORDS


@given(st.text())
def test_words_are_their_own_words(text: str) -> None:
    words = words_of(text)
    assert words_of(" ".join(words)) == words
    assert all(word and len(word) <= LONGEST_WORD and " " not in word for word in words)
