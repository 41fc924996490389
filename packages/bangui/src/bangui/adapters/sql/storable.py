"""What observations may hold, cut to what both databases can store: what they say was written by attackers.

PostgreSQL refuses a zero character, neither takes half a surrogate pair, and numbers have their sizes.
"""

from __future__ import annotations

LONGEST_ID = 500
"""Characters of an id: an IPv6 network has 43, but a filter may capture any text as one."""
LONGEST_NAME = 200
"""Characters of the name of a host or a jail."""
LATEST_TIME = 253_402_300_799_000
"""The end of the year 9999 in milliseconds; what is later, or before 1970, is a mistake of a clock."""

_LARGEST = (1 << 31) - 1
_LONGEST_DURATION = 1 << 53


def storable_text(text: str, longest: int) -> str:
    """Return a text without what cannot be stored, and cut where it is too long."""
    if len(text) > longest:
        text = text[:longest]
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def storable_time(time: int) -> int:
    """Return a time that can be stored."""
    return min(max(time, 0), LATEST_TIME)


def storable_number(number: int | None) -> int | None:
    """Return a count that can be stored."""
    return None if number is None else min(max(number, 0), _LARGEST)


def storable_duration(duration: int | None) -> int | None:
    """Return a duration that can be stored; what is negative is permanent."""
    return None if duration is None else min(max(duration, -1), _LONGEST_DURATION)
