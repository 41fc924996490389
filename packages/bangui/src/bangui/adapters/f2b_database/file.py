"""The file of fail2ban's database, looked at before SQLite opens it, so that nobody is surprised.

SQLite would wait for ever for a pipe, and would make two more files beside a database in WAL mode, also for one who
only reads. fail2ban uses neither.

The file is opened once and kept open: a process that closes a file loses all its locks on it, also those under which
another thread is reading this very database.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from bangui.domain.history_ports import SourceAway
from bangui.domain.phrases import phrase

_MAGIC = b"SQLite format 3\0"
# The bytes of the header that tell how the file is written and read; 2 means WAL.
_MODES = slice(18, 20)
_WAL = 2


class DatabaseFile:
    """The file at a path, whichever that is at the moment."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None
        self._identity: tuple[int, int] | None = None

    def look(self) -> None:
        """Return when the file can be opened as a database; raise `SourceAway` with the reason where not."""
        try:
            header = self._header()
        except FileNotFoundError as error:
            raise self._away("is not there", "is fail2ban running, and does it keep a database (dbfile)?") from error
        except PermissionError as error:
            raise self._away("may not be read", "it belongs to root: run BanGUI as root") from error
        except (OSError, ValueError) as error:
            raise self._away("cannot be read", str(error)) from error
        if not header:
            raise self._away("is empty", "fail2ban fills it when it starts")
        if not header.startswith(_MAGIC):
            raise self._away("is no database", "name the file that fail2ban calls dbfile")
        if _WAL in header[_MODES]:
            raise self._away("is in WAL mode", "restart fail2ban, which does not use it and changes that")

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor = self._identity = None

    def _header(self) -> bytes:
        entry = os.lstat(self.path)
        self._refuse(entry.st_mode)
        if self._descriptor is None or self._identity != (entry.st_dev, entry.st_ino):
            self.close()
            # Between the two calls the file may have become something else.
            self._descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            entry = os.fstat(self._descriptor)
            self._refuse(entry.st_mode)
            self._identity = entry.st_dev, entry.st_ino
        return os.pread(self._descriptor, _MODES.stop, 0)

    def _refuse(self, mode: int) -> None:
        if stat.S_ISLNK(mode):
            raise self._away(
                phrase("is a symbolic link"), phrase("name the file itself: {path}", path=os.path.realpath(self.path))
            )
        if not stat.S_ISREG(mode):
            raise self._away(phrase("is no file"), phrase("name the file that fail2ban calls dbfile"))

    def _away(self, problem: str, hint: str) -> SourceAway:
        return SourceAway(phrase("fail2ban's database {path} {problem}", path=self.path, problem=problem), hint)
