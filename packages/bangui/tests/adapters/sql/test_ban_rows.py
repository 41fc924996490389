"""Which stored bans are looked at, and what they say as records."""

from __future__ import annotations

from bangui.adapters.sql.ban_rows import BAN, Group, fates, seen_record, stored_record
from bangui.adapters.sql.event_rows import EventRow
from bangui.adapters.sql.names import Id, Name
from bangui.domain.history import Origin, Source
from bangui.domain.reconcile import BanRecord
from packages.bangui.tests.adapters.sql.seen import HOUR, START, ban, logged_ban


def _row(number: int, time: int, sources: Source = Source.DATABASE) -> EventRow:
    logged = 0 if sources & Source.LOG else None
    return EventRow(number, 1, 1, 1, BAN, time, 0, 1, int(sources), logged, 600, 1, 5, "DE", 64_500)


def _group(*seen: BanRecord) -> Group:
    return Group(Name(1, "here"), Name(1, "sshd"), Id(1, "192.0.2.1", "DE", 64_500, None), list(seen))


def test_a_row_becomes_a_record_and_the_same_row_again() -> None:
    row = _row(7, START, Source.DATABASE | Source.LOG)
    assert stored_record(row) == BanRecord(
        START, START, Source.DATABASE | Source.LOG, duration=600, count=1, failures=5, number=7
    )
    (fate,) = fates(_group(seen_record(ban(START))), [row])
    assert fate.row(7, None) == row


def test_what_sources_told_is_kept_below_what_a_note_says() -> None:
    row = _row(7, START)._replace(origin=3, told_origin=2)
    assert stored_record(row).origin is Origin.HAND


def test_a_ban_far_from_all_others_is_looked_at_with_its_neighbours_only() -> None:
    stored = [_row(number, START + number * HOUR) for number in range(100)]
    found = fates(_group(seen_record(ban(START + 50 * HOUR + 1_800_000))), stored)
    numbers = [fate.kept.number if fate.kept else None for fate in found]
    assert numbers == [49, 50, None, 51]


def test_lines_that_only_the_log_knows_are_looked_at_up_to_the_next_true_time() -> None:
    stored = [_row(1, START), _row(2, START + HOUR, Source.LOG), _row(3, START + 2 * HOUR), _row(4, START + 3 * HOUR)]
    found = fates(_group(seen_record(logged_ban(START + HOUR + 9))), stored)
    assert [fate.kept.number if fate.kept else None for fate in found] == [1, 2, None, 3]
