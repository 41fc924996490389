"""The same bans out of the same observations, whatever their order, and as many as there were."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bangui.domain.history import PERMANENT, EventKind, Observation, Origin, Source
from bangui.domain.reconcile import LONGEST_LAG, ROUNDING, BanRecord, merged_sources, reconcile, record_of

_START = 1_700_000_000_000
_HOUR = 3_600_000


def _database(time: int, duration: int | None = None) -> BanRecord:
    return BanRecord(time, None, Source.DATABASE, duration=duration)


def _log(logged: int) -> BanRecord:
    return BanRecord(logged, logged, Source.LOG)


def _socket(time: int, duration: int | None = None) -> BanRecord:
    return BanRecord(time, None, Source.SOCKET, duration=duration)


def test_a_ban_and_its_line_are_one() -> None:
    (ban,) = reconcile([_log(_START + 800), _database(_START, duration=600)])
    assert ban == BanRecord(_START, _START + 800, Source.DATABASE | Source.LOG, duration=600)


def test_a_line_may_be_a_day_late() -> None:
    (ban,) = reconcile([_database(_START), _log(_START + 24 * _HOUR)])
    assert ban.logged == _START + 24 * _HOUR


def test_a_line_that_is_later_than_that_is_another_ban() -> None:
    bans = reconcile([_database(_START), _log(_START + LONGEST_LAG + 1)])
    assert [ban.logged for ban in bans] == [None, _START + LONGEST_LAG + 1]


def test_a_line_may_be_a_second_before_its_rounded_ban() -> None:
    assert len(reconcile([_database(_START + ROUNDING), _log(_START)])) == 1
    assert len(reconcile([_database(_START + ROUNDING + 1), _log(_START)])) == 2


def test_a_line_after_the_end_of_a_ban_is_another_ban() -> None:
    assert len(reconcile([_database(_START, duration=600), _log(_START + 600_000 + ROUNDING)])) == 1
    assert len(reconcile([_database(_START, duration=600), _log(_START + 600_001 + ROUNDING)])) == 2


def test_a_permanent_ban_is_never_over() -> None:
    assert len(reconcile([_database(_START, duration=PERMANENT), _log(_START + LONGEST_LAG)])) == 1


def test_a_second_line_within_a_ban_is_a_ban_whose_row_was_erased() -> None:
    bans = reconcile([_log(_START + 500), _database(_START, duration=600), _log(_START + 60_000)])
    assert [(ban.time, ban.logged) for ban in bans] == [(_START, _START + 500), (_START + 60_000, _START + 60_000)]


def test_a_row_that_comes_late_takes_its_line_from_the_ban_before() -> None:
    first, second = _database(_START), _database(_START + 2 * _HOUR)
    (paired,) = reconcile([replace(first, number=1), _log(_START + 2 * _HOUR + 300)])
    before, after = reconcile([paired, second])
    assert (before.time, before.logged, before.number) == (_START, None, 1)
    assert (after.time, after.logged, after.number) == (_START + 2 * _HOUR, _START + 2 * _HOUR + 300, None)


def test_a_stored_line_that_finds_its_row_is_absorbed_into_one() -> None:
    (ban,) = reconcile([replace(_log(_START + 700), number=7), replace(_database(_START), number=9)])
    assert (ban.time, ban.number, ban.absorbed) == (_START, 7, (9,))


def test_the_socket_cuts_what_the_database_rounds() -> None:
    (ban,) = reconcile([_socket(_START), _database(_START + ROUNDING), _log(_START + 900)])
    assert (ban.time, ban.sources) == (_START + ROUNDING, Source.SOCKET | Source.DATABASE | Source.LOG)


def test_the_socket_alone_tells_the_true_time() -> None:
    (ban,) = reconcile([_socket(_START), _log(_START + 5_000)])
    assert (ban.time, ban.logged) == (_START, _START + 5_000)


def test_a_ban_that_was_made_longer_has_its_longest_duration() -> None:
    records = [
        replace(_database(_START, duration=600), count=1),
        replace(_socket(_START, duration=1200), count=2),
    ]
    assert [(ban.duration, ban.count) for ban in reconcile(records)] == [(1200, 2)]
    (ban,) = reconcile([*records, _socket(_START, duration=PERMANENT)])
    assert ban.duration == PERMANENT


def test_who_says_more_than_that_it_was_the_filter_is_believed() -> None:
    (ban,) = reconcile([replace(_database(_START), origin=Origin.HAND), _log(_START), _socket(_START)])
    assert ban.origin is Origin.HAND


def test_the_longer_matched_lines_are_kept() -> None:
    (ban,) = reconcile([replace(_database(_START), lines=lines) for lines in (("a", "b"), ("c",))])
    assert ban.lines == ("a", "b")


@pytest.mark.parametrize(
    ("one", "other", "merged"),
    [
        (Source.LOG, Source.DATABASE, Source.LOG | Source.DATABASE),
        (Source.LOG | Source.BACKUP, Source.LOG | Source.BACKUP, Source.LOG | Source.BACKUP),
        (Source.LOG | Source.BACKUP, Source.LOG, Source.LOG),
        (Source.LOG | Source.BACKUP, Source.DATABASE, Source.LOG | Source.DATABASE),
    ],
)
def test_only_what_nobody_else_saw_is_from_a_backup(one: Source, other: Source, merged: Source) -> None:
    assert merged_sources(one, other) == merged_sources(other, one) == merged


def test_a_ban_from_a_backup_keeps_that_sign_with_its_line() -> None:
    stored = BanRecord(_START, _START + 5, Source.DATABASE | Source.LOG | Source.BACKUP)
    assert reconcile([stored]) == [stored]


def test_an_observation_of_the_log_was_logged_when_it_says_it_happened() -> None:
    seen = Observation("h", "sshd", "192.0.2.1", EventKind.BAN, _START, Source.LOG)
    assert record_of(seen).logged == _START
    assert record_of(replace(seen, source=Source.DATABASE)).logged is None
    with pytest.raises(ValueError, match="no ban"):
        record_of(replace(seen, kind=EventKind.UNBAN))


@dataclass(frozen=True, slots=True)
class _Life:
    """What a daemon did to one id in one jail, and what is left of it to be seen."""

    bans: int
    records: tuple[BanRecord, ...]
    known: tuple[BanRecord, ...]


@st.composite
def _lives(draw: st.DrawFn) -> _Life:
    """A daemon bans again and again; `known` is everything that sources can have told by the end.

    A ban begins with a failure and is logged after a lag; its row is written then and erased by an unban, but may have
    been read before. A ban follows only when the one before is over, or was lifted.
    """
    now = _START + draw(st.integers(0, 999))
    records: list[BanRecord] = []
    count = draw(st.integers(1, 6))
    for _ in range(count):
        now += draw(st.integers(3_000, 3 * _HOUR))
        begun = now
        now += draw(st.one_of(st.integers(0, 3_000), st.integers(0, 20 * _HOUR)))
        records.append(_log(now))
        duration = (now - begun) // 1000 + draw(st.integers(5, 7_200))
        row = _database((begun + 500) // 1000 * 1000, duration=duration)
        is_seen = draw(st.booleans())
        is_prolonged = draw(st.booleans())
        is_lifted = draw(st.booleans())
        if is_prolonged:
            longer = replace(row, duration=duration * 2, count=2)
            records.extend([row, longer] if is_seen else [longer])
            duration *= 2
        elif is_seen or not is_lifted:
            records.append(row)
        if draw(st.booleans()) and (is_seen or is_prolonged or not is_lifted):
            records.append(_socket(begun // 1000 * 1000, duration=duration))
        # Lifted at once, or over by itself.
        now = now + draw(st.integers(2_000, 4_000)) if is_lifted else begun + duration * 1000 + 2_000
    return _Life(count, tuple(records), tuple(reconcile(records)))


def _numbered(bans: list[BanRecord], numbers: list[int]) -> list[BanRecord]:
    """The bans as a store gives them back: each with one row of its own."""
    stored = []
    for ban in bans:
        numbers.append(len(numbers) + 1)
        stored.append(replace(ban, number=ban.number or numbers[-1], absorbed=()))
    return stored


def _plain(bans: list[BanRecord]) -> list[BanRecord]:
    return [replace(ban, number=None, absorbed=()) for ban in bans]


@given(_lives())
def test_there_are_as_many_bans_as_the_daemon_made(life: _Life) -> None:
    assert len(life.known) == life.bans


@given(_lives(), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(life: _Life, chance: random.Random) -> None:
    shuffled = [*life.records, *chance.choices(life.records, k=3)]
    chance.shuffle(shuffled)
    assert reconcile(shuffled) == list(life.known)


@settings(max_examples=300)
@given(_lives(), st.randoms(use_true_random=False))
def test_splits_into_batches_do_not_matter(life: _Life, chance: random.Random) -> None:
    shuffled = [*life.records, *chance.choices(life.records, k=3)]
    chance.shuffle(shuffled)
    stored: list[BanRecord] = []
    numbers: list[int] = []
    while shuffled:
        batch = [shuffled.pop() for _ in range(min(chance.randint(1, 4), len(shuffled)))]
        low = min(record.time for record in batch) - LONGEST_LAG - ROUNDING
        high = max(record.time for record in batch) + LONGEST_LAG + ROUNDING
        near = [ban for ban in stored if low <= ban.time <= high]
        far = [ban for ban in stored if not low <= ban.time <= high]
        stored = sorted([*far, *_numbered(reconcile([*near, *batch]), numbers)], key=lambda ban: ban.time)
    assert _plain(stored) == list(life.known)


@given(_lives())
def test_what_is_stored_is_a_fixed_point(life: _Life) -> None:
    stored = _numbered(list(life.known), [])
    assert reconcile(stored) == stored


@given(_lives())
def test_a_row_is_never_lost_and_never_used_twice(life: _Life) -> None:
    rows = [replace(record, number=number) for number, record in enumerate(life.records)]
    bans = reconcile(rows)
    used = [number for ban in bans for number in (ban.number, *ban.absorbed)]
    assert sorted(number for number in used if number is not None) == list(range(len(rows)))
