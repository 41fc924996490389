from __future__ import annotations

from dataclasses import replace

import pytest

from bangui.domain.timed_bans import (
    GIVEN_UP,
    LOOK_EVERY,
    PATIENCE,
    RESTORING,
    SETTLE,
    Seen,
    Step,
    TimedBan,
    asked_again,
    decide,
    without_jail,
)

START = 1_700_000_000_000
MINUTE = 60_000
HOUR = 60 * MINUTE
JAIL = 10 * MINUTE
"""The ban time of the jail."""


def a_ban(ends: int = START + HOUR, **other: int | None) -> TimedBan:
    """Return a ban that was seen where it is expected, in a jail that bans for ten minutes."""
    seen = TimedBan(
        "host",
        "sshd",
        "192.0.2.1",
        ends,
        asked=START,
        look_at=START + SETTLE,
        start=START,
        lets_go=START + JAIL,
        is_expected=False,
        daemon="one",
        counted=7,
    )
    values = {"start": seen.start, "lets_go": seen.lets_go, "missed": seen.missed, **other}
    return replace(seen, start=values["start"], lets_go=values["lets_go"], missed=values["missed"])


def a_new_ban(ends: int = START + HOUR, *, lets_go: int | None = START + JAIL) -> TimedBan:
    """Return a ban that was just asked for."""
    return replace(a_ban(ends, start=None, lets_go=lets_go), is_expected=True)


def there(start: int = START, ends: int | None = START + JAIL, ban_time: int | None = JAIL) -> Seen:
    return Seen(True, ban_time, start, ends, "one", 7)


def gone(daemon: str = "one", counted: int = 7) -> Seen:
    return Seen(False, JAIL, daemon=daemon, counted=counted)


def test_a_new_ban_is_learned_and_then_left_alone_until_it_must_be_asked_for_again() -> None:
    step, known = decide(a_new_ban(), there(START + 800, START + 800 + JAIL), START + SETTLE)
    assert (step, known.start, known.lets_go) == (Step.WAIT, START + 800, START + 800 + JAIL)
    assert not known.is_expected
    assert known.look_at == START + SETTLE + LOOK_EVERY
    assert decide(known, there(), START + 6 * MINUTE)[1].look_at == START + JAIL - MINUTE


def test_a_short_ban_is_lifted_at_its_time() -> None:
    ban = a_ban(START + 5 * MINUTE)
    assert decide(ban, there(), START + SETTLE)[1].look_at == ban.ends
    assert decide(ban, there(), ban.ends)[0] is Step.LIFT


def test_a_permanent_ban_is_lifted_at_its_time() -> None:
    ban = a_ban(lets_go=None)
    assert decide(ban, there(ends=None, ban_time=None), ban.ends)[0] is Step.LIFT


def test_what_ends_by_itself_in_a_moment_is_not_lifted() -> None:
    ban = a_ban(START + JAIL - 4_000)
    assert decide(ban, there(), ban.ends)[0] is Step.FORGET


def test_a_long_ban_is_asked_for_again_before_the_daemon_would_end_it() -> None:
    ban, now = a_ban(), START + JAIL - MINUTE
    step, known = decide(ban, there(), now)
    assert step is Step.ASK
    again = asked_again(known, there(), now)
    assert (again.lets_go, again.start, again.is_expected) == (now + JAIL, START, True)
    assert again.look_at == now + SETTLE


def test_the_last_time_it_is_asked_for_so_that_it_ends_by_itself_in_time() -> None:
    ban = a_ban(START + 12 * MINUTE)
    _, known = decide(ban, there(), START + MINUTE)
    assert known.look_at == START + 2 * MINUTE
    step, known = decide(known, there(), known.look_at)
    assert step is Step.ASK
    again = asked_again(known, there(), START + 2 * MINUTE)
    assert again.lets_go == ban.ends
    step, known = decide(again, there(ends=ban.ends), START + 3 * MINUTE)
    assert (step, known.look_at) == (Step.WAIT, START + 3 * MINUTE + LOOK_EVERY)
    assert decide(known, there(ends=ban.ends), ban.ends)[0] is Step.FORGET


def test_in_a_jail_of_seconds_there_is_still_time_to_ask() -> None:
    ban = replace(a_ban(), lets_go=START + 10_000)
    assert decide(ban, there(ends=START + 10_000, ban_time=10_000), START)[1].look_at == START + 8_000


def test_a_ban_that_was_made_longer_by_somebody_else_is_never_lifted() -> None:
    ban = a_ban(START + 5 * MINUTE)
    assert decide(ban, there(ends=START + JAIL + 3 * MINUTE), ban.ends)[0] is Step.FORGET


def test_a_ban_that_began_anew_is_somebody_elses() -> None:
    ban = a_ban(START + 5 * MINUTE)
    later = START + 4 * MINUTE
    assert decide(ban, there(later, later + JAIL), ban.ends)[0] is Step.FORGET


def test_a_ban_that_somebody_renewed_is_kept_up_where_more_is_wanted() -> None:
    ban, later = a_ban(), START + 4 * MINUTE
    step, known = decide(ban, there(later, later + JAIL), later + MINUTE)
    assert (step, known.start, known.lets_go) == (Step.WAIT, later, later + JAIL)


def test_a_ban_that_grew_right_after_it_began_is_ours() -> None:
    step, known = decide(a_new_ban(START + 5 * MINUTE), there(ends=START + 8 * HOUR), START + SETTLE)
    assert (step, known.look_at) == (Step.WAIT, START + 5 * MINUTE)
    assert decide(known, there(ends=START + 8 * HOUR), START + 5 * MINUTE)[0] is Step.LIFT


def test_a_ban_from_before_is_not_the_one_that_was_asked_for() -> None:
    before = there(START - 2_000, START + HOUR + 1)
    assert decide(a_new_ban(), before, START + SETTLE)[0] is Step.FORGET


def test_a_jail_whose_ban_time_was_changed_did_not_renew_anything() -> None:
    ban = a_ban(START + 5 * MINUTE)
    assert decide(ban, there(ends=START + 8 * HOUR, ban_time=8 * HOUR), ban.ends)[0] is Step.LIFT
    assert decide(ban, there(ends=None, ban_time=None), ban.ends)[0] is Step.LIFT


def test_a_ban_that_lasts_longer_than_wanted_already_is_left_as_it_is() -> None:
    foreign = replace(a_new_ban(start := START), start=None, is_expected=False, look_at=start)
    assert decide(foreign, there(START - HOUR, None), START)[0] is Step.FORGET
    assert decide(foreign, there(START - HOUR, START + 2 * HOUR), START)[0] is Step.FORGET


def test_a_ban_that_was_there_and_ends_too_early_is_kept_up() -> None:
    foreign = replace(a_new_ban(), start=None, is_expected=False)
    step, known = decide(foreign, there(START - MINUTE, START - MINUTE + JAIL), START)
    assert (step, known.start) == (Step.WAIT, START - MINUTE)
    assert decide(foreign, gone(), START)[0] is Step.ASK


def test_a_ban_that_somebody_lifted_does_not_come_back() -> None:
    now = START + 2 * MINUTE
    step, known = decide(a_ban(), gone(), now)
    assert (step, known.missed) == (Step.WAIT, now)
    assert decide(known, gone(), now + PATIENCE - 1)[0] is Step.WAIT
    assert decide(known, gone(), now + PATIENCE)[0] is Step.FORGET


def test_a_ban_that_was_lifted_shortly_before_its_end_does_not_come_back_either() -> None:
    now = START + JAIL - 30_000
    _, known = decide(a_ban(), gone(), now)
    assert decide(known, gone(), START + JAIL + 10_000)[0] is Step.WAIT
    assert decide(known, gone(), now + PATIENCE)[0] is Step.FORGET


def test_a_ban_that_was_missing_for_a_moment_only_is_there() -> None:
    step, known = decide(a_ban(missed=START + 1), there(), START + 2 * MINUTE)
    assert (step, known.missed) == (Step.WAIT, None)


@pytest.mark.parametrize("missing", [gone(daemon="two"), gone(counted=3)])
def test_what_a_new_daemon_or_jail_has_not_brought_back_is_asked_for_again(missing: Seen) -> None:
    now = START + 2 * MINUTE
    step, known = decide(a_ban(), missing, now)
    assert step is Step.WAIT
    step, known = decide(known, missing, now + RESTORING)
    assert step is Step.ASK
    again = asked_again(known, missing, now + RESTORING)
    assert (again.start, again.daemon) == (None, missing.daemon)


def test_what_a_new_daemon_has_not_brought_back_when_its_time_is_over_is_forgotten() -> None:
    ban = a_ban(START + 5 * MINUTE)
    step, known = decide(ban, gone(daemon="two"), ban.ends)
    assert step is Step.WAIT
    assert decide(known, gone(daemon="two"), ban.ends + RESTORING)[0] is Step.FORGET


def test_a_ban_that_ended_while_nobody_looked_is_asked_for_again() -> None:
    assert decide(a_ban(), gone(), START + JAIL)[0] is Step.ASK
    assert decide(a_ban(), gone(), START + HOUR)[0] is Step.FORGET


def test_a_restored_ban_that_ends_earlier_is_still_ours() -> None:
    ban = a_ban(lets_go=START + 20 * MINUTE)
    step, known = decide(ban, there(), START + 2 * MINUTE)
    assert (step, known.lets_go) == (Step.WAIT, START + JAIL)


def test_a_ban_waits_for_its_jail_and_is_given_up_long_after_its_time() -> None:
    ban = a_ban()
    assert without_jail(ban, START)[0] is Step.WAIT
    assert without_jail(ban, ban.ends + GIVEN_UP)[0] is Step.FORGET
