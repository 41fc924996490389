"""Text from the daemon on a terminal: made harmless, and as wide as it is drawn."""

from __future__ import annotations

from unicodedata import combining, east_asian_width

from bangui.domain.inert import inert

__all__ = ["inert", "shortened", "width"]


def width(text: str) -> int:
    """Return how many columns the (inert) text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_char_width(char) for char in text)


def _char_width(char: str) -> int:
    if combining(char):
        return 0
    return 2 if east_asian_width(char) in "WF" else 1


def shortened(text: str, columns: int, ellipsis: str = "…") -> str:
    """Return the (inert) text cut to so many columns, with an ellipsis where something is missing."""
    if width(text) <= columns:
        return text
    room = columns - width(ellipsis)
    kept = []
    for char in text:
        room -= _char_width(char)
        if room < 0:
            break
        kept.append(char)
    return "".join(kept) + ellipsis
