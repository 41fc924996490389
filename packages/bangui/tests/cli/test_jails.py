from __future__ import annotations

import json

from packages.bangui.tests.cli.harness import Bangui

TABLE = """\
JAIL      BANNED  RETRIES  WITHIN  BAN TIME
recidive       1        3  1d      permanent
sshd           1        5  10m     1h
"""


def test_each_jail_comes_with_its_rule(bangui: Bangui) -> None:
    assert bangui("jails").out == TABLE


def test_growing_ban_times_are_marked(bangui: Bangui) -> None:
    bangui.gateway.jails["sshd"].grows = True
    assert "1h, growing\n" in bangui("jails").out


def test_no_jails_is_said_with_what_to_do(bangui: Bangui) -> None:
    bangui.gateway.jails = {}
    assert "jail.local" in bangui("jails").out


def test_the_json_has_the_documented_keys(bangui: Bangui) -> None:
    recidive, sshd = json.loads(bangui("jails", "--json").out)["jails"]
    assert (sshd["maxretry"], sshd["findtime"], sshd["bantime"], sshd["bantime_increment"]) == (5, 600, 3600, False)
    assert recidive["bantime"] is None
    assert sshd["currently_banned"] == 1
