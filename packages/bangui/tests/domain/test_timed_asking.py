from __future__ import annotations

from dataclasses import replace

from bangui.domain.outcomes import BannedId, BanResult
from bangui.domain.timed_asking import Asking, Wanted, begun, confirmed
from bangui.domain.timed_bans import SETTLE, TimedBan

NOW = 1_700_000_000_000
WANTED = Wanted(NOW + 7_200_000, "ada", "scans")
ASKING = Asking("here", "sshd", NOW, 600, "one")
NEW = TimedBan(
    "here",
    "sshd",
    "192.0.2.1",
    WANTED.ends,
    NOW,
    NOW + SETTLE,
    lets_go=NOW + 600_000,
    daemon="one",
    author="ada",
    reason="scans",
)
OLD = replace(
    NEW, id="192.0.2.2", ends=NOW + 1, asked=NOW - 9_000_000, start=NOW - 9_000_000, is_expected=False, author="bob"
)


def test_a_ban_is_kept_before_it_is_asked_for() -> None:
    assert begun(["192.0.2.1"], {}, WANTED, ASKING) == [NEW]


def test_a_very_short_one_is_looked_at_when_it_ends() -> None:
    (ban,) = begun(["192.0.2.1"], {}, replace(WANTED, ends=NOW + 5), replace(ASKING, ban_time=None))
    assert (ban.look_at, ban.lets_go) == (NOW + 5, None)


def test_one_that_is_kept_already_gets_the_new_end_and_stays_what_it_is() -> None:
    (ban,) = begun(["192.0.2.2"], {OLD.key: OLD}, WANTED, ASKING)
    assert (ban.ends, ban.author, ban.start, ban.asked) == (WANTED.ends, "ada", OLD.start, OLD.asked)


def test_what_failed_is_forgotten_and_what_was_there_is_somebody_elses() -> None:
    third = replace(NEW, id="192.0.2.3")
    known = {ban.key: ban for ban in (NEW, OLD, third)}
    outcome = [
        BannedId("192.0.2.1", BanResult.FAILED, "no"),
        BannedId("192.0.2.2", BanResult.BANNED),
        BannedId("192.0.2.3", BanResult.ALREADY_BANNED),
        BannedId("192.0.2.4", BanResult.BANNED),
    ]
    moved, failed = confirmed("sshd", outcome, known, {"192.0.2.1", "192.0.2.3"}, NOW + 1)
    assert failed == [NEW.key]
    again, foreign = moved
    assert (again.id, again.start, again.is_expected, again.asked) == ("192.0.2.2", None, True, NOW + 1)
    assert (foreign.id, foreign.start, foreign.is_expected, foreign.look_at) == ("192.0.2.3", None, False, NOW + 1)


def test_a_new_ban_that_came_about_and_a_kept_one_that_was_there_stay_as_they_are() -> None:
    outcome = [BannedId("192.0.2.1", BanResult.BANNED), BannedId("192.0.2.2", BanResult.ALREADY_BANNED)]
    assert confirmed("sshd", outcome, {ban.key: ban for ban in (NEW, OLD)}, {"192.0.2.1"}, NOW) == ([], [])
