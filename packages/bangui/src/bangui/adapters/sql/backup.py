"""Copies a whole history into a new SQLite file, whatever it is kept in, while it is in use.

A file is written under another name, for its owner only, checked, and appears under its own name when all of that has
succeeded. What is there already is never written over. The check reads every page and every row; only whether indexes
hold what their tables hold is left out, which would take fifteen times as long, and nothing is read by them here. A
copy holds the history and nothing else: what other parts of BanGUI keep in the same database, secrets of accounts
among it, is taken out.

From SQLite the pages are copied, from PostgreSQL the rows; both see one state of the history, however long it takes.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Engine, Table, delete, select
from sqlalchemy import table as table_named
from sqlalchemy.engine import URL

from bangui.adapters.sql.engine import is_sqlite, open_engine, path_of, writing
from bangui.adapters.sql.errors import file_error, store_error, translated
from bangui.adapters.sql.line_table import LineTable
from bangui.adapters.sql.lines import unpack
from bangui.adapters.sql.migrate import check, migrate
from bangui.adapters.sql.schema import HISTORY_TABLES, lines
from bangui.adapters.sql.statements import Row, Statements, Transaction
from bangui.domain.errors import InvalidInput
from bangui.domain.history_ports import StoreTrouble

_PAGES_AT_ONCE = 4_000
_ROWS_AT_ONCE = 2_000
_OF_OURS = (*(table.name for table in HISTORY_TABLES), "alembic_version")


def back_up(engine: Engine, target: Path) -> int:
    """Copy a history into a new file, and return the number of events in it.

    Raises `StoreError`, and `InvalidInput` where the target is there already.
    """
    check(engine)
    url = URL.create("sqlite+pysqlite", database=str(target))
    with translated(url), _new_file(target, url) as part:
        if is_sqlite(engine):
            _copy_pages(engine, part)
        else:
            _copy_rows(engine, part)
        return _finish(part)


@contextmanager
def _new_file(target: Path, url: URL) -> Iterator[Path]:
    """Lend an empty file next to the target, and give it the target's name at the end."""
    if os.path.lexists(target):
        raise InvalidInput(f"{target} is there already", "choose another name, or move that file away")
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        yield part
        _make_durable(part)
        _name(part, target)
        _make_durable(target.parent)
    except FileExistsError:
        raise InvalidInput(f"{target} is there already", "choose another name, or move that file away") from None
    except OSError as error:
        hint = "choose a folder that is there and that this user may write to"
        raise file_error(error, url, hint=hint) from error
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                part.with_name(part.name + suffix).unlink()


def _name(part: Path, target: Path) -> None:
    """Give a file its name, unless another file has it by now."""
    try:
        target.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:
        # Some file systems know no second name of a file.
        part.rename(target)


def _make_durable(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _copy_pages(engine: Engine, part: Path) -> None:
    source = sqlite3.connect(f"{path_of(engine).as_uri()}?mode=ro", uri=True, isolation_level=None)
    with closing(source), closing(sqlite3.connect(part)) as copy:
        with translated(engine.url):
            # One state for all pages: without it every change by somebody else would begin the copy anew.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchall()
        source.backup(copy, pages=_PAGES_AT_ONCE)


def _copy_rows(engine: Engine, part: Path) -> None:
    statements = Statements("sqlite")
    index = LineTable(statements)
    copy = open_engine(str(part))
    try:
        migrate(copy)
        for table, rows in _rows_of(engine):
            with writing(copy, is_large=True) as connection:
                transaction = Transaction(connection)
                transaction.run(statements.compile(table.insert()), rows)
                if table is lines:
                    index.index(transaction, ((row[0], unpack(row[3])) for row in rows))
    finally:
        copy.dispose()


def _rows_of(engine: Engine) -> Iterator[tuple[Table, list[Row]]]:
    """Yield all rows, some at a time, out of one transaction that only reads."""
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True, "stream_results": True}
    with translated(engine.url), engine.connect().execution_options(**options) as connection, connection.begin():
        for table in HISTORY_TABLES:
            for rows in connection.execute(select(table)).partitions(_ROWS_AT_ONCE):
                yield table, [tuple(row) for row in rows]


def _finish(part: Path) -> int:
    """Make the copy one file that holds the history only, check all of it, and return its number of events."""
    with closing(sqlite3.connect(part, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE").fetchall()
        # Zeros where something is deleted.
        copy.execute("PRAGMA secure_delete = ON").fetchall()
        names = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0").fetchall()
        copy.execute("BEGIN")
        for (name,) in names:
            if name not in _OF_OURS and not name.startswith(("line_words", "sqlite_")):
                copy.execute(Statements("sqlite").compile(delete(table_named(name))).sql)
        copy.execute("COMMIT")
        found = copy.execute("PRAGMA quick_check(1)").fetchone()
        if found != ("ok",):
            url = URL.create("sqlite+pysqlite", database=str(part))
            raise store_error(StoreTrouble.DAMAGED, url, str(found[0]), hint="see whether the history itself is sound")
        (count,) = copy.execute("SELECT count(*) FROM events").fetchone()
        return int(count)
