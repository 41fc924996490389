"""fail2ban's log in a file, read from where a cursor left off.

Invariants:

    A cursor says all: the place in the files and the whole state of what was read before it. Reading on from it gives
    what reading in one go would have given, whoever reads, and whatever rotation has done to the files meanwhile.
    One read is short: so many observations, and so many bytes where they hold none.
    What is open is used again when the cursor is the one that was given out last; otherwise all begins anew from it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from bangui.adapters.f2b_log.events import LogEvents
from bangui.adapters.f2b_log.files import NotALog
from bangui.adapters.f2b_log.line import parse_line
from bangui.adapters.f2b_log.place import Place, load_place
from bangui.adapters.f2b_log.trail import Trail
from bangui.domain.history_ports import Reading, SourceAway
from bangui.domain.phrases import phrase

# Some tenths of a second, where a log is full of messages that tell of nothing.
_MOST_BYTES = 4 * 1024 * 1024
_VERSION = 1


class LogSource:
    """The log of one host's fail2ban; `has_more` may be followed by an empty reading where few lines tell of events."""

    def __init__(self, host: str, path: Path, now: Callable[[], float] = time.time) -> None:
        self._host = host
        self._path = path
        self._now = now
        self._trail = Trail(path)
        self._events = LogEvents(host, now)
        self._cursor: str | None = None

    @property
    def name(self) -> str:
        """What its cursor is called."""
        return "log"

    def close(self) -> None:
        """Close the files."""
        self._trail.close()
        self._cursor = None

    def read(self, cursor: str | None, at_most: int = 5_000) -> Reading:
        """Return what came after the cursor; None reads from the beginning of the oldest file that is there."""
        try:
            return self._read(cursor, at_most)
        except OSError as problem:
            # What is open stays open: a daemon may go on writing to a log that somebody has removed.
            raise _away(self._path, problem) from problem

    def _read(self, cursor: str | None, at_most: int) -> Reading:
        trail = self._trail
        is_moved = False
        if cursor is None or cursor != self._cursor:
            self._take_up(cursor)
            is_moved = True
        elif trail.is_changed:
            self._start(trail.last_place)
            is_moved = True
        at_end, is_read = self._read_lines(at_most)
        events = self._events
        if at_end and events.is_waiting:
            events.settle(int(self._now() * 1000) - trail.written_at)
        observations = events.ready[:at_most]
        del events.ready[:at_most]
        if is_moved or is_read or observations or self._cursor is None:
            self._cursor = self._dump()
        else:
            trail.check()
        done, total = trail.progress
        return Reading(tuple(observations), self._cursor, bool(events.ready) or not at_end, done, total)

    def _read_lines(self, at_most: int) -> tuple[bool, bool]:
        """Read until there is one observation more than wanted; say whether all is read, and whether anything was."""
        trail, events = self._trail, self._events
        room = _MOST_BYTES
        is_read = False
        while len(events.ready) <= at_most and room > 0:
            data = trail.next_line()
            if data is None:
                following = trail.following()
                if following is None:
                    return True, is_read
                data = trail.next_line()
                if data is None:
                    trail.follow(following)
                    is_read = True
                    continue
                following.close()
            is_read = True
            room -= len(data) + 1
            line = parse_line(data)
            if line is not None:
                events.feed(line)
        return False, is_read

    def _take_up(self, cursor: str | None) -> None:
        """Begin at a cursor; at the very beginning where it is none of ours."""
        place, state = _load(cursor)
        try:
            self._events = LogEvents(self._host, self._now, state)
        except ValueError:
            place, self._events = None, LogEvents(self._host, self._now)
        self._cursor = None
        self._start(place)

    def _start(self, place: Place | None) -> None:
        if not self._trail.start(place, self._events.last_time):
            # What follows may have been read before, under another name.
            self._events.lose_place()

    def _dump(self) -> str:
        place = self._trail.place
        cursor = {"version": _VERSION, "place": place and place.dump(), "state": self._events.dump()}
        return json.dumps(cursor, separators=(",", ":"))


def _away(path: Path, problem: OSError) -> SourceAway:
    match problem:
        case NotALog():
            return SourceAway(
                phrase("{path} is no regular file", path=path), phrase("logtarget in fail2ban.conf must be a file")
            )
        case FileNotFoundError():
            return SourceAway(phrase("{path} is not there", path=path), phrase("see logtarget in fail2ban.conf"))
        case PermissionError():
            return SourceAway(phrase("{path} is not ours to read", path=path), phrase("it belongs to root: use sudo"))
        case _:
            return SourceAway(
                phrase("{path} cannot be read: {error}", path=path, error=problem.strerror or problem),
                phrase("is the disk all right?"),
            )


def _load(cursor: str | None) -> tuple[Place | None, Mapping[str, object] | None]:
    if cursor is None:
        return None, None
    try:
        loaded = json.loads(cursor)
        if isinstance(loaded, dict) and loaded.get("version") == _VERSION and isinstance(loaded.get("state"), dict):
            return load_place(loaded.get("place")), loaded["state"]
    except (ValueError, RecursionError):
        pass
    return None, None
