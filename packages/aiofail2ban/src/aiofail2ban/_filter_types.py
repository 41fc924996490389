"""Settings of filters as values; `aiofail2ban.types` is where users find them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DatePattern:
    """How a filter finds the time in a line; `pattern` is None for one of the built-in detectors."""

    pattern: str | None
    name: str


@dataclass(frozen=True, slots=True)
class IgnoreCache:
    """How long answers of an `ignorecommand` are kept: `key` with tags, entries, seconds."""

    key: str
    max_count: int
    max_time: float
