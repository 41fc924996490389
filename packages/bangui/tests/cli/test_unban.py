from __future__ import annotations

import json

from bangui.domain.operations import BanIds
from packages.bangui.tests.cli.harness import Bangui


def test_it_says_in_which_jails_it_was_unbanned(bangui: Bangui) -> None:
    bangui("ban", "recidive", "2001:db8::7")
    outcome = bangui("unban", "[2001:DB8::7]")
    assert (outcome.code, outcome.out) == (0, "unbanned 2001:db8::7 in recidive, sshd\n")


def test_one_jail_only(bangui: Bangui) -> None:
    bangui("ban", "recidive", "2001:db8::7")
    assert bangui("unban", "2001:db8::7", "--jail", "sshd").out == "unbanned 2001:db8::7 in sshd\n"
    assert bangui("why", "2001:db8::7").code == 0


def test_who_is_not_banned_is_told_and_when_nobody_was_nothing_was_done(bangui: Bangui) -> None:
    outcome = bangui("unban", "192.0.2.1")
    assert (outcome.code, outcome.out) == (1, "192.0.2.1 is not banned anywhere\n")
    assert bangui("unban", "192.0.2.1", "--jail", "sshd").out == "192.0.2.1 is not banned in sshd\n"
    assert bangui("unban", "192.0.2.1", "2001:db8::7").code == 0


def test_a_network_lifts_the_addresses_inside_it(bangui: Bangui) -> None:
    assert bangui("unban", "2001:db8::/64").out == "unbanned 1 address inside 2001:db8::/64\n"


async def test_a_text_that_is_no_address_is_unbanned_as_it_stands(bangui: Bangui) -> None:
    await bangui.gateway.perform(BanIds("sshd", ("user \x1b[2J",)))
    assert bangui("unban", "user \x1b[2J").out == "unbanned user \\x1b[2J in sshd\n"


def test_an_unknown_jail_is_told(bangui: Bangui) -> None:
    assert bangui("unban", "192.0.2.1", "--jail", "nope").code == 1


def test_the_json_tells_where_each_id_was_banned(bangui: Bangui) -> None:
    answer = json.loads(bangui("unban", "2001:db8::7", "192.0.2.1", "--json").out)
    assert answer == {
        "jail": None,
        "results": [
            {"id": "2001:db8::7", "jails": ["sshd"], "lifted": 1, "problem": None},
            {"id": "192.0.2.1", "jails": [], "lifted": 0, "problem": None},
        ],
    }
