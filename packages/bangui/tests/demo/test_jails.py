from __future__ import annotations

import configparser
from pathlib import Path

import pytest

from bangui.demo.jails import JAILS, LOG_ONLY_ACTION, RECIDIVE, config_files, jail_local


def parsed(*, with_nftables: bool) -> configparser.RawConfigParser:
    text = jail_local(Path("/demo/logs"), Path("/demo/fail2ban.log"), owner=("192.0.2.1",), with_nftables=with_nftables)
    parser = configparser.RawConfigParser()
    parser.read_string(text)
    return parser


def test_every_jail_is_on_and_reads_a_log_of_the_demo() -> None:
    parser = parsed(with_nftables=True)
    assert set(parser.sections()) == {jail.name for jail in JAILS}
    for name in parser.sections():
        assert parser.getboolean(name, "enabled")
        assert parser.get(name, "logpath").startswith("/demo/")
    assert parser.get("recidive", "logpath") == "/demo/fail2ban.log"


@pytest.mark.parametrize(("with_nftables", "action"), [(True, "nftables"), (False, LOG_ONLY_ACTION)])
def test_bans_go_where_they_may(with_nftables: bool, action: str) -> None:
    parser = parsed(with_nftables=with_nftables)
    assert parser.get("DEFAULT", "banaction") == action
    assert parser.get("DEFAULT", "banaction_allports").startswith(action)


def test_the_owner_is_ignored_and_names_are_never_looked_up() -> None:
    parser = parsed(with_nftables=False)
    assert "192.0.2.1" in parser.get("DEFAULT", "ignoreip").split()
    assert parser.get("DEFAULT", "usedns") == "no"


def test_bans_grow_up_to_an_hour_where_they_grow() -> None:
    sshd = JAILS[0]
    assert [sshd.ban_seconds(earlier) for earlier in range(6)] == [480, 960, 1920, 3600, 3600, 3600]
    assert RECIDIVE.ban_seconds(5) == RECIDIVE.bantime


def test_the_settings_differ_and_some_bans_end_while_one_looks() -> None:
    assert len({jail.bantime for jail in JAILS}) > 6
    assert min(jail.bantime for jail in JAILS) <= 60


def test_the_log_only_action_writes_into_the_demos_folder() -> None:
    files = config_files(Path("/demo/bans.log"))
    assert files[f"action.d/{LOG_ONLY_ACTION}.conf"].count(">> /demo/bans.log") == 2
