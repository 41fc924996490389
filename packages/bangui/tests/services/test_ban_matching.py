from __future__ import annotations

import pytest

from bangui.domain.addresses import parse_address
from bangui.domain.bans import Ban
from bangui.domain.history import Origin
from bangui.domain.places import NOWHERE, Network, Place
from bangui.services.ban_matching import BanFilter, matching_bans
from packages.bangui.tests.web.scripted import make_ban, make_snapshot

BANS = [
    make_ban("192.0.2.7", "sshd"),
    make_ban("192.0.2.0/24", "recidive"),
    make_ban("192.0.2.200", "nginx"),
    make_ban("198.51.100.1", "nginx"),
    make_ban("2001:db8::7", "sshd"),
    make_ban("Some Text", "sshd"),
]
PLACES = {"192.0.2.7": Place("DE", Network(64500, "one")), "198.51.100.1": Place("CN", None)}


def origin_of(ban: Ban) -> Origin | None:
    return {"192.0.2.7": Origin.HAND, "2001:db8::7": None}.get(ban.id, Origin.FILTER)


def found(filter: BanFilter) -> set[str]:
    snapshot = make_snapshot(BANS)
    return {ban.id for ban in matching_bans(snapshot, filter, lambda ban_id: PLACES.get(ban_id, NOWHERE), origin_of)}


def test_everything_matches_an_empty_filter() -> None:
    assert found(BanFilter()) == {ban.id for ban in BANS}


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        ("192.0.2.7", {"192.0.2.7", "192.0.2.0/24"}),
        ("192.0.2.0/25", {"192.0.2.7", "192.0.2.0/24"}),
        ("192.0.2.128/25", {"192.0.2.200", "192.0.2.0/24"}),
        ("192.0.0.0/16", {"192.0.2.7", "192.0.2.0/24", "192.0.2.200"}),
        ("2001:db8::/32", {"2001:db8::7"}),
        ("::/0", {"2001:db8::7"}),
        ("203.0.113.1", set()),
    ],
)
def test_an_address_finds_what_covers_it_and_a_network_what_lies_in_it(written: str, ids: set[str]) -> None:
    assert found(BanFilter(within=(parse_address(written),))) == ids


def test_a_text_stands_in_the_id_or_the_name_of_the_jail_in_any_case() -> None:
    assert found(BanFilter(text="some t")) == {"Some Text"}
    assert found(BanFilter(text="RECID")) == {"192.0.2.0/24"}
    assert found(BanFilter(text="192.0.2.")) == {"192.0.2.7", "192.0.2.0/24", "192.0.2.200"}


def test_a_jail_is_meant_exactly() -> None:
    assert found(BanFilter(jail="sshd")) == {"192.0.2.7", "2001:db8::7", "Some Text"}
    assert found(BanFilter(jail="ssh")) == set()


def test_countries_and_networks_are_those_that_are_known() -> None:
    assert found(BanFilter(countries=("DE", "FR"))) == {"192.0.2.7"}
    assert found(BanFilter(networks=(64500,))) == {"192.0.2.7"}
    assert found(BanFilter(networks=(1,))) == set()


def test_a_ban_whose_origin_nobody_knows_has_none() -> None:
    assert found(BanFilter(origins=(Origin.HAND,))) == {"192.0.2.7"}
    assert "2001:db8::7" not in found(BanFilter(origins=tuple(Origin)))


def test_everything_that_is_given_must_hold() -> None:
    assert found(BanFilter(jail="sshd", within=(parse_address("192.0.2.0/24"),), countries=("DE",))) == {"192.0.2.7"}
    assert found(BanFilter(jail="sshd", within=(parse_address("192.0.2.0/24"),), countries=("CN",))) == set()
