from __future__ import annotations

import json

import pytest

from bangui.domain.operations import BanIds
from packages.bangui.tests.cli.harness import Bangui


def was_sent(bangui: Bangui) -> list[BanIds]:
    return [operation for operation in bangui.gateway.performed if isinstance(operation, BanIds)][2:]


def test_it_says_who_was_banned_where_and_for_how_long(bangui: Bangui) -> None:
    outcome = bangui("ban", "sshd", "192.0.2.1", "192.0.2.2")
    assert outcome.code == 0
    assert outcome.out == "banned 192.0.2.1 in sshd for 1h\nbanned 192.0.2.2 in sshd for 1h\n"
    assert bangui("ban", "recidive", "192.0.2.1").out == "banned 192.0.2.1 in recidive for ever\n"


def test_who_was_banned_already_is_said_and_is_fine(bangui: Bangui) -> None:
    outcome = bangui("ban", "sshd", "2001:db8::7", "192.0.2.1")
    assert outcome.out == "2001:db8::7 was already banned in sshd\nbanned 192.0.2.1 in sshd for 1h\n"
    assert outcome.code == 0


def test_the_canonical_form_is_shown_beside_what_was_written(bangui: Bangui) -> None:
    outcome = bangui("ban", "sshd", "[2001:DB8:0::9]", "203.0.113.77/24")
    assert "banned 2001:db8::9 (from [2001:DB8:0::9]) in sshd" in outcome.out
    assert "banned 203.0.113.0/24 (from 203.0.113.77/24) in sshd" in outcome.out


def test_what_is_no_address_is_refused_before_anything_is_sent(bangui: Bangui) -> None:
    outcome = bangui("ban", "sshd", "192.0.2.1", "example.org")
    assert (outcome.code, outcome.out) == (2, "")
    assert "'example.org' is not an address; nothing was banned" in outcome.err
    assert "--any-id" in outcome.err
    assert was_sent(bangui) == []


def test_any_id_bans_a_text_as_it_stands(bangui: Bangui) -> None:
    assert bangui("ban", "sshd", "example.org", "--any-id").out == "banned example.org in sshd for 1h\n"


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("127.0.0.1", "loopback"),
        ("0.0.0.0/0", "whole IPv4 internet"),
        ("198.51.100.1", "an address of this machine"),
        ("198.18.0.50", "the address that you are logged in from"),
        ("198.18.0.0/23", "contains 198.18.0.50"),
        ("198.51.100.254", "this machine's gateway"),
        ("192.168.7.7", "in a private network"),
    ],
)
def test_what_would_hurt_is_refused_unless_one_insists(bangui: Bangui, target: str, reason: str) -> None:
    outcome = bangui("ban", "sshd", "192.0.2.1", target)
    assert (outcome.code, outcome.out) == (1, "")
    assert reason in outcome.err
    assert "--force" in outcome.err
    assert was_sent(bangui) == []
    assert bangui("ban", "sshd", target, "--force").code == 0


def test_addresses_come_from_standard_input(bangui: Bangui) -> None:
    outcome = bangui("ban", "sshd", "-", stdin="# bad ones\n192.0.2.1\n\n192.0.2.2  # again\n192.0.2.1\n")
    assert outcome.out.count("banned") == 2


def test_an_unknown_jail_is_told_before_anything_is_sent(bangui: Bangui) -> None:
    outcome = bangui("ban", "sshdd", "192.0.2.1")
    assert (outcome.code, outcome.err) == (1, "bangui: there is no jail named 'sshdd': did you mean 'sshd'?\n")
    assert was_sent(bangui) == []


def test_the_json_tells_the_result_of_each_id(bangui: Bangui) -> None:
    answer = json.loads(bangui("ban", "sshd", "2001:db8::7", "192.0.2.1", "--json").out)
    assert answer == {
        "jail": "sshd",
        "results": [
            {"id": "2001:db8::7", "result": "already_banned", "problem": None},
            {"id": "192.0.2.1", "result": "banned", "problem": None},
        ],
    }


def test_a_dangerous_ban_is_an_error_object_in_json(bangui: Bangui) -> None:
    assert json.loads(bangui("ban", "sshd", "::1", "--json").err)["error"]["kind"] == "dangerous"
