"""Room on a disk as people write it: `500M`, `2G`. A kilobyte is 1,000 bytes, as on the label of a disk."""

from __future__ import annotations

import re

from bangui.domain.errors import InvalidInput
from bangui.domain.phrases import phrase

_UNITS = ("B", "kB", "MB", "GB", "TB")
_SIZE = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*([KMGT])?B?", re.ASCII | re.IGNORECASE)


def parse_size(text: str) -> int:
    """Return a size in bytes, or raise `InvalidInput`."""
    match = _SIZE.fullmatch(text.strip())
    size = 0 if match is None else round(float(match[1]) * 1000 ** " KMGT".index((match[2] or " ").upper()))
    if not size:
        raise InvalidInput(phrase("{text!r} is no size", text=text), phrase("expected something like 500M or 2G"))
    return size


def size_in_words(size: int) -> str:
    """Return a size as a person would say it, in three digits at most: `312 MB`, `1.4 GB`."""
    value, unit = float(size), 0
    while value >= 999.5 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.1f} {_UNITS[unit]}" if unit and value < 9.95 else f"{value:.0f} {_UNITS[unit]}"
