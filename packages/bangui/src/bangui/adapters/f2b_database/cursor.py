"""How far fail2ban's table of bans has been read, in a way that survives whatever becomes of the table.

A rowid alone says nothing for long: the rows of an id go when somebody lifts its ban, old rows go once an hour, and
the rowids of the highest rows are then given to others; a file may be repaired, tidied up or replaced, and all rows
have other numbers. So a cursor holds anchors: the numbers and marks of some rows that were read, the newest sixteen and
then ever fewer of the older ones.

    fail2ban never changes a row, and a new row gets a number above all that there are. So while an anchor is still
    there, everything below it was there when it was read, and has been read.

    An anchor with another row in its place shows that the table was empty from there on since: neither it nor any
    above it proves anything, even one that looks the same.

Reading goes on above the highest anchor that still proves something, and from the very beginning where none does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

_VERSION = 1
_NEWEST = 16
# A cursor is our own, but what cannot be understood must not be worked on either.
_MOST_ANCHORS = 256


class Anchor(NamedTuple):
    """A row that was read: its rowid and its mark."""

    number: int
    mark: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far the tables have been read.

    First comes `bips`, once: `last_by_id` is the last number read there, None when that is done. `anchors` are those
    of `bans`, in the order of their numbers.
    """

    last_by_id: int | None = None
    anchors: tuple[Anchor, ...] = ()


BEFORE_ALL = -(2**63)
"""A number below those of all rows."""

START = Cursor(BEFORE_ALL)


def encode_cursor(cursor: Cursor) -> str:
    """Return a cursor as text."""
    content = {"v": _VERSION, "by_id": cursor.last_by_id, "anchors": cursor.anchors}
    return json.dumps(content, separators=(",", ":"))


def decode_cursor(text: str | None) -> Cursor | None:
    """Return a cursor from its text; None where there is none, or none that could be understood."""
    try:
        content = json.loads(text or "")
        if content["v"] != _VERSION or len(content["anchors"]) > _MOST_ANCHORS:
            return None
        anchors = tuple(_anchor(number, mark) for number, mark in content["anchors"])
        last = None if content["by_id"] is None else _number(content["by_id"])
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    return Cursor(last, tuple(sorted(anchors)))


def still_proven(anchors: tuple[Anchor, ...], found: Mapping[int, str]) -> tuple[Anchor, ...]:
    """Return the anchors that still prove something; `found` are the marks of the rows that are there now."""
    replaced = [number for number, mark in anchors if found.get(number, mark) != mark]
    limit = min(replaced, default=None)
    return tuple(anchor for anchor in anchors if anchor.number in found and (limit is None or anchor.number < limit))


def thinned(anchors: tuple[Anchor, ...]) -> tuple[Anchor, ...]:
    """Return the newest anchors, and of the older ones the farthest of each power of two of distance."""
    if len(anchors) <= _NEWEST:
        return anchors
    last = anchors[-1].number
    older: dict[int, Anchor] = {}
    for anchor in anchors[:-_NEWEST]:
        older.setdefault((last - anchor.number).bit_length(), anchor)
    return (*sorted(older.values()), *anchors[-_NEWEST:])


def _anchor(number: object, mark: object) -> Anchor:
    if not isinstance(mark, str):
        raise TypeError("a mark is text")
    return Anchor(_number(number), mark)


def _number(value: object) -> int:
    if not isinstance(value, int) or not BEFORE_ALL <= value < 2**63:
        raise ValueError("a rowid has 64 bits")
    return value
