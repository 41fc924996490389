from __future__ import annotations

import ipaddress
from itertools import combinations

from bangui.demo.networks import COUNTRIES, ipv4_networks, ipv6_networks


def test_more_than_thirty_countries_have_both_kinds_of_addresses() -> None:
    assert len({network.country for network in ipv4_networks()}) >= 40
    assert len({network.country for network in ipv6_networks()}) >= 30
    assert len({country.code for country in COUNTRIES}) == len(COUNTRIES)


def test_every_network_is_a_public_one_written_exactly() -> None:
    for network in (*ipv4_networks(), *ipv6_networks()):
        assert network.prefix.is_global, network
        assert len(network.country) == 2
    for country in COUNTRIES:
        for text in f"{country.ipv4} {country.ipv6}".split():
            assert str(ipaddress.ip_network(text)) == text


def test_no_network_lies_in_another() -> None:
    networks = [network.prefix for network in ipv4_networks()]
    assert [(a, b) for a, b in combinations(networks, 2) if a.overlaps(b)] == []


def test_the_first_networks_are_of_different_countries() -> None:
    first = [network.country for network in ipv4_networks()][: len(COUNTRIES)]
    assert len(set(first)) == len(first)
