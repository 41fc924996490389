"""Notes about bans: kept whether or not a ban follows, and found by the id that they are about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select

from bangui.adapters.sql.schema import ORIGIN_CODES, notes
from bangui.adapters.sql.statements import Statements
from bangui.adapters.sql.storable import storable_text, storable_time
from bangui.adapters.sql.work import Work
from bangui.domain.ban_notes import EARLIEST, LONGEST_WAIT
from bangui.domain.history import BanNote

LONGEST_AUTHOR = 200
LONGEST_REASON = 2_000


class Note(NamedTuple):
    """What a note gives to its ban."""

    number: int
    time: int
    origin: int
    author: str
    reason: str


class NoteTable:
    """The statements about `notes`."""

    def __init__(self, statements: Statements) -> None:
        insert = statements.insert(notes)
        self._insert = statements.compile(insert.on_conflict_do_nothing())
        self._any = statements.compile(select(notes.c.number).limit(1))
        self._find = statements.compile(
            select(*(notes.c[name] for name in Note._fields)).where(
                notes.c.id == bindparam("id_"),
                notes.c.jail == bindparam("jail_"),
                notes.c.host == bindparam("host_"),
                notes.c.time >= bindparam("since"),
                notes.c.time <= bindparam("until"),
            ),
            ("id_", "jail_", "host_", "since", "until"),
        )

    def insert(self, work: Work, given: Sequence[BanNote]) -> None:
        """Store notes; one that is known, by its id, jail, host and time, stays as it is."""
        first = work.counters.take("notes", len(given)) if given else 0
        rows = []
        for number, note in enumerate(given, first):
            id = work.ids[note.id]
            time = storable_time(note.time)
            work.tally.noted.setdefault(id.number, time)
            rows.append(
                (
                    number,
                    work.hosts[note.host].number,
                    work.jails[note.jail].number,
                    id.number,
                    time,
                    ORIGIN_CODES[note.origin],
                    storable_text(note.author, LONGEST_AUTHOR),
                    storable_text(note.reason, LONGEST_REASON),
                )
            )
        work.transaction.run(self._insert, rows)

    def are_any(self, work: Work) -> bool:
        """Whether there are notes at all: most histories have none, and then nothing else needs to be asked."""
        return bool(work.transaction.fetch(self._any))

    def find(self, work: Work, key: tuple[int, int, int], times: Sequence[int]) -> list[Note]:
        """Return the notes that bans of these times may have, by id, jail and host."""
        since, until = min(times) - LONGEST_WAIT, max(times) + EARLIEST
        return [Note._make(row) for row in work.transaction.fetch(self._find, (*key, since, until))]
