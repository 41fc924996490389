"""A database to which things happen between two reads, and what a history that holds each cursor has been told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bangui.adapters.f2b_database.source import DatabaseSource
from packages.bangui.tests.adapters.f2b_database.made_database import NOTHING, MadeDatabase

# What may happen, the more often the more likely.
HAPPENINGS = [
    *(["read all"] * 6 + ["ban"] * 6 + ["unban newest"] * 3 + ["read"] * 3 + ["late", "unban any", "purge"] * 2),
    *("unban all", "vacuum", "repair", "restart", "go back", "back up", "restore"),
]


@dataclass
class ChangingDatabase:
    """Rows are told apart by id and time, which no two have in common."""

    database: MadeDatabase
    cursor: str | None = None
    told: frozenset[tuple[str, int]] = frozenset()
    past: list[tuple[str | None, frozenset[tuple[str, int]]]] = field(default_factory=list)
    serial: int = 0

    def __post_init__(self) -> None:
        self.source = DatabaseSource("here", self.database.path)
        self.backup = b""

    def take(self, step: str, size: int) -> None:
        if step in {"ban", "late"}:
            self.database.add_rows(self._bans(size, late=step == "late"))
        elif step == "unban newest":
            self.database.run(f"DELETE FROM bans WHERE rowid > (SELECT max(rowid) FROM bans) - {size}")
        elif step == "unban any":
            self.database.run(f"DELETE FROM bans WHERE rowid % 7 = {size} % 7")
        elif step == "unban all":
            self.database.unban()
        elif step == "purge":
            self.database.purge(1_000 + self.serial - size)
        elif step in {"read", "read all"}:
            self.read(size, to_the_end=step == "read all")
        elif step == "go back" and self.past:
            self.cursor, self.told = self.past[len(self.past) // 2]
        else:
            self._replace(step)

    def read(self, at_most: int, *, to_the_end: bool) -> None:
        while True:
            rows = set(self.database.connection.execute("SELECT ip, timeofban FROM bans").fetchall())
            reading = self.source.read(self.cursor, at_most)
            self.past.append((self.cursor, self.told))
            self.cursor = reading.cursor
            self.told |= {(one.id, one.time // 1000) for one in reading.observations}
            if not reading.has_more:
                assert rows <= self.told
            if not (reading.has_more and to_the_end):
                return

    def _bans(self, count: int, *, late: bool) -> Iterator[tuple[object, ...]]:
        for _ in range(count):
            self.serial += 1
            yield "sshd", f"id {self.serial}", 1_000 + self.serial - (500 if late else 0), 600, 1, NOTHING

    def _replace(self, step: str) -> None:
        """Let the file be tidied up, or another one stand in its place, as administrators and fail2ban do."""
        database, path = self.database, self.database.path
        if step == "vacuum":
            database.run("VACUUM")
        elif step == "repair":
            script = "\n".join(database.connection.iterdump())
            database.close()
            path.unlink()
            self.database = MadeDatabase(path)
            self.database.run(
                "DROP TABLE bans; DROP TABLE bips;" + script.replace("BEGIN TRANSACTION;", "").replace("COMMIT;", "")
            )
        elif step == "back up":
            self.backup = path.read_bytes()
        elif step == "restore" and self.backup:
            database.close()
            path.unlink()
            path.write_bytes(self.backup)
            self.database = MadeDatabase(path)
        elif step == "restart":
            self.source.close()
            self.source = DatabaseSource("here", path)
