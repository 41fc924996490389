"""Timed bans, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from bangui.adapters.sql.timed_bans import SqlTimedBans
from bangui.domain.timed_bans import TimedBan, TimedBanStore, TimedKey

BAN = TimedBan("here", "sshd", "192.0.2.1", 9_000, 1_000, 5_000, author="ada", reason="scans")
SEEN = replace(
    BAN, id="2001:db8::/32", start=900, lets_go=8_000, is_expected=False, missed=950, daemon="1:2:3", counted=1 << 40
)


@pytest.fixture
def store(engine: Engine) -> TimedBanStore:
    return SqlTimedBans(engine)


def test_a_ban_is_kept_as_it_is(store: TimedBanStore) -> None:
    store.put([BAN, SEEN])
    assert store.find("here", [BAN.key, SEEN.key, TimedKey("app", BAN.id)]) == {BAN.key: BAN, SEEN.key: SEEN}
    assert store.find("there", [BAN.key]) == {}
    store.put([])


def test_a_ban_takes_the_place_of_the_one_of_the_same_jail_and_id(store: TimedBanStore) -> None:
    store.put([BAN, replace(BAN, jail="app")])
    later = replace(BAN, ends=20_000)
    store.put([later])
    assert store.find("here", [BAN.key, TimedKey("app", BAN.id)]) == {
        BAN.key: later,
        TimedKey("app", BAN.id): replace(BAN, jail="app"),
    }


def test_bans_are_due_in_the_order_of_their_time(store: TimedBanStore) -> None:
    bans = [replace(BAN, id=f"192.0.2.{number}", look_at=number) for number in (3, 1, 2, 9)]
    store.put([*bans, replace(BAN, host="there", look_at=1)])
    assert [ban.look_at for ban in store.due("here", 3, 10)] == [1, 2, 3]
    assert [ban.look_at for ban in store.due("here", 3, 2)] == [1, 2]
    assert (store.next_look("here"), store.next_look("nowhere")) == (1, None)


def test_a_ban_moves_on_or_is_forgotten(store: TimedBanStore) -> None:
    store.put([BAN, SEEN])
    moved = replace(BAN, start=1_200, lets_go=None, is_expected=False, look_at=9_000)
    store.move([(BAN, moved), (SEEN, None)])
    assert store.find("here", [BAN.key, SEEN.key]) == {BAN.key: moved}


def test_a_ban_that_was_put_meanwhile_stays(store: TimedBanStore) -> None:
    newer = replace(BAN, ends=20_000)
    store.put([newer, replace(SEEN, asked=2_000)])
    store.move([(BAN, replace(BAN, look_at=1)), (SEEN, None)])
    assert store.find("here", [BAN.key]) == {BAN.key: newer}
    assert store.find("here", [SEEN.key])[SEEN.key].asked == 2_000


def test_forgotten_bans_are_gone_and_the_others_stay(store: TimedBanStore) -> None:
    store.put([BAN, SEEN])
    store.forget("here", [BAN.key, TimedKey("app", "x")])
    store.forget("here", [])
    assert store.find("here", [BAN.key, SEEN.key]) == {SEEN.key: SEEN}


def test_ten_thousand_bans_are_found_again(store: TimedBanStore) -> None:
    bans = [replace(BAN, id=f"10.0.{number >> 8}.{number & 255}") for number in range(10_000)]
    store.put(bans)
    assert len(store.find("here", [ban.key for ban in bans])) == 10_000


def test_it_is_known_when_somebody_last_looked_after_them(store: TimedBanStore) -> None:
    assert store.last_watch("here") is None
    store.watch("here", 1_000)
    store.watch("here", 2_000)
    store.watch("there", 3_000)
    assert store.last_watch("here") == 2_000


def test_hostile_text_is_kept_as_far_as_it_can_be(store: TimedBanStore) -> None:
    written, kept = "a\x00b\ud800'; DROP TABLE timed_bans" + "x" * 9_000, "a\ufffdb?'; DROP TABLE timed_bans"
    store.put([replace(BAN, jail=written, reason=written, author=written)])
    (ban,) = store.due("here", 5_000, 10)
    assert ban.jail.startswith(kept)
    assert (len(ban.jail), len(ban.author), len(ban.reason)) == (200, 200, 2_000)
    store.move([(ban, None)])
    assert store.due("here", 5_000, 10) == []
