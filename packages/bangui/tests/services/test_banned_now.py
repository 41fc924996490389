from __future__ import annotations

from dataclasses import replace

import pytest

from bangui.domain.kept_ids import kept_id
from bangui.services.banned_now import banned_now
from packages.bangui.tests.web.scripted import HOSTILE_IDS, few_bans, hostile_host, make_ban, make_snapshot

HOST = make_snapshot(
    [
        make_ban("203.0.113.7", "sshd", age=60),
        make_ban("203.0.113.7", "recidive", age=30),
        make_ban("203.0.113.0/24", "recidive", age=90),
        make_ban("203.0.113.200", "sshd"),
        make_ban("203.0.114.1", "sshd"),
        make_ban("2001:db8::7", "sshd"),
        make_ban("2001:db8:0:1::/64", "sshd"),
    ]
)


def test_an_address_is_banned_by_itself_and_with_the_networks_around_it() -> None:
    found = banned_now(HOST, "203.0.113.7").bans
    assert [(ban.id, ban.jail) for ban in found] == [
        ("203.0.113.7", "recidive"),
        ("203.0.113.7", "sshd"),
        ("203.0.113.0/24", "recidive"),
    ]
    assert [ban.id for ban in banned_now(HOST, "::ffff:203.0.113.99").bans] == ["203.0.113.0/24"]


def test_nobody_is_banned_with_a_neighbour() -> None:
    assert banned_now(HOST, "203.0.114.2").bans == ()
    assert banned_now(HOST, "203.0.113").bans == ()


@pytest.mark.parametrize(
    ("network", "inside"),
    [("203.0.113.0/24", 2), ("203.0.112.0/22", 4), ("203.0.113.128/25", 1), ("2001:db8::/32", 2), ("::/0", 2)],
)
def test_whoever_is_banned_within_a_network_is_counted_once_and_without_itself(network: str, inside: int) -> None:
    assert banned_now(HOST, network).inside == inside


def test_an_address_has_nobody_inside() -> None:
    assert banned_now(HOST, "203.0.113.7").inside == 0


@pytest.mark.parametrize("id", [id for id in HOSTILE_IDS if id])
def test_any_text_can_be_banned(id: str) -> None:
    assert [ban.id for ban in banned_now(hostile_host(), kept_id(id)).bans] == [id]


def test_a_network_among_texts_counts_none_of_them() -> None:
    assert banned_now(hostile_host(), "0.0.0.0/0").inside == 0


def test_jails_that_could_not_be_looked_into_are_named() -> None:
    host = make_snapshot([make_ban("192.0.2.1")], unlisted={"recidive": 12_403})
    assert banned_now(host, "192.0.2.9").unlisted == ("recidive",)
    assert banned_now(few_bans(), "192.0.2.9").unlisted == ()


def test_nothing_is_found_where_nothing_is_known() -> None:
    assert banned_now(replace(HOST, jails=(), bans=()), "203.0.113.7").bans == ()
