"""Records bans: what is seen of the bans of one id in one jail is reconciled with what is stored of them.

Rows that a ban has become are written anew under their old numbers, after all that change have been deleted: two bans
may exchange their times. A row that is absorbed by another leaves it its lines, where it has more of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bangui.adapters.sql.ban_rows import BanTable, Fate, Group, fates, give_notes, seen_record
from bangui.adapters.sql.event_rows import Context, EventRow, EventTable, event_of
from bangui.adapters.sql.line_table import LinesOf, LineTable
from bangui.adapters.sql.lines import keepable
from bangui.adapters.sql.names import Id
from bangui.adapters.sql.note_table import NoteTable
from bangui.adapters.sql.statements import Statements
from bangui.adapters.sql.storable import storable_time
from bangui.adapters.sql.tally import HOUR, CountKey
from bangui.adapters.sql.work import Work
from bangui.domain.history import BanNote, Observation


class BanWriter:
    """Records observations of bans, and notes about them."""

    def __init__(self, statements: Statements, events: EventTable, lines: LineTable) -> None:
        self._bans = BanTable(statements)
        self._notes = NoteTable(statements)
        self._events = events
        self._lines = lines

    def record(self, work: Work, observations: Sequence[Observation], notes: Sequence[BanNote]) -> None:
        """Record observations and notes; in what order they come does not matter."""
        if not observations and not notes:
            return
        self._notes.insert(work, notes)
        has_notes = self._notes.are_any(work)
        found: list[Fate] = []
        for group in _groups(work, observations, notes):
            is_new = group.id.number in work.new_ids
            of_group = fates(group, [] if is_new else self._bans.near(work.transaction, group))
            if has_notes and of_group:
                key = group.id.number, group.jail.number, group.host.number
                give_notes(of_group, self._notes.find(work, key, [fate.ban.time for fate in of_group]))
            found.extend(of_group)
        self._write(work, found)

    def _write(self, work: Work, found: Iterable[Fate]) -> None:
        changes = sorted(self._changes(work, found), key=lambda change: change.fate.ban.time)
        new = sum(change.fate.kept is None for change in changes)
        number = work.counters.take("events", new) if new else 0
        for change in changes:
            if change.fate.kept is None:
                change.number = number
                number += 1
        old = [row.number for change in changes for row in change.fate.rows]
        work.transaction.run(self._events.delete, [(number,) for number in old])
        self._lines.delete(
            work.transaction, work.counters, [number for change in changes for number in change.dropped_lines]
        )
        added = [
            LinesOf(change.number, change.fate.ban.time, change.texts) for change in changes if change.texts is not None
        ]
        numbers = self._lines.insert(work.transaction, work.counters, added)
        rows = [change.fate.row(change.number, numbers.get(change.number, change.lines)) for change in changes]
        work.transaction.run(self._events.insert, rows)
        _count(work, changes, rows)
        for change, row in zip(changes, rows, strict=True):
            (work.new if change.fate.kept is None else work.changed).append(event_of(row, change.context))

    def _changes(self, work: Work, found: Iterable[Fate]) -> Iterator[_Change]:
        """Yield what changes anything, with the lines that are to be kept."""
        fated = [(fate, keepable(fate.ban.lines)) for fate in found]
        # Bans that are known and stay as they are need no look at their lines, unless there are other lines.
        touched = [(fate, offered) for fate, offered in fated if offered or _differs(fate)]
        stored = [number for fate, _ in touched for number in _stored_lines(fate)]
        counts = self._lines.counts(work.transaction, stored)
        changes = [_change(fate, offered, counts) for fate, offered in touched]
        moved = [change.moved_lines for change in changes if change.moved_lines is not None]
        texts = self._lines.texts(work.transaction, moved)
        for change in changes:
            if change.moved_lines is not None:
                change.texts = texts.get(change.moved_lines)
            if change.texts is not None or change.dropped_lines or _differs(change.fate):
                yield change


@dataclass(slots=True)
class _Change:
    """A ban that is written, and what becomes of lines.

    `lines` stay where they are, `texts` are stored, `dropped_lines` deleted; `moved_lines` are deleted and stored
    again, with the number that belongs to their new event or its new time.
    """

    fate: Fate
    number: int
    lines: int | None = None
    line_count: int = 0
    texts: tuple[str, ...] | None = None
    moved_lines: int | None = None
    dropped_lines: tuple[int, ...] = ()

    @property
    def context(self) -> Context:
        """What its event says in words."""
        group, note = self.fate.group, self.fate.note
        author, reason = (note.author, note.reason) if note else (None, None)
        return group.host.text, group.jail.text, group.id.text, self.line_count, author, reason


def _groups(work: Work, observations: Iterable[Observation], notes: Iterable[BanNote]) -> Iterable[Group]:
    groups: dict[tuple[int, int, int], Group] = {}

    def find(about: Observation | BanNote) -> Group:
        host, jail, id = work.hosts[about.host], work.jails[about.jail], work.ids[about.id]
        key = (host.number, jail.number, id.number)
        group = groups.get(key)
        if group is None:
            groups[key] = group = Group(host, jail, id)
        return group

    for observation in observations:
        find(observation).seen.append(seen_record(observation))
    for note in notes:
        find(note).noted.append(storable_time(note.time))
    return groups.values()


def _differs(fate: Fate) -> bool:
    """Whether a ban is stored in any other way than it shall be, its lines aside."""
    kept = fate.kept
    if kept is None or fate.absorbed:
        return True
    return not fate.group.is_witness(kept) and fate.row(kept.number, kept.lines) != kept


def _stored_lines(fate: Fate) -> tuple[int, ...]:
    return tuple(row.lines for row in fate.rows if row.lines is not None)


def _change(fate: Fate, offered: tuple[str, ...], counts: dict[int, int]) -> _Change:
    stored = _stored_lines(fate)
    best = max(stored, key=lambda number: counts.get(number, 0), default=None)
    most = 0 if best is None else counts.get(best, 0)
    change = _Change(fate, fate.kept.number if fate.kept else 0, line_count=max(most, len(offered)))
    if len(offered) > most:
        change.texts = offered
        change.dropped_lines = stored
    elif best is not None and fate.kept and fate.kept.lines == best and fate.kept.time == fate.ban.time:
        change.lines = best
        change.dropped_lines = tuple(number for number in stored if number != best)
    elif best is not None:
        change.moved_lines = best
        change.dropped_lines = stored
    return change


def _count(work: Work, changes: Sequence[_Change], rows: Sequence[EventRow]) -> None:
    added: list[CountKey] = []
    times: list[int] = []
    for change, row in zip(changes, rows, strict=True):
        kept = change.fate.kept
        gone = [old for old in change.fate.rows if old is not kept or old.time != row.time]
        work.tally.remove(_count_key(old, change.fate.group.id) for old in gone)
        if kept is None or kept.time != row.time:
            added.append(_count_key(row, change.fate.group.id))
            times.append(row.time)
    work.tally.add(added, times)


def _count_key(row: EventRow, id: Id) -> CountKey:
    """Return what a row is counted by: its own place, which may not be where its id is now."""
    if (row.country, row.network) != (id.country, id.network):
        id = Id(id.number, id.text, row.country, row.network, id.subnet)
    return row.kind, row.time // HOUR, row.jail, row.host, id
