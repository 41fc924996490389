"""What fail2ban keeps with a ban in the column `data`: the log lines that matched, and how many failures there were.

The daemon writes JSON, `{"matches": [...], "failures": 3, ...}`, in whatever encoding its locale has. Most of it was
chosen by an attacker, so everything here is bounded, nothing is believed, and there is no text that raises an error:
what makes no sense is left out.

A text that was too long to be read whole is read as far as it goes: who sends enough to be cut off still leaves his
first lines behind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_LINES = 100
"""fail2ban keeps 10 unless somebody has asked for more (`dbmaxmatches`)."""
LONGEST_LINE = 8_192
"""In characters; syslog's own limit is of this order."""
MOST_TEXT = 65_536
"""Characters of all lines of a ban together."""

# Counters are stored as 32 bits.
_LARGEST = 2**31 - 1
_MATCHES = re.compile(r'"matches"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")


@dataclass(frozen=True, slots=True)
class BanData:
    """The matched lines, oldest first, and the number of failures; None where that is not told."""

    lines: tuple[str, ...] = ()
    failures: int | None = None


def parse_ban_data(value: object, *, is_whole: bool = True) -> BanData:
    """Return what a value of the column tells; `is_whole` is False where it is only the beginning."""
    text = _text(value)
    if text is None:
        return BanData()
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return BanData(_lines(_first_matches(text))) if not is_whole else BanData()
    if not isinstance(content, dict):
        return BanData()
    matches = content.get("matches")
    return BanData(_lines(matches if isinstance(matches, list) else []), _failures(content.get("failures")))


def _text(value: object) -> str | None:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else None


def _failures(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST:
        return value
    return None


def _lines(matches: list[object]) -> tuple[str, ...]:
    """Return the lines of the newest matches that fit."""
    lines: list[str] = []
    room = MOST_TEXT
    for match in reversed(matches[-MOST_LINES:]):
        line = _line(match)
        if line is None:
            continue
        room -= len(line)
        if room < 0:
            break
        lines.append(line)
    return tuple(reversed(lines))


def _line(match: object) -> str | None:
    """Return a match as one text: fail2ban keeps either that, or what came before, in and after the timestamp."""
    if isinstance(match, list):
        parts = [part for part in match[:3] if isinstance(part, str)]
        if len(parts) != len(match):
            return None
        match = "".join(parts)
    if not isinstance(match, str):
        return None
    # JSON can hold halves of characters, which no encoding has.
    return match[:LONGEST_LINE].encode("utf-8", "replace").decode().rstrip("\r\n")


def _first_matches(text: str) -> list[object]:
    start = _MATCHES.search(text)
    return list(_elements(text, start.end())) if start else []


def _elements(text: str, place: int) -> Iterator[object]:
    """Yield the elements of a JSON list from a place inside it on, as far as they are complete."""
    decoder = json.JSONDecoder()
    for _ in range(MOST_LINES):
        between = _BETWEEN.match(text, place)
        try:
            element, place = decoder.raw_decode(text, between.end() if between else place)
        except (ValueError, RecursionError):
            return
        yield element
