"""What is wrong with a request, field by field, all of it at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bangui.domain.inert import inert

MOST_MISTAKES = 50
"""Told in one answer; whoever has made more of them has made one mistake many times."""
_LONGEST_QUOTE = 80


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong value. `place` is `path`, `query`, `header` or `body`; `field` as in `ids[3]`, empty for the whole."""

    place: str
    field: str
    detail: str
    hint: str = ""


class WrongRequest(Exception):
    """Ends a request that cannot be meant."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)[:MOST_MISTAKES]
        super().__init__("; ".join(f"{one.field or one.place}: {one.detail}" for one in self.mistakes))


def shown(text: str) -> str:
    """Return a text of a request to be told back, cut and without what would not be seen."""
    return inert(text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}...")


def quoted(text: str) -> str:
    """Return the same between quotes."""
    return f"'{shown(text)}'"
