"""What is told of mistakes."""

from __future__ import annotations

from bangui.web.api.mistakes import MOST_MISTAKES, Mistake, WrongRequest, quoted, shown


def test_only_so_many_are_told() -> None:
    mistakes = [Mistake("body", f"field{number}", "wrong") for number in range(MOST_MISTAKES + 1)]
    assert len(WrongRequest(mistakes).mistakes) == MOST_MISTAKES


def test_what_is_told_back_is_cut_and_inert() -> None:
    assert shown("a\x1b[2J\u202eb") == r"a\x1b[2J\u202eb"
    assert quoted("x" * 1_000) == f"'{'x' * 80}...'"
