"""Opens a history, on SQLite or PostgreSQL, and lends connections of it: for reading, and for writing.

A SQLite history is one file in WAL mode: one process writes, others read meanwhile. Only its owner may look at it. It
gives the room of forgotten events back to the disk (`auto_vacuum`). A history is written to inside `writing` only,
which lets one writer in at a time, on PostgreSQL as well: what a transaction has looked up stays true until it ends.

Memory is bounded: few connections, each with a small cache; the kernel's own cache of the file does the rest.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from bangui.adapters.sql.errors import APPLICATION_ID, file_error, store_error, translated
from bangui.adapters.sql.line_match import hold
from bangui.domain.errors import InvalidInput
from bangui.domain.history_ports import StoreTrouble

BUSY_SECONDS = 10
_CONNECTIONS = 4
_CACHE_KIB = 8_192
_CHECKPOINT_PAGES = 2_000
# While one large batch follows the other: what a batch touches is held in memory, because what does not fit is written
# twice, and the log of changes may grow to 128 MiB, because a page that several of them change is then moved once.
_LARGE_CACHE_KIB = 49_152
_LARGE_CHECKPOINT_PAGES = 32_000
_WAL_BYTES = 16 * 1024 * 1024
"""To what the log of changes is cut when it has been moved into the file."""
# Any number will do, as long as all writers of ours take the same one.
_WRITERS_LOCK = 0x42475549
_POSTGRES = ("postgresql", "postgres")


def open_engine(location: str, *, read_only: bool = False) -> Engine:
    """Open the history at a path (SQLite) or a `postgresql://` URL; connects only where a SQLite file must be there.

    A SQLite file that is missing is made, for its owner only, unless it is to be read only. Raises `StoreError`, and
    `InvalidInput` for a URL that is none.
    """
    if location.startswith(tuple(f"{name}{end}" for name in _POSTGRES for end in ("://", "+"))):
        return _open_postgres(_postgres_url(location), read_only=read_only)
    return _open_sqlite(Path(location).absolute(), read_only=read_only)


def is_sqlite(engine: Engine) -> bool:
    """Whether the history is a file of SQLite."""
    return engine.dialect.name == "sqlite"


def path_of(engine: Engine) -> Path:
    """Return the file of a history on SQLite."""
    return Path(str(engine.url.database))


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Lend a connection in a transaction that sees one state of the history; keep it short."""
    with translated(engine.url), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine, *, is_large: bool = False) -> Iterator[Connection]:
    """Lend a connection in a transaction that is the only one to write; undone when anything is raised.

    One that is large gets more memory and more disk on SQLite, which the next one that is not gives back.
    """
    with translated(engine.url), engine.connect() as connection:
        connection.execution_options(bangui_writes=True)
        if is_sqlite(engine):
            _fit(connection, is_large=is_large)
        with connection.begin():
            if not is_sqlite(engine):
                connection.execute(text(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK})"))
            yield connection


def _fit(connection: Connection, *, is_large: bool) -> None:
    was_large: bool = connection.info.get("is_large", False)
    if was_large == is_large:
        return
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA cache_size = -{_LARGE_CACHE_KIB if is_large else _CACHE_KIB}")
    cursor.execute(f"PRAGMA wal_autocheckpoint = {_LARGE_CHECKPOINT_PAGES if is_large else _CHECKPOINT_PAGES}")
    connection.info["is_large"] = is_large
    if not is_large:
        _give_memory_back()


def _give_memory_back() -> None:
    """Have the C library return what SQLite has freed: by itself it keeps tens of megabytes for the next time."""
    import ctypes

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _postgres_url(location: str) -> URL:
    try:
        url = make_url(location)
    except (ArgumentError, ValueError):
        # Their text may show the password.
        raise InvalidInput(
            "the history's URL cannot be understood", "write postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
        ) from None
    return url.set(drivername="postgresql+psycopg")


def _open_postgres(url: URL, *, read_only: bool) -> Engine:
    options = "-c statement_timeout=0 -c idle_in_transaction_session_timeout=60000"
    if read_only:
        options += " -c default_transaction_read_only=on"
    if given := url.query.get("options"):
        options += f" {given}"
    return create_engine(
        url,
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
        # A server that was restarted is noticed before it is asked something.
        pool_pre_ping=True,
        isolation_level="REPEATABLE READ" if read_only else "READ COMMITTED",
        connect_args={"options": options, "connect_timeout": BUSY_SECONDS, "application_name": "bangui"},
    )


def _open_sqlite(path: Path, *, read_only: bool) -> Engine:
    url = URL.create("sqlite+pysqlite", database=str(path))
    if read_only:
        _must_be_there(path, url)
    else:
        _make_private_file(path, url)

    def connect() -> sqlite3.Connection:
        return _connect_sqlite(path, read_only=read_only)

    engine = create_engine(
        url,
        creator=connect,
        poolclass=QueuePool,
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
        # The connection that was used last has the most in its cache.
        pool_use_lifo=True,
    )
    event.listen(engine, "begin", _begin_sqlite)
    _follow_file(engine, path)
    return engine


def _follow_file(engine: Engine, path: Path) -> None:
    """Never use a connection to a file that is not at its path any more: it was moved aside, or another put there."""

    def note_file(_: object, record: ConnectionPoolEntry) -> None:
        record.info["file"] = _file_number(path)

    def check_file(_: object, record: ConnectionPoolEntry, __: object) -> None:
        if record.info["file"] != _file_number(path):
            raise DisconnectionError

    event.listen(engine, "connect", note_file)
    event.listen(engine, "checkout", check_file)


def _file_number(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None


def _must_be_there(path: Path, url: URL) -> None:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise store_error(StoreTrouble.MISSING, url) from None
    except OSError as error:
        raise file_error(error, url) from error


def _make_private_file(path: Path, url: URL) -> None:
    """Make the file before SQLite does, which would let others read it; its other files get the same mode."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists():
            return
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise file_error(error, url) from error


def _connect_sqlite(path: Path, *, read_only: bool) -> sqlite3.Connection:
    uri = f"{path.as_uri()}?mode={'ro' if read_only else 'rw'}"
    connection = sqlite3.connect(
        uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    try:
        # A file of somebody else's is refused later on; until then it must not be changed.
        is_changed = not read_only and _is_ours(connection)
        if is_changed:
            _begin_file(connection)
        connection.create_function("lines_hold", 2, hold, deterministic=True)
        for statement in _settings(is_changed=is_changed):
            connection.execute(statement)
    except BaseException:
        connection.close()
        raise
    return connection


def _begin_file(connection: sqlite3.Connection) -> None:
    """Give a new file the form of a history; asking for what it has already would wait for whoever writes."""
    if connection.execute("PRAGMA page_count").fetchone() == (0,):
        # It has an effect before there is anything in the file, and at no other time.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        connection.execute("PRAGMA journal_mode = WAL").fetchall()


def _is_ours(connection: sqlite3.Connection) -> bool:
    """Whether the file is a history, or nothing yet."""
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    return mark == APPLICATION_ID or connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def _settings(*, is_changed: bool) -> tuple[str, ...]:
    common = (
        f"PRAGMA cache_size = -{_CACHE_KIB}",
        # Without mmap a disk that fails is an error and not the end of the process.
        "PRAGMA mmap_size = 0",
        "PRAGMA temp_store = MEMORY",
        # The words of the index in their order. The index need not be there before somebody asks for them.
        "CREATE VIRTUAL TABLE temp.word_list USING fts5vocab('main', 'line_words', 'instance')",
    )
    if not is_changed:
        return (*common, "PRAGMA query_only = 1")
    return (
        *common,
        "PRAGMA synchronous = NORMAL",
        f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}",
        f"PRAGMA journal_size_limit = {_WAL_BYTES}",
        "PRAGMA secure_delete = 0",
    )


def _begin_sqlite(connection: Connection) -> None:
    # The driver would begin late, and never for reading: then two reads could see two states.
    writes = connection.get_execution_options().get("bangui_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
