"""The end of what the journal of systemd holds of some matches, followed while it grows.

A first `journalctl` prints what is there and ends; a second one, `--follow`, is kept for the reader and ended with
them. Both are started without a shell. What they are asked for comes from the daemon (the journal match of a jail) or
is made here, and is checked to be no option of the program; a place that a reader names is checked to be a cursor.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bangui.adapters.f2b_log.journal_entry import FIELDS, IDENTIFIERS, parse_entry
from bangui.adapters.f2b_log.journalctl import Journalctl
from bangui.adapters.f2b_log.reader import LineReader
from bangui.adapters.file_tail import LONGEST_LINE, MOST_LINES
from bangui.domain.phrases import phrase
from bangui.domain.watched_logs import LogAway, LogLine, LogPart

OWN_MATCHES = ("_UID=0", *(f"SYSLOG_IDENTIFIER={identifier}" for identifier in IDENTIFIERS))
"""What fail2ban itself writes; anybody may call themselves fail2ban, but only root is user 0."""

_NEWEST = 1_000
_LONGEST_ENTRY = 512 * 1024
_MATCH = re.compile(r"[A-Z0-9_]{1,64}=[^\0\n]{0,300}")
_CURSOR = re.compile(r"[a-z]=[0-9a-f]{1,64}(?:;[a-z]=[0-9a-f]{1,64}){1,9}")
# Finding the first entry in a large journal on a slow disk takes a while; a read does not wait for it any longer.
_SECONDS_TO_WAIT = 2.0
# At one a poll, a minute.
_MOST_EARLY_ENDS = 90


def arguments_of(groups: Sequence[Sequence[str]]) -> tuple[str, ...] | None:
    """Return a journal match as `journalctl` wants it; None for one that is none, or that matches everything."""
    words = [word for group in groups for word in ("+", *group)][1:]
    is_match = bool(words) and all(word == "+" or _MATCH.fullmatch(word) for word in words)
    return tuple(words) if is_match else None


class JournalTail:
    """Entries of the journal; raises `LogAway` where it cannot be read. `directory` holds files to read instead."""

    def __init__(self, matches: Sequence[str], place: str | None = None, *, directory: Path | None = None) -> None:
        fields = ",".join((*FIELDS, "_HOSTNAME"))
        where = [f"--directory={directory}"] if directory else []
        self._arguments = ["--output=json", "--all", f"--output-fields={fields}", *where, *matches]
        self._place = place if place and _CURSOR.fullmatch(place) else ""
        self._began = int(time.time())
        self._is_first = True
        self._is_following = False
        self._early_ends = 0
        self._start([f"--after-cursor={self._place}"] if self._place else [f"--lines={_NEWEST}"])

    def close(self) -> None:
        """End `journalctl`."""
        self._program.close()

    def read(self) -> LogPart:
        """Return the entries that were written since the last call."""
        lines: list[LogLine] = []
        while len(lines) < MOST_LINES:
            data = self._lines.next()
            if data is not None:
                line = _line_of(data)
                lines += [line] if line else []
                self._early_ends = 0
            elif self._program.is_over:
                self._place = lines[-1].place if lines else self._place
                self._go_on()
                break
            elif self._is_following or not self._program.wait(_SECONDS_TO_WAIT):
                break
        self._place = lines[-1].place if lines else self._place
        has_gap = self._is_first and len(lines) >= _NEWEST
        self._is_first = False
        return LogPart(tuple(lines), self._place, has_gap)

    def _start(self, options: Sequence[str]) -> None:
        try:
            self._program = Journalctl([*options, *self._arguments])
        except OSError as error:
            raise LogAway(
                phrase("the journal cannot be read: there is no journalctl here"),
                phrase("install systemd, or let fail2ban write to a file (logtarget)"),
            ) from error
        self._lines = LineReader(self._program, longest=_LONGEST_ENTRY)

    def _go_on(self) -> None:
        """After what was there comes what is new; a follower may end early where the boot has no entry yet."""
        status, complaint = self._program.status, self._program.complaint
        self._early_ends += self._is_following
        if (status and not self._is_following) or self._early_ends > _MOST_EARLY_ENDS:
            raise LogAway(
                phrase("the journal cannot be read: {reason}", reason=complaint.partition("\n")[0][:200] or status),
                phrase("run BanGUI as root, or put its user into the group systemd-journal"),
            )
        self._program.close()
        self._is_following = True
        place = f"--after-cursor={self._place}" if self._place else f"--since=@{self._began}"
        self._start(["--follow", "--no-tail", place])


def _line_of(data: bytes) -> LogLine | None:
    entry = parse_entry(data)
    if entry is None:
        return None
    moment = datetime.fromtimestamp(entry.time / 1000).astimezone()
    if entry.line is not None:
        name, said = f"fail2ban.{entry.line.logger} [{entry.line.pid}]", f"{entry.line.level} {entry.line.message}"
    else:
        name, said = _foreign(data)
    text = f"{moment:%Y-%m-%d %H:%M:%S},{entry.time % 1000:03} {name}: {said}"
    shown = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return LogLine(shown[:LONGEST_LINE], len(shown) > LONGEST_LINE, entry.place)


def _foreign(data: bytes) -> tuple[str, str]:
    """Return who has written an entry of another program, and what."""
    fields = json.loads(data)
    pid = _text(fields.get("_PID"))
    name = _text(fields.get("SYSLOG_IDENTIFIER"))[:100] or "?"
    return f"{name}[{pid}]" if pid.isdecimal() else name, _text(fields.get("MESSAGE"))


def _text(value: object) -> str:
    """Return a field as text; one that is no text stands there as a list of its bytes."""
    if isinstance(value, list) and all(isinstance(one, int) and 0 <= one < 256 for one in value):
        return bytes(value).decode("utf-8", "surrogateescape")
    return value if isinstance(value, str) else ""
