"""Errors of the two drivers as `StoreError`s: the only place that knows their codes.

What is not in these tables is a mistake of ours and passes as it is. No text holds a password: drivers do not tell
them, and a URL is only shown by `describe`.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bangui.domain.history_ports import StoreError, StoreTrouble
from bangui.domain.phrases import phrase

_SAYINGS = {
    StoreTrouble.MISSING: phrase("there is no history"),
    StoreTrouble.FULL: phrase("there is no room for more of the history"),
    StoreTrouble.DAMAGED: phrase("the history is damaged"),
    StoreTrouble.DENIED: phrase("this user may not use the history"),
    StoreTrouble.BUSY: phrase("another process holds the history for too long"),
    StoreTrouble.AWAY: phrase("the history cannot be reached"),
    StoreTrouble.FOREIGN: phrase("this is no history, or one of another BanGUI"),
}
_HINTS = {
    StoreTrouble.MISSING: phrase("start the service, it makes a new one"),
    StoreTrouble.FULL: phrase("make room on that disk; nothing else needs to be done"),
    StoreTrouble.DAMAGED: phrase("when the service starts it moves the file aside and saves what can be read"),
    StoreTrouble.DENIED: phrase("run this as the user that the service runs as"),
    StoreTrouble.BUSY: phrase("try again"),
    StoreTrouble.AWAY: phrase("see whether the database server, or the disk, works"),
    StoreTrouble.FOREIGN: phrase("use the BanGUI that made it, or give another place for the history"),
}

_SQLITE_CODES = {
    sqlite3.SQLITE_FULL: StoreTrouble.FULL,
    sqlite3.SQLITE_CANTOPEN: StoreTrouble.DENIED,
    sqlite3.SQLITE_PERM: StoreTrouble.DENIED,
    sqlite3.SQLITE_AUTH: StoreTrouble.DENIED,
    sqlite3.SQLITE_READONLY: StoreTrouble.DENIED,
    sqlite3.SQLITE_BUSY: StoreTrouble.BUSY,
    sqlite3.SQLITE_LOCKED: StoreTrouble.BUSY,
    sqlite3.SQLITE_PROTOCOL: StoreTrouble.BUSY,
    # The disk itself fails: nothing would be saved from a file that cannot be read.
    sqlite3.SQLITE_IOERR: StoreTrouble.AWAY,
}
_SQLITE_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
# What a quota, or a limit of the size of files, makes out of a full disk.
_SQLITE_NO_ROOM = frozenset({sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_TRUNCATE})

APPLICATION_ID = 0x42475549
"""What SQLite files of ours say that they are: `BGUI`."""
_HEADER_BYTES = 100
_MARK = slice(68, 72)

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

# By SQLSTATE, or by how it begins.
_POSTGRES_CODES = {
    "08": StoreTrouble.AWAY,
    "57P": StoreTrouble.AWAY,
    "25006": StoreTrouble.DENIED,
    "28": StoreTrouble.DENIED,
    "42501": StoreTrouble.DENIED,
    "3D000": StoreTrouble.MISSING,
    "3F000": StoreTrouble.MISSING,
    "42P01": StoreTrouble.MISSING,
    "42703": StoreTrouble.FOREIGN,
    "53100": StoreTrouble.FULL,
    "53": StoreTrouble.BUSY,
    "40": StoreTrouble.BUSY,
    "55": StoreTrouble.BUSY,
    "57014": StoreTrouble.BUSY,
    "58": StoreTrouble.DAMAGED,
    "XX": StoreTrouble.DAMAGED,
}


def describe(url: URL) -> str:
    """Return where a history is, without user, password and options."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"postgresql://{url.host or ''}/{url.database or ''}"


def store_error(trouble: StoreTrouble, url: URL, detail: str = "", *, hint: str = "") -> StoreError:
    """Return an error that says what is wrong, where, and what to do; `detail` is what the database said."""
    what, where = _SAYINGS[trouble], describe(url)
    said = phrase("{what} ({where}): {detail}", what=what, where=where, detail=detail) if detail else None
    return StoreError(
        said or phrase("{what} ({where})", what=what, where=where), hint or _HINTS[trouble], trouble=trouble
    )


def file_error(error: OSError, url: URL, *, hint: str = "") -> StoreError:
    """Return an error of the operating system about a file of ours."""
    if error.errno in _NO_ROOM:
        return store_error(StoreTrouble.FULL, url, str(error.strerror))
    return store_error(StoreTrouble.DENIED, url, str(error.strerror), hint=hint)


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Turn every error of a driver that is not our mistake into a `StoreError`."""
    driver = _driver_error(url)
    try:
        yield
    except PoolTimeoutError as error:
        raise store_error(StoreTrouble.BUSY, url, "all connections are in use") from error
    except (DBAPIError, driver) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        trouble = trouble_of(cause, url)
        if trouble is None:
            raise
        raise store_error(trouble, url, first_line(cause)) from error


def _driver_error(url: URL) -> type[Exception]:
    """What the driver raises where it is used without SQLAlchemy."""
    if url.get_backend_name() == "sqlite":
        return sqlite3.Error
    import psycopg

    return psycopg.Error


def first_line(error: BaseException | None) -> str:
    """Return what a driver says, without the statement and the advice that may follow."""
    return next(iter(str(error).splitlines()), "")


def trouble_of(error: BaseException | None, url: URL) -> StoreTrouble | None:
    """Return what a driver's error means; None for a mistake of ours."""
    if isinstance(error, sqlite3.Error):
        return _trouble_of_sqlite(error, Path(str(url.database)))
    return _trouble_of_postgres(error)


def _trouble_of_sqlite(error: sqlite3.Error, path: Path) -> StoreTrouble | None:
    # Errors that Python's module raises by itself have no code.
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    if code in _SQLITE_NO_ROOM:
        return StoreTrouble.FULL
    plain = code & 0xFF
    if plain in _SQLITE_DAMAGE:
        return StoreTrouble.DAMAGED if _was_ours(path) else StoreTrouble.FOREIGN
    if plain == sqlite3.SQLITE_CANTOPEN and _is_missing(path):
        return StoreTrouble.MISSING
    if plain == sqlite3.SQLITE_ERROR:
        return _trouble_of_schema(str(error))
    return _SQLITE_CODES.get(plain)


def _was_ours(path: Path) -> bool:
    """Whether a file that is damaged was a history: others are not to be moved aside by whoever mends histories.

    A page of zeros is what a file system leaves after a crash, and nothing is lost with it.
    """
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except OSError:
        return False
    return not any(header) or header[_MARK] == APPLICATION_ID.to_bytes(4, "big")


def _is_missing(path: Path) -> bool:
    try:
        path.stat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def _trouble_of_schema(text: str) -> StoreTrouble | None:
    """SQLite has one code for every statement that it cannot prepare."""
    if text.startswith("no such table"):
        return StoreTrouble.MISSING
    return StoreTrouble.FOREIGN if text.startswith("no such column") else None


def _trouble_of_postgres(error: BaseException | None) -> StoreTrouble | None:
    from psycopg import OperationalError

    state: str | None = getattr(error, "sqlstate", None)
    if state is None:
        # The connection could not be made, or broke.
        return StoreTrouble.AWAY if isinstance(error, OperationalError) else None
    for length in (5, 3, 2):
        if found := _POSTGRES_CODES.get(state[:length]):
            return found
    return None
