from __future__ import annotations

from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient, InvalidValueError
from aiofail2ban.jail import Jail
from aiofail2ban.types import DatePattern

pytestmark = pytest.mark.daemon


async def test_log_files_are_added_and_removed(jail: Jail, tmp_path: Path) -> None:
    first, second = tmp_path / "first.log", tmp_path / "second.log"
    for path in (first, second):
        path.touch()
    assert await jail.add_logpath(str(first)) == (str(first),)
    assert set(await jail.add_logpath(str(second), tail=True)) == {str(first), str(second)}
    assert await jail.del_logpath(str(first)) == (str(second),)
    assert await jail.del_logpath("/no/such/file") == (str(second),)
    assert await jail.get_logpath() == (str(second),)
    with pytest.raises(InvalidValueError, match="No such file"):
        await jail.add_logpath("/no/such/file")


async def test_journal_matches_come_in_groups_and_go_by_the_same_words(client: Fail2BanClient) -> None:
    jail = await client.add_jail("journal", "systemd")
    words = ("_SYSTEMD_UNIT=sshd.service", "+", "_COMM=sshd", "PRIORITY=4")
    groups = (("_SYSTEMD_UNIT=sshd.service",), ("_COMM=sshd", "PRIORITY=4"))
    assert await jail.add_journalmatch(*words) == groups
    assert await jail.get_journalmatch() == groups
    assert (await jail.short_status()).journal_matches == ("_SYSTEMD_UNIT=sshd.service + _COMM=sshd PRIORITY=4",)
    assert await jail.del_journalmatch(*words) == ()
    assert (await jail.short_status()).journal_matches == ()
    with pytest.raises(InvalidValueError, match="Invalid match"):
        await jail.add_journalmatch("nonsense")
    with pytest.raises(InvalidValueError, match="not found"):
        await jail.del_journalmatch("_COMM=sshd")
    await jail.stop()


async def test_a_file_jail_has_no_journal_matches(jail: Jail) -> None:
    assert await jail.add_journalmatch("_COMM=sshd") == ()


async def test_the_encoding_must_be_one_that_python_knows(jail: Jail) -> None:
    assert await jail.set_logencoding("latin-1") == "latin-1"
    assert await jail.get_logencoding() == "latin-1"
    with pytest.raises(InvalidValueError, match="unknown encoding"):
        await jail.set_logencoding("nope-8")


async def test_the_time_zone_is_an_offset(jail: Jail) -> None:
    assert await jail.get_logtimezone() is None
    assert await jail.set_logtimezone("UTC+0200") == "UTC+0200"
    assert await jail.get_logtimezone() == "UTC+0200"
    with pytest.raises(InvalidValueError, match="time zone"):
        await jail.set_logtimezone("Mars/Olympus")


async def test_date_patterns_have_a_pattern_or_only_a_name(jail: Jail) -> None:
    assert await jail.get_datepattern() == DatePattern(None, "Default Detectors")
    assert await jail.set_datepattern("EPOCH") == DatePattern(None, "Epoch")
    pattern = await jail.set_datepattern("%Y-%m-%d %H:%M:%S")
    assert pattern == DatePattern("%Y-%m-%d %H:%M:%S", "Year-Month-Day 24hour:Minute:Second")
    assert await jail.get_datepattern() == pattern


async def test_lines_of_an_expression(jail: Jail) -> None:
    assert await jail.get_maxlines() == 1
    assert await jail.set_maxlines(5) == 5
    with pytest.raises(ValueError, match="at least 1"):
        await jail.set_maxlines(0)


async def test_usedns_is_one_of_four_words(jail: Jail) -> None:
    for mode in ("yes", "warn", "no", "raw"):
        assert await jail.set_usedns(mode) == mode
        assert await jail.get_usedns() == mode
    with pytest.raises(ValueError, match="yes, warn, no, raw"):
        await jail.set_usedns("maybe")  # type: ignore[arg-type]  # a caller without a type checker
    assert await jail.get_usedns() == "raw"


async def test_the_prefix_expression_comes_back_expanded(jail: Jail) -> None:
    assert await jail.get_prefregex() == ""
    assert await jail.set_prefregex("^sshd: <F-CONTENT>.+</F-CONTENT>$") == "^sshd: (?P<content>.+)$"
    assert await jail.set_prefregex("") == ""
    with pytest.raises(InvalidValueError, match="compile"):
        await jail.set_prefregex("(")


async def test_expressions_of_a_failure_go_by_place_or_by_text(jail: Jail) -> None:
    (first,) = await jail.add_failregex("^first <HOST>$")
    assert "<HOST>" not in first
    assert len(await jail.add_failregex("^second <HOST>$")) == 2
    await jail.add_failregexes(["^third <HOST>$", "^fourth <HOST>$"])
    assert len(await jail.get_failregex()) == 4
    assert first not in await jail.del_failregex(first)
    assert len(await jail.del_failregex(0)) == 2
    assert len(await jail.del_failregex(99)) == 2
    with pytest.raises(ValueError, match="no failregex"):
        await jail.del_failregex("^first <HOST>$")
    with pytest.raises(ValueError, match="at least 0"):
        await jail.del_failregex(-1)


@pytest.mark.parametrize("regex", ["(", "^nothing to find an id with$"])
async def test_a_bad_expression_of_a_failure_is_an_invalid_value(jail: Jail, regex: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        await jail.add_failregex(regex)
    assert caught.value.error_class == "fail2ban.server.failregex.RegexException"


async def test_expressions_to_ignore_go_by_place_or_by_text(jail: Jail) -> None:
    assert await jail.add_ignoreregex("^harmless$") == ("^harmless$",)
    await jail.add_ignoreregexes(["^dull$"])
    assert await jail.get_ignoreregex() == ("^harmless$", "^dull$")
    assert await jail.del_ignoreregex("^dull$") == ("^harmless$",)
    assert await jail.del_ignoreregex(0) == ()
