from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bangui.domain.bans import Ban, JailBans, newest_first
from bangui.domain.changes import Banned, JailsChanged, Prolonged, Recounted, Unbanned, changes_between
from bangui.domain.daemon import DaemonState, Presence
from bangui.domain.jails import JailCounters
from bangui.domain.snapshot import Snapshot

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=10)


def ban(id: str, minutes_ago: int = 0, duration: int = 3600) -> Ban:
    start = NOON - timedelta(minutes=minutes_ago)
    return Ban("h", "sshd", id, start, duration, start + timedelta(seconds=duration))


def snapshot(*bans: Ban, jails: tuple[str, ...] = ("sshd",), total: int | None = None) -> Snapshot:
    complete = total is None
    listed = JailBans("sshd", newest_first(list(bans)), len(bans) if total is None else total, complete, LATER)
    counters = tuple(JailCounters("h", name, 0, 0, 0, 0) for name in jails)
    lists = (listed,) if "sshd" in jails else ()
    return Snapshot("h", 1, LATER, DaemonState("h", Presence.UP, "1.1.0", NOON), counters, lists)


def test_nothing_happened_between_equal_snapshots() -> None:
    assert changes_between(snapshot(ban("a")), snapshot(ban("a"))) == []


def test_a_new_ban_is_told_with_its_own_time_and_the_oldest_comes_first() -> None:
    new, newer = ban("b", 5), ban("c", 1)
    assert changes_between(snapshot(ban("a", 9)), snapshot(ban("a", 9), new, newer)) == [Banned(new), Banned(newer)]


def test_a_ban_that_is_gone_is_an_unban_at_the_time_it_was_noticed() -> None:
    assert changes_between(snapshot(ban("a")), snapshot()) == [Unbanned(ban("a"), LATER)]


def test_an_id_that_was_unbanned_and_banned_again_is_both() -> None:
    old, new = ban("a", 9), ban("a", 1)
    assert changes_between(snapshot(old), snapshot(new)) == [Unbanned(old, LATER), Banned(new)]


def test_a_ban_that_ends_later_than_before_was_prolonged() -> None:
    longer = ban("a", 9, duration=7200)
    assert changes_between(snapshot(ban("a", 9)), snapshot(longer)) == [Prolonged(longer, LATER)]


def test_a_list_from_the_database_with_times_rounded_up_is_no_change() -> None:
    start = NOON + timedelta(seconds=1)
    rounded = Ban("h", "sshd", "a", start, 3600, start + timedelta(seconds=3600))
    assert changes_between(snapshot(ban("a")), snapshot(rounded)) == []


def test_of_a_list_that_is_too_long_only_the_number_is_told() -> None:
    assert changes_between(snapshot(total=5000), snapshot(total=5012)) == [Recounted("sshd", 5000, 5012, LATER)]
    assert changes_between(snapshot(ban("a")), snapshot(total=5012)) == [Recounted("sshd", 1, 5012, LATER)]
    assert changes_between(snapshot(total=5000), snapshot(total=5000)) == []


def test_jails_that_come_and_go_are_told() -> None:
    before, after = snapshot(jails=("a", "b")), snapshot(jails=("b", "c"))
    assert changes_between(before, after) == [JailsChanged(("c",), ("a",), LATER)]


def test_the_bans_of_a_jail_that_just_started_are_new() -> None:
    assert Banned(ban("a")) in changes_between(snapshot(jails=()), snapshot(ban("a")))
