from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bangui.domain.bans import Ban, newest_first

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def _ban(id: str, minutes_ago: int, duration: int | None = 3600) -> Ban:
    start = NOON - timedelta(minutes=minutes_ago)
    return Ban("h", "sshd", id, start, duration, None if duration is None else start + timedelta(seconds=duration))


def test_the_newest_ban_comes_first_and_equal_times_are_in_the_order_of_ids() -> None:
    bans = newest_first([_ban("b", 5), _ban("a", 5), _ban("c", 9), _ban("d", 1)])
    assert [ban.id for ban in bans] == ["d", "a", "b", "c"]


def test_the_time_left_is_never_negative_and_a_permanent_ban_has_none() -> None:
    assert _ban("a", 10).remaining(NOON) == timedelta(minutes=50)
    assert _ban("a", 90).remaining(NOON) == timedelta()
    assert _ban("a", 90, None).remaining(NOON) is None
