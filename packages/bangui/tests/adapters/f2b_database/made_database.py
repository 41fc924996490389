"""Databases as fail2ban makes them, made by hand: for contents that no daemon would write, or not that quickly."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

# Schema version 4: fail2ban 0.11 and later.
_BANS = (
    "CREATE TABLE IF NOT EXISTS bans(jail TEXT NOT NULL, ip TEXT, timeofban INTEGER NOT NULL,"
    " bantime INTEGER NOT NULL, bancount INTEGER NOT NULL default 1, data JSON);"
    "CREATE INDEX IF NOT EXISTS bans_jail_timeofban_ip ON bans(jail, timeofban);"
    "CREATE INDEX IF NOT EXISTS bans_jail_ip ON bans(jail, ip);"
    "CREATE INDEX IF NOT EXISTS bans_ip ON bans(ip);"
)
_BIPS = (
    "CREATE TABLE IF NOT EXISTS bips(ip TEXT NOT NULL, jail TEXT NOT NULL, timeofban INTEGER NOT NULL,"
    " bantime INTEGER NOT NULL, bancount INTEGER NOT NULL default 1, data JSON, PRIMARY KEY(ip, jail));"
    "CREATE INDEX IF NOT EXISTS bips_timeofban ON bips(timeofban);"
)
# Schema version 2: fail2ban 0.9 and 0.10.
_OLD_BANS = "CREATE TABLE bans(jail TEXT NOT NULL, ip TEXT, timeofban INTEGER NOT NULL, data JSON);"

NOTHING = b'{"matches": [], "failures": 0}'


class MadeDatabase:
    """A database that the test writes like a daemon, in one connection of its own."""

    def __init__(self, path: Path, *, is_old: bool = False) -> None:
        self.path = path
        self.connection = sqlite3.connect(path)
        self.connection.executescript("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY")  # as fail2ban does
        self.connection.executescript(_OLD_BANS if is_old else _BANS + _BIPS)

    def ban(self, id: object, time: object = 1_000, data: object = NOTHING, **values: object) -> None:
        """Write a ban as fail2ban does: a row in each of the two tables."""
        row = (values.get("jail", "sshd"), id, time, values.get("bantime", 600), values.get("bancount", 1), data)
        self.add_rows([row])

    def add_rows(self, rows: Iterable[Sequence[object]], tables: Sequence[str] = ("bans", "bips")) -> None:
        """Write rows of jail, id, time, ban time, count and data, in one transaction."""
        everything = list(rows)
        for table in tables:
            self.connection.executemany(
                f"INSERT OR REPLACE INTO {table}(jail, ip, timeofban, bantime, bancount, data)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                everything,
            )
        self.connection.commit()

    def unban(self, *ids: str) -> None:
        """Take away all rows of ids, or of all ids."""
        for table in ("bans", "bips"):
            if ids:
                self.connection.executemany(f"DELETE FROM {table} WHERE ip = ?", [(id,) for id in ids])
            else:
                self.connection.execute(f"DELETE FROM {table}")
        self.connection.commit()

    def purge(self, before: int) -> None:
        """Take away the history of before a time."""
        self.connection.execute("DELETE FROM bans WHERE timeofban < ?", (before,))
        self.connection.commit()

    def run(self, script: str) -> None:
        """Run statements of SQL."""
        self.connection.executescript(script)
        self.connection.commit()

    def ids(self) -> set[str]:
        """Return the ids of all rows of the history."""
        return {row[0] for row in self.connection.execute("SELECT ip FROM bans").fetchall()}

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


def data(matches: Sequence[object] = (), failures: object = 0, **others: object) -> bytes:
    """Return the content of the column `data` as fail2ban writes it."""
    return json.dumps({"matches": matches, "failures": failures, **others}, ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )
