from __future__ import annotations

import pytest

from bangui.domain.ban_wishes import BanChange, BanReport, BanWish, UnbanChange, UnbanReport
from bangui.domain.errors import InvalidInput
from bangui.domain.outcomes import BanResult
from bangui.web.ban_notices import BAN_PATH, MOST_TAKEN_BACK, UNBAN_PATH, banned_notice, unbanned_notice
from bangui.web.ban_values import ban_value
from bangui.web.notices import Tone

WISH = BanWish(("192.0.2.1",), ("sshd",))


def changes(result: BanResult, count: int = 1, problem: str | None = None) -> tuple[BanChange, ...]:
    return tuple(BanChange("sshd", f"192.0.2.{n}", result, problem) for n in range(count))


@pytest.mark.parametrize(
    ("found", "text", "tone"),
    [
        (changes(BanResult.BANNED), "192.0.2.0 is banned in sshd.", Tone.DONE),
        (changes(BanResult.BANNED, 2), "2 addresses are banned in sshd.", Tone.DONE),
        (changes(BanResult.ALREADY_BANNED), "192.0.2.0 was banned already in sshd.", Tone.DONE),
        (changes(BanResult.FAILED, 1, "no"), "Nothing was banned.", Tone.PROBLEM),
        ((*changes(BanResult.BANNED), *changes(BanResult.FAILED, 2, "no")), "192.0.2.0 is banned in sshd.", Tone.LOOK),
    ],
)
def test_a_ban_is_told_as_it_came_out(found: tuple[BanChange, ...], text: str, tone: Tone) -> None:
    notice = banned_notice([BanReport(WISH, found)])
    assert (notice.text, notice.tone) == (text, tone)


def test_failures_are_told_with_their_problem_and_have_an_end() -> None:
    notice = banned_notice([BanReport(WISH, changes(BanResult.FAILED, 7, "the action failed"))])
    assert notice.details[0] == "192.0.2.0, sshd: the action failed"
    assert notice.details[-1] == "and 2 more"


def test_what_stopped_it_is_told() -> None:
    notice = banned_notice([BanReport(WISH, changes(BanResult.BANNED), InvalidInput("it went away"))])
    assert (notice.tone, notice.details[-1]) == (
        Tone.LOOK,
        "Not everything was done: it went away. What is told here is in force.",
    )


def test_a_ban_that_was_there_is_kept_up_and_said_so() -> None:
    wish = BanWish(("192.0.2.1",), ("sshd",), "", 7_200)
    notice = banned_notice([BanReport(wish, changes(BanResult.ALREADY_BANNED))])
    assert notice.details == ["BanGUI keeps up the ban that was there for 2h from now; it never becomes shorter."]


def test_the_undo_of_a_ban_names_what_was_newly_banned() -> None:
    found = (*changes(BanResult.BANNED), BanChange("sshd", "192.0.2.9", BanResult.ALREADY_BANNED))
    undo = banned_notice([BanReport(WISH, found)], "/bans").undo
    assert undo is not None
    assert (undo.path, undo.fields) == (
        UNBAN_PATH,
        (("ban", ban_value("sshd", "192.0.2.0")), ("confirm", "yes"), ("back", "/bans")),
    )
    assert banned_notice([BanReport(WISH, changes(BanResult.BANNED, MOST_TAKEN_BACK + 1))]).undo is None


def test_the_undo_of_an_unban_bans_again_where_it_was() -> None:
    notice = unbanned_notice(UnbanReport((UnbanChange(None, "192.0.2.1", ("app", "sshd"), 2),)))
    assert notice.text == "192.0.2.1 is no longer banned in app, sshd."
    assert notice.undo is not None
    assert (notice.undo.path, notice.undo.fields) == (
        BAN_PATH,
        (("ban", ban_value("app", "192.0.2.1")), ("ban", ban_value("sshd", "192.0.2.1"))),
    )


def test_what_banning_again_does_not_bring_back_is_said() -> None:
    notice = unbanned_notice(UnbanReport((UnbanChange("sshd", "192.0.2.1", ("sshd",), 1),), timed=1))
    assert "without the duration that there was" in notice.details[-1]


@pytest.mark.parametrize(
    "change",
    [
        UnbanChange("sshd", "root", ("sshd",), 1),
        UnbanChange(None, "192.0.2.0/24", (), 3),
        UnbanChange(None, "192.0.2.0/24", ("sshd",), 3),
    ],
)
def test_what_cannot_be_banned_again_as_it_was_has_no_undo(change: UnbanChange) -> None:
    assert unbanned_notice(UnbanReport((change,))).undo is None


def test_an_unban_that_did_nothing_says_why() -> None:
    nothing = unbanned_notice(UnbanReport((UnbanChange("sshd", "192.0.2.1", (), 0),)))
    assert (nothing.tone, nothing.text) == (Tone.LOOK, "Nothing was unbanned: no such ban was in force.")
    failed = unbanned_notice(UnbanReport((UnbanChange("sshd", "192.0.2.1", (), 0, "no"),)))
    assert (failed.tone, failed.text, failed.details) == (
        Tone.PROBLEM,
        "Nothing was unbanned.",
        ["192.0.2.1, sshd: no"],
    )
