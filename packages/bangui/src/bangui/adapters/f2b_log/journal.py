"""fail2ban's log in the journal of systemd, read from where a cursor left off.

A first `journalctl` prints what is there and ends; a second one, `--follow`, is kept and asked whether it has something
to say, which costs nothing while it has not. Both begin after the entry that the cursor names, and the cursor holds the
state of everything before it, as it does for a log in a file.

Only entries of one user are taken, root's: the journal sees to that, while any user may call itself fail2ban.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from bangui.adapters.f2b_log.events import LogEvents
from bangui.adapters.f2b_log.journal_entry import FIELDS, IDENTIFIERS, Entry, parse_entry
from bangui.adapters.f2b_log.journalctl import Journalctl
from bangui.adapters.f2b_log.reader import LineReader
from bangui.domain.history_ports import Reading, SourceAway
from bangui.domain.phrases import phrase

_VERSION = 1
# A message of 64 KiB that is no text takes four times that.
_LONGEST_ENTRY = 512 * 1024
# Some tenths of a second.
_MOST_ENTRIES = 20_000
# A large journal on a slow disk needs a while until its first entry is found; a read does not wait for it.
_SECONDS_TO_WAIT = 0.5
_PATIENCE_SECONDS = 120.0


class JournalSource:
    """The log of one host's fail2ban; a reading may be empty with `has_more` set while the journal is being searched.

    `directory` holds journal files to read instead of this machine's own. Progress is in seconds of the log.
    """

    def __init__(
        self,
        host: str,
        now: Callable[[], float] = time.time,
        *,
        directory: Path | None = None,
        uid: int | None = 0,
    ) -> None:
        self._host = host
        self._now = now
        self._arguments = _arguments(directory, uid)
        self._events = LogEvents(host, now)
        self._program: Journalctl | None = None
        self._lines = LineReader(_Silence())
        self._is_following = False
        self._heard = 0.0
        self._place = ""
        self._first = self._last = 0
        self._cursor: str | None = None

    @property
    def name(self) -> str:
        """What its cursor is called."""
        return "journal"

    def close(self) -> None:
        """End `journalctl`."""
        self._end_program()
        self._cursor = None

    def read(self, cursor: str | None, at_most: int = 5_000) -> Reading:
        """Return what came after the cursor; None reads from the beginning of the journal."""
        try:
            if cursor is None or cursor != self._cursor:
                self._take_up(cursor)
            elif self._program is None:
                self._run(is_following=False)
            return self._read(at_most)
        except FileNotFoundError as problem:
            self.close()
            raise SourceAway(
                phrase("there is no journalctl here"), phrase("set logtarget in fail2ban.conf to a file")
            ) from problem
        except OSError as problem:
            self.close()
            raise SourceAway(
                phrase("journalctl cannot be run: {error}", error=problem.strerror or problem)
            ) from problem

    def _read(self, at_most: int) -> Reading:
        is_read, at_end = self._read_entries(at_most)
        events = self._events
        if at_end and events.is_waiting:
            events.settle(int(self._now() * 1000) - self._last)
        observations = events.ready[:at_most]
        del events.ready[:at_most]
        if is_read or observations or self._cursor is None:
            self._cursor = self._dump()
        has_more = bool(events.ready) or not at_end
        total = max(0, int(self._now()) - self._first // 1000) if self._first else 0
        done = min(total, max(0, self._last - self._first) // 1000) if has_more else total
        return Reading(tuple(observations), self._cursor, has_more, done, total)

    def _read_entries(self, at_most: int) -> tuple[bool, bool]:
        """Read until there is one observation more than wanted; say whether anything was read, and whether all is."""
        is_read = False
        for _ in range(_MOST_ENTRIES):
            if len(self._events.ready) > at_most:
                break
            data = self._lines.next()
            if data is None:
                return is_read, self._is_all_read(is_read=is_read)
            is_read = True
            self._heard = time.monotonic()
            entry = parse_entry(data)
            if entry is not None:
                self._feed(entry)
        return is_read, False

    def _feed(self, entry: Entry) -> None:
        self._place, self._last = entry.place, entry.time
        self._first = self._first or entry.time
        if entry.line is not None:
            self._events.feed(entry.line, entry.time)

    def _is_all_read(self, *, is_read: bool) -> bool:
        """Say whether what could be read now was everything, and see to it that there is somebody who reads on."""
        program = self._program
        if program is None or program.is_over:
            return self._change_program(program)
        if self._is_following:
            return True
        if not is_read and not program.wait(_SECONDS_TO_WAIT) and time.monotonic() > self._heard + _PATIENCE_SECONDS:
            self.close()
            raise SourceAway(
                phrase("journalctl has not answered for two minutes"), phrase("journalctl --verify says what is wrong")
            )
        return False

    def _change_program(self, program: Journalctl | None) -> bool:
        """Take note that a `journalctl` has ended, and return whether all is read."""
        if program is None or self._is_following:
            # It was to stay; with the next read everything begins anew, and not at once, lest it ends each time.
            self._end_program()
            return True
        status, complaint = program.status, program.complaint
        self._end_program()
        if status == 0:
            self._run(is_following=True)
            return True
        if self._place and "cursor" in complaint:
            # The place cannot be found any more, so the time has to do; what is read twice is known already.
            self._place = ""
            self._events.lose_place()
            return False
        raise SourceAway(
            phrase("the journal cannot be read: {error}", error=complaint.splitlines()[0] if complaint else status)
        )

    def _end_program(self) -> None:
        if self._program is not None:
            self._program.close()
        self._program = None

    def _take_up(self, cursor: str | None) -> None:
        self.close()
        self._events = LogEvents(self._host, self._now)
        self._place, self._first, self._last = "", 0, 0
        loaded = _load(cursor)
        if loaded is not None:
            with contextlib.suppress(ValueError):
                self._events = LogEvents(self._host, self._now, loaded.state)
                self._place, self._first, self._last = loaded.place, loaded.first, loaded.last
        self._run(is_following=False)

    def _run(self, *, is_following: bool) -> None:
        arguments = [*self._arguments]
        if is_following:
            arguments += ["--follow", "--no-tail"]
        if self._place:
            arguments.append(f"--after-cursor={self._place}")
        elif self._last:
            arguments.append(f"--since=@{self._last // 1000}")
        self._program = Journalctl(arguments)
        self._lines = LineReader(self._program, longest=_LONGEST_ENTRY)
        self._is_following = is_following
        self._heard = time.monotonic()

    def _dump(self) -> str:
        cursor = {
            "version": _VERSION,
            "place": self._place,
            "first": self._first,
            "last": self._last,
            "state": self._events.dump(),
        }
        return json.dumps(cursor, separators=(",", ":"))


class _Loaded(NamedTuple):
    place: str
    first: int
    last: int
    state: Mapping[str, object]


def _load(cursor: str | None) -> _Loaded | None:
    """Return what a cursor holds; None where it is none of ours."""
    if cursor is None:
        return None
    try:
        match json.loads(cursor):
            case {"version": 1, "place": str(place), "first": int(first), "last": int(last), "state": dict(state)}:
                return _Loaded(place, first, last, state)
            case _:
                return None
    except (ValueError, RecursionError):
        return None


def _arguments(directory: Path | None, uid: int | None) -> list[str]:
    arguments = ["--output=json", "--all", f"--output-fields={','.join(FIELDS)}"]
    if directory is not None:
        arguments.append(f"--directory={directory}")
    if uid is not None:
        arguments.append(f"_UID={uid}")
    # Those of one field are alternatives.
    return [*arguments, *(f"SYSLOG_IDENTIFIER={identifier}" for identifier in IDENTIFIERS)]


class _Silence:
    """What is read from before there is a journalctl."""

    def read(self, _size: int, /) -> bytes:
        return b""
