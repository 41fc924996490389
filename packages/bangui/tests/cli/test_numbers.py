from __future__ import annotations

from bangui.cli.numbers import counted_out, grouped, total_text
from bangui.domain.history_queries import Count


def test_thousands_stand_apart() -> None:
    assert grouped(1_234_567) == "1,234,567"


def test_a_noun_is_in_the_plural_unless_there_is_one() -> None:
    assert [counted_out(number, "ban") for number in (0, 1, 1_204)] == ["0 bans", "1 ban", "1,204 bans"]


def test_a_number_that_is_not_exact_says_so() -> None:
    assert total_text(Count(10_000, is_exact=False), "event") == "more than 10,000 events"
    assert total_text(Count(3, is_exact=True), "event") == "3 events"
