"""Rows of `events` that are bans, as records that can be reconciled and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import bindparam, select, text

from bangui.adapters.sql.event_rows import ORIGINS, SOURCES, EventRow
from bangui.adapters.sql.names import Id, Name
from bangui.adapters.sql.note_table import Note
from bangui.adapters.sql.schema import KIND_CODES, ORIGIN_CODES, events
from bangui.adapters.sql.statements import Statements, Transaction
from bangui.adapters.sql.storable import LATEST_TIME, storable_duration, storable_number, storable_time
from bangui.domain.ban_notes import EARLIEST, LONGEST_WAIT, notes_of_bans
from bangui.domain.history import EventKind, Observation, Source
from bangui.domain.reconcile import LONGEST_LAG, ROUNDING, BanRecord, reconcile, record_of

BAN = KIND_CODES[EventKind.BAN]
_REACH = LONGEST_LAG + ROUNDING
_TRUE_TIME = int(Source.DATABASE | Source.SOCKET)


@dataclass(slots=True)
class Group:
    """One id in one jail of one host, and what is new about it; `noted` are times of new notes."""

    host: Name
    jail: Name
    id: Id
    seen: list[BanRecord] = field(default_factory=list)
    noted: list[int] = field(default_factory=list)
    witnesses_until: int = 0

    @property
    def moments(self) -> tuple[int, int]:
        """When the first and the last of what is new happened."""
        times = [*(record.time for record in self.seen), *self.noted]
        logged = [record.logged for record in self.seen if record.logged is not None]
        waited = [time + LONGEST_WAIT for time in self.noted]
        return min(times), max((*times, *logged, *waited))

    @property
    def reach(self) -> tuple[int, int]:
        """From when until when stored bans may have to do with what is new."""
        first, last = self.moments
        return first - _REACH, last + _REACH

    def is_witness(self, row: EventRow) -> bool:
        """Whether a row was only read because notes may be about it, and not about the bans that follow.

        What lies before it was not read, so it cannot be said for certain which note is about this one.
        """
        return row.time <= self.witnesses_until


@dataclass(slots=True)
class Fate:
    """A ban as it shall be stored: in the row `kept` and instead of those `absorbed`, or in a new one."""

    group: Group
    ban: BanRecord
    ordinal: int
    note: Note | None = None
    kept: EventRow | None = None
    absorbed: tuple[EventRow, ...] = ()

    @property
    def rows(self) -> tuple[EventRow, ...]:
        """The rows that it is stored in now."""
        return self.absorbed if self.kept is None else (self.kept, *self.absorbed)

    def row(self, number: int, lines: int | None) -> EventRow:
        """Return its row."""
        ban, group = self.ban, self.group
        told = ORIGIN_CODES[ban.origin]
        origin = self.note.origin if self.note else told
        place = (group.id.country, group.id.network) if self.kept is None else (self.kept.country, self.kept.network)
        return EventRow(
            number,
            group.host.number,
            group.jail.number,
            group.id.number,
            BAN,
            ban.time,
            self.ordinal,
            origin,
            int(ban.sources),
            None if ban.logged is None else ban.logged - ban.time,
            ban.duration,
            ban.count,
            ban.failures,
            *place,
            lines,
            self.note.number if self.note else None,
            told if told != origin else None,
        )


class BanTable:
    """Finds the stored bans of an id."""

    def __init__(self, statements: Statements) -> None:
        self._near = statements.compile(
            select(events)
            .where(
                # In these words it is the condition of the index of bans.
                text("kind = 1"),
                events.c.id == bindparam("id_"),
                events.c.jail == bindparam("jail_"),
                events.c.host == bindparam("host_"),
                events.c.time >= bindparam("since"),
                events.c.time <= bindparam("until"),
            )
            .order_by(events.c.time),
            ("id_", "jail_", "host_", "since", "until"),
        )

    def near(self, transaction: Transaction, group: Group) -> list[EventRow]:
        """Return the rows that may have to do with what is new."""
        key = group.id.number, group.jail.number, group.host.number
        return [EventRow._make(row) for row in transaction.fetch(self._near, (*key, *group.reach))]


def seen_record(observation: Observation) -> BanRecord:
    """Return an observation as a record of what can be stored."""
    record = record_of(observation)
    return BanRecord(
        storable_time(record.time),
        None if record.logged is None else storable_time(record.logged),
        record.sources,
        record.origin,
        None if record.duration is None else storable_duration(record.duration),
        None if record.count is None else storable_number(record.count),
        None if record.failures is None else storable_number(record.failures),
        record.lines,
    )


def stored_record(row: EventRow) -> BanRecord:
    """Return a row as a record."""
    return BanRecord(
        row.time,
        None if row.logged is None else row.time + row.logged,
        SOURCES[row.sources],
        ORIGINS[row.origin if row.told_origin is None else row.told_origin],
        row.duration,
        row.times,
        row.failures,
        number=row.number,
    )


def fates(group: Group, stored: list[EventRow]) -> list[Fate]:
    """Return what shall become of the bans of a group that are concerned, in the order of their times."""
    if not stored and len(group.seen) == 1:
        return [Fate(group, group.seen[0], 0)]
    rows = {row.number: row for row in _concerned(group, stored)}
    found: list[Fate] = []
    ordinals: dict[int, int] = {}
    for ban in reconcile([*map(stored_record, rows.values()), *group.seen]):
        ordinal = ordinals[ban.time] = ordinals.get(ban.time, -1) + 1
        kept = None if ban.number is None else rows[ban.number]
        found.append(Fate(group, ban, ordinal, None, kept, tuple(rows[number] for number in ban.absorbed)))
    return found


def _concerned(group: Group, stored: list[EventRow]) -> list[EventRow]:
    """Return the rows, of all within reach, that can change, and those next to them.

    A line belongs to the latest ban before it. So nothing changes beyond the next ban whose true time is known, on
    either side; before that, one more is a witness (see `is_witness`).
    """
    first, last = group.moments
    true = [row.time for row in stored if row.sources & _TRUE_TIME]
    before = [time for time in true if time < first - 2 * ROUNDING]
    low = sorted(before)[-2] if len(before) > 1 else 0
    high = min((time for time in true if time > last + 2 * ROUNDING), default=LATEST_TIME)
    group.witnesses_until = max(low, group.reach[0] + LONGEST_WAIT + EARLIEST)
    return [row for row in stored if low <= row.time <= high or low <= row.time + (row.logged or 0) <= high]


def give_notes(found: list[Fate], notes: Iterable[Note]) -> None:
    """Give bans of one group the notes that are about them."""
    by_number = {note.number: note for note in notes}
    bans = {number: fate.ban.time for number, fate in enumerate(found)}
    times = {note.number: note.time for note in by_number.values()}
    for number, note in notes_of_bans(bans, times).items():
        found[number].note = by_number[note]
