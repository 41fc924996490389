from __future__ import annotations

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.jail import Jail

pytestmark = pytest.mark.daemon


async def test_ban_time_in_seconds_in_words_and_for_ever(jail: Jail) -> None:
    assert await jail.set_bantime(600) == 600
    assert await jail.set_bantime("1h 30m") == 5400
    assert await jail.get_bantime() == 5400
    assert await jail.set_bantime("-1") == -1
    with pytest.raises(ValueError, match="at least -1"):
        await jail.set_bantime(-2)
    assert await jail.get_bantime() == -1


async def test_find_time_in_seconds_and_in_words(jail: Jail) -> None:
    assert await jail.set_findtime("10m") == 600
    assert await jail.set_findtime("1mo") == 2629800
    assert await jail.get_findtime() == 2629800
    with pytest.raises(ValueError, match="at least 0"):
        await jail.set_findtime(-1)


async def test_numbers_of_failures_and_of_lines_kept(jail: Jail) -> None:
    assert await jail.set_maxretry(7) == 7
    assert await jail.get_maxretry() == 7
    assert await jail.set_maxmatches(9) == 9
    assert await jail.get_maxmatches() == 9
    with pytest.raises(ValueError, match="at least 1"):
        await jail.set_maxretry(0)


async def test_the_increment_is_off_until_it_is_switched_on(jail: Jail) -> None:
    assert await jail.get_bantime_increment() is False
    assert await jail.set_bantime_increment(True) is True
    assert await jail.get_bantime_increment() is True
    assert await jail.set_bantime_increment(False) is False


async def test_the_factor_is_a_number_and_can_be_removed(jail: Jail) -> None:
    assert await jail.set_bantime_factor(2) == "2"
    assert await jail.set_bantime_factor(1.5) == "1.5"
    assert await jail.get_bantime_factor() == "1.5"
    assert await jail.set_bantime_factor(None) is None
    for factor in (0, -1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="factor"):
            await jail.set_bantime_factor(factor)


async def test_the_formula_is_arithmetic_and_can_be_removed(jail: Jail) -> None:
    aggressive = "ban.Time * math.exp(float(ban.Count + 1) * banFactor) / math.exp(1 * banFactor)"
    assert await jail.set_bantime_formula(aggressive) == aggressive
    assert await jail.get_bantime_formula() == aggressive
    assert await jail.set_bantime_formula(None) is None
    with pytest.raises(ValueError, match="arithmetic"):
        await jail.set_bantime_formula("__import__('os').getpid()")


async def test_the_multipliers_in_effect_are_whole_numbers(jail: Jail) -> None:
    assert await jail.get_bantime_multipliers() == ()
    assert await jail.set_bantime_multipliers([1, 2, 4]) == (1, 2, 4)
    assert await jail.get_bantime_multipliers() == (1, 2, 4)
    assert await jail.set_bantime_multipliers([]) == ()
    assert await jail.get_bantime_multipliers() == ()


async def test_the_longest_and_the_random_ban_time_can_be_removed(jail: Jail) -> None:
    assert await jail.get_bantime_maxtime() is None
    assert await jail.set_bantime_maxtime("5w") == 5 * 604800
    assert await jail.get_bantime_maxtime() == 5 * 604800
    assert await jail.set_bantime_maxtime(None) is None
    assert await jail.set_bantime_rndtime("10m") == 600
    assert await jail.get_bantime_rndtime() == 600
    assert await jail.set_bantime_rndtime(None) is None


async def test_no_means_no_for_other_jails(jail: Jail) -> None:
    assert await jail.get_bantime_overalljails() is False
    assert await jail.set_bantime_overalljails(True) is True
    assert await jail.set_bantime_overalljails(False) is False
    assert await jail.get_bantime_overalljails() is False


async def test_a_text_that_the_daemon_holds_for_true_reads_as_true(client: Fail2BanClient, jail: Jail) -> None:
    await client.send(["set", jail.name, "bantime.overalljails", "false"])
    assert await jail.get_bantime_overalljails() is True
