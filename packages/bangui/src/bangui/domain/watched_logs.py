"""The logs that fail2ban writes and reads, and the lines in them; and the port through which they are read."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from bangui.domain.errors import BanGUIError

_KEY_LENGTH = 16


def log_key(name: str) -> str:
    """Return what names a log in addresses, so that no path has to be in them."""
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_KEY_LENGTH]


@dataclass(frozen=True, slots=True)
class WatchedLog:
    """A log that the daemon has named: its own (`is_own`), or one that it watches for these jails.

    `key` names it in addresses. `name` is the path of a file as the daemon says it, or where else its lines go. Lines
    that are in the journal of systemd are found there by `matches`.
    """

    key: str
    name: str
    jails: tuple[str, ...]
    is_own: bool
    is_file: bool
    matches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LogLine:
    r"""One line, with what is no UTF-8 as `\xff`; `is_cut` where it was too long. `place` is where the next begins."""

    text: str
    is_cut: bool
    place: str


@dataclass(frozen=True, slots=True)
class LogPart:
    """Lines in order, the newest last; reading goes on at `place`.

    `has_gap` says that older lines were left out before them, `is_anew` that the log was begun anew before them, by a
    rotation or because somebody has emptied it.
    """

    lines: tuple[LogLine, ...]
    place: str
    has_gap: bool = False
    is_anew: bool = False


class LogAway(BanGUIError):
    """A log cannot be read: it is missing, not ours to read, or not where lines can be read from."""


class LogTail(Protocol):
    """The end of a log, read again and again; its functions block for a moment."""

    def read(self) -> LogPart:
        """Return what is new since the last call; the first one returns the newest lines, or those after a place."""
        ...

    def close(self) -> None:
        """Give back what is held open."""
        ...


class WatchedLogs(Protocol):
    """The logs of the daemon; what cannot be read raises `LogAway`."""

    async def list(self) -> tuple[WatchedLog, ...]:
        """Return which logs there are now, the daemon's own first; raises `DaemonAway`."""
        ...

    def open(self, log: WatchedLog, place: str | None = None) -> LogTail:
        """Open a log that was just listed, from a place on that a part has told; blocks for a moment."""
        ...
