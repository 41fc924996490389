"""Numbers for people: with commas between the thousands on a terminal, as they are for programs."""

from __future__ import annotations

from bangui.domain.history_queries import Count


def grouped(number: int) -> str:
    """Return a number as a person reads it: `1,234,567`."""
    return f"{number:,}"


def counted_out(number: int, noun: str) -> str:
    """Return a number with its noun: `1 ban`, `1,204 bans`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def total_text(count: Count, noun: str) -> str:
    """Return a number that may not be exact: `more than 10,000 events`."""
    return counted_out(count.value, noun) if count.is_exact else f"more than {counted_out(count.value, noun)}"
