"""The arithmetic of waits: they grow, they end, and no step of the clock makes one that does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.domain.throttle import (
    ACCOUNT,
    ADDRESS,
    EVERYBODY,
    FORGOTTEN_AFTER,
    OWN,
    SITE,
    Attempts,
    Charge,
    GrowingDelay,
    SteadyRate,
    ThrottleKind,
    ThrottleRule,
    account_key,
    code_charges,
    confirmation_charges,
    given_back,
    password_charges,
    refusal,
    setup_charges,
)

NOW = 1_800_000_000_000
RULES: list[ThrottleRule] = [ADDRESS, SITE, ACCOUNT, EVERYBODY, OWN]
LONGEST = 1_000 * max(ADDRESS.longest, SITE.longest, ACCOUNT.longest, OWN.longest)


def after(rule: ThrottleRule, times: int, now: int = NOW) -> Attempts | None:
    attempts: Attempts | None = None
    for _ in range(times):
        attempts = rule.charged(attempts, now)
    return attempts


def test_the_first_attempts_wait_for_nothing() -> None:
    assert [ADDRESS.wait(after(ADDRESS, times), NOW) for times in range(5)] == [0] * 5


def test_each_further_attempt_waits_twice_as_long_up_to_a_limit() -> None:
    waits = [ADDRESS.wait(after(ADDRESS, times), NOW) for times in range(5, 20)]
    assert waits[:5] == [1_000, 2_000, 4_000, 8_000, 16_000]
    assert waits[-1] == 900_000


def test_a_wait_gets_shorter_as_time_passes() -> None:
    attempts = after(ADDRESS, 8)
    assert ADDRESS.wait(attempts, NOW) == 8_000
    assert ADDRESS.wait(attempts, NOW + 5_000) == 3_000
    assert ADDRESS.wait(attempts, NOW + 8_000) == 0


def test_old_attempts_count_less_and_then_nothing() -> None:
    attempts = after(ADDRESS, 8)
    assert ADDRESS.charged(attempts, NOW + 21_600_000).level == pytest.approx(5.0)
    assert ADDRESS.charged(attempts, NOW + FORGOTTEN_AFTER + 1) == Attempts(1.0, NOW + FORGOTTEN_AFTER + 1)


def test_whoever_tries_all_day_gets_few_attempts() -> None:
    attempts, tried, now = None, 0, NOW
    while now < NOW + 86_400_000:
        wait = ADDRESS.wait(attempts, now)
        if wait:
            now += wait
            continue
        attempts, tried = ADDRESS.charged(attempts, now), tried + 1
    assert tried < 120


def test_an_account_is_never_closed_for_longer_than_a_minute() -> None:
    assert ACCOUNT.wait(after(ACCOUNT, 100_000), NOW) == 60_000


def test_a_steady_rate_lets_a_burst_through_and_then_one_at_a_time() -> None:
    rule = SteadyRate(burst=3, every=2)
    assert [rule.wait(after(rule, times), NOW) for times in range(5)] == [0, 0, 0, 2_000, 4_000]
    full = after(rule, 3)
    assert rule.wait(full, NOW + 2_000) == 0
    assert rule.charged(full, NOW + 2_000).level == pytest.approx(3.0)
    assert rule.charged(full, NOW + 60_000).level == pytest.approx(1.0)


def test_a_charge_that_is_given_back_leaves_nothing_behind() -> None:
    before = after(ADDRESS, 4)
    assert before is not None
    assert given_back(ADDRESS.charged(before, NOW)) == before
    assert given_back(Attempts(0.3, NOW)).level == 0


@pytest.mark.parametrize("rule", RULES)
def test_a_clock_that_goes_back_a_little_makes_no_wait_longer(rule: ThrottleRule) -> None:
    attempts = after(rule, 40)
    assert rule.wait(attempts, NOW - 600_000) == rule.wait(attempts, NOW)


@pytest.mark.parametrize("rule", RULES)
def test_a_clock_that_was_far_ahead_keeps_nobody_out(rule: ThrottleRule) -> None:
    attempts = after(rule, 1_000, NOW + 365 * 86_400_000)
    assert rule.wait(attempts, NOW) == 0
    assert rule.charged(attempts, NOW) == Attempts(1.0, NOW)


@given(
    st.sampled_from(RULES),
    st.floats(0, 1e9),
    st.integers(0, 4_000_000_000_000),
    st.integers(0, 4_000_000_000_000),
)
def test_no_growing_wait_is_longer_than_its_limit_whatever_was_stored(
    rule: ThrottleRule, level: float, last: int, now: int
) -> None:
    wait = rule.wait(Attempts(level, last), now)
    assert wait >= 0
    if isinstance(rule, GrowingDelay):
        assert wait <= rule.longest * 1000
    assert rule.charged(Attempts(level, last), now).last == now


def test_the_longest_wait_decides() -> None:
    charges = password_charges("192.0.2.1", "ada")
    tried = [(charge, after(charge.rule, 12)) for charge in charges]
    found = refusal(tried, NOW)
    assert found is not None
    assert (found.kind, found.wait) == (ThrottleKind.ADDRESS, 128_000)
    assert refusal([(charge, None) for charge in charges], NOW) is None
    assert refusal([], NOW) is None


def kinds(charges: tuple[Charge, ...]) -> list[ThrottleKind]:
    return [charge.kind for charge in charges]


def test_a_password_is_charged_to_the_address_the_account_and_everybody() -> None:
    kind = ThrottleKind
    assert kinds(password_charges("192.0.2.1", "ada")) == [kind.ADDRESS, kind.ACCOUNT, kind.EVERYBODY]
    assert kinds(password_charges("2001:db8::1", "ada")) == [kind.ADDRESS, kind.SITE, kind.ACCOUNT, kind.EVERYBODY]
    assert kinds(setup_charges("192.0.2.1")) == [kind.ADDRESS]


def test_what_others_can_raise_is_not_charged_to_a_known_browser() -> None:
    assert kinds(password_charges("192.0.2.1", "ada", "d1")) == [ThrottleKind.DEVICE]
    assert kinds(code_charges("192.0.2.1", "u1", "d1")) == [ThrottleKind.DEVICE]
    assert kinds(confirmation_charges("u1")) == [ThrottleKind.CONFIRMATION]


def test_codes_are_charged_to_the_account_apart_from_its_password() -> None:
    assert kinds(code_charges("192.0.2.1", "u1")) == [ThrottleKind.ADDRESS, ThrottleKind.CODE]


def test_the_key_of_an_account_tells_no_name_and_there_are_few_of_them() -> None:
    keys = {account_key(f"name {number}") for number in range(1_000)}
    assert all(len(key) == 4 for key in keys)
    assert len(keys) > 950
    assert account_key("\ud800")
