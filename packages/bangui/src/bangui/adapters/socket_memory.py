"""What was in force when the daemon was last asked, and what has become of it.

A list of bans tells what is, not what happened: that follows from two lists. The older one lives in memory, and where
it is needed after a restart of BanGUI in the cursor as well, packed, for as many bans as a cursor can bear.

The times of the socket are cut off to whole seconds, and those of bans that the daemon restores from its database are
rounded: the beginning of a ban may move by a second when the daemon restarts, and it is the same ban all the same.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bangui.domain.history import PERMANENT

MOST_REMEMBERED = 20_000
"""Bans in a cursor, which is written anew with each change: a quarter of a megabyte. Jails beyond it are left out."""

_VERSION = 1
_ROUNDING = 1
# What a cursor may unpack to; its own bans are a tenth of that.
_LARGEST = 32 * 1_048_576


class InForce(NamedTuple):
    """A ban: when it began (Unix time) and for how long it lasts, in seconds; `PERMANENT` for ever."""

    start: int
    duration: int

    @property
    def end(self) -> float:
        """When it ends by itself."""
        return float("inf") if self.duration == PERMANENT else self.start + self.duration


class Change(NamedTuple):
    """What happened to an id: `began` is its new or longer ban, or else `ended` the one that is no more."""

    id: str
    began: InForce | None = None
    ended: InForce | None = None


def changes(
    known: Mapping[str, InForce], listed: Mapping[str, InForce], now: float, *, may_be_incomplete: bool
) -> Iterator[Change]:
    """Yield what happened between two lists, what ended in front.

    While a daemon restores its bans a list `may_be_incomplete`: then only what was over by `now` has ended.
    """
    for id, ban in known.items():
        new = listed.get(id)
        is_over = not _is_same(ban, new) if new is not None else ban.end <= now or not may_be_incomplete
        if is_over:
            yield Change(id, ended=ban)
    for id, ban in listed.items():
        old = known.get(id)
        if old is None or not _is_same(old, ban):
            yield Change(id, began=ban)
        elif old.duration != ban.duration:
            yield Change(id, began=InForce(old.start, ban.duration))


def _is_same(one: InForce, other: InForce) -> bool:
    return abs(one.start - other.start) <= _ROUNDING


@dataclass(frozen=True, slots=True)
class SocketCursor:
    """`turn` is another one after each reading that told something; `bans` are by jail and id."""

    turn: str
    bans: Mapping[str, Mapping[str, InForce]]


def encode_socket_cursor(cursor: SocketCursor) -> str:
    """Return a cursor as text, with the bans of as many jails as it can bear, the short lists first."""
    kept: dict[str, Mapping[str, InForce]] = {}
    room = MOST_REMEMBERED
    for jail, bans in sorted(cursor.bans.items(), key=lambda entry: len(entry[1])):
        room -= len(bans)
        if room < 0:
            break
        if bans:
            kept[jail] = bans
    packed = zlib.compress(json.dumps(kept, separators=(",", ":")).encode("ascii"), 1) if kept else b""
    content = {"v": _VERSION, "turn": cursor.turn, "bans": base64.b64encode(packed).decode("ascii")}
    return json.dumps(content, separators=(",", ":"))


def decode_socket_cursor(text: str | None) -> SocketCursor | None:
    """Return a cursor from its text; None where there is none, or none that could be understood."""
    try:
        content = json.loads(text or "")
        if content["v"] != _VERSION or not isinstance(content["turn"], str):
            return None
        packed = base64.b64decode(content["bans"], validate=True)
        jails = json.loads(zlib.decompressobj().decompress(packed, _LARGEST)) if packed else {}
        bans = {jail: {id: _in_force(*ban) for id, ban in listed.items()} for jail, listed in jails.items()}
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, zlib.error):
        return None
    return SocketCursor(content["turn"], bans)


def _in_force(start: object, duration: object) -> InForce:
    if not isinstance(start, int) or not isinstance(duration, int) or duration < PERMANENT:
        raise TypeError("times are whole seconds")
    return InForce(start, duration)
