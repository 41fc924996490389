from __future__ import annotations

import pytest

from bangui.domain.errors import InvalidInput
from bangui.domain.sizes import parse_size, size_in_words


@pytest.mark.parametrize(
    ("text", "size"),
    [("1000", 1_000), ("10k", 10_000), ("500M", 500_000_000), ("2G", 2_000_000_000), ("1.5 GB", 1_500_000_000)],
)
def test_a_size_is_understood_as_people_write_it(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "G", "0", "-1G", "2X", "2GiB", "1e9", "9" * 99])
def test_what_is_no_size_is_told_with_an_example(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_size(text)
    assert "500M" in caught.value.hint


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.0 kB"),
        (9_949, "9.9 kB"),
        (9_950, "10 kB"),
        (999_600, "1.0 MB"),
        (312_000_000, "312 MB"),
        (1_400_000_000, "1.4 GB"),
        (5 * 10**15, "5000 TB"),
    ],
)
def test_a_size_is_told_in_few_digits(size: int, words: str) -> None:
    assert size_in_words(size) == words
