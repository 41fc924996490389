from __future__ import annotations

import pytest

from bangui.domain.addresses import parse_address
from bangui.domain.known_proxies import KNOWN_PROXIES
from bangui.domain.safety import DangerKind, Dangers, Protected, Standing, danger_in_words, dangers

MINE = Protected(parse_address("203.0.113.50"), Standing.LOGIN)


def in_words(target: str, *protected: Protected) -> list[str]:
    return [danger_in_words(danger) for danger in dangers(parse_address(target), protected or [MINE])]


@pytest.mark.parametrize("harmless", ["203.0.113.9", "192.0.2.0/24", "198.51.0.0/16", "2001:db8::1", "2001:db8::/32"])
def test_an_ordinary_address_or_network_is_no_danger(harmless: str) -> None:
    assert in_words(harmless) == []


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("127.0.0.1", "cut this machine off from itself"),
        ("127.5.5.5", "cut this machine off from itself"),
        ("::1", "cut this machine off from itself"),
        ("::ffff:127.0.0.1", "cut this machine off from itself"),
        ("0.0.0.0/0", "the whole IPv4 internet"),
        ("::/0", "the whole IPv6 internet"),
        ("8.0.0.0/7", "a network of 33,554,432 addresses"),
        ("2000::/3", "a network of 2^125 addresses"),
        ("0.0.0.0", "no address that anybody can have"),
        ("203.0.113.50", "it is the address that you are logged in from"),
        ("203.0.113.0/24", "it contains 203.0.113.50, the address that you are logged in from"),
        ("10.1.2.3", "in a private network (10.0.0.0/8)"),
        ("172.16.0.0/12", "in a private network (172.16.0.0/12)"),
        ("192.168.0.0/15", "in a private network (192.168.0.0/16)"),
        ("100.64.0.1", "in a private network (100.64.0.0/10)"),
        ("169.254.7.7", "in a private network (169.254.0.0/16)"),
        ("fd12::1", "in a private network (fc00::/7)"),
        ("fe80::1", "in a private network (fe80::/10)"),
    ],
)
def test_each_danger_is_named_in_words(target: str, reason: str) -> None:
    assert any(reason in found for found in in_words(target))


def test_an_address_inside_a_protected_network_belongs_to_it() -> None:
    office = Protected(parse_address("198.51.100.0/24"), Standing.ATTACHED)
    assert in_words("198.51.100.9", office) == [
        "it belongs to 198.51.100.0/24, a network that this machine is attached to"
    ]


def test_whose_proxy_it_is_is_said_where_it_is_known() -> None:
    proxy = Protected(parse_address("104.16.0.0/13"), Standing.PROXY, "Cloudflare")
    assert in_words("104.16.1.1", proxy) == ["it belongs to 104.16.0.0/13, a known proxy (Cloudflare)"]


def test_the_other_family_is_never_meant() -> None:
    assert in_words("::cb00:7132") == []


def test_the_whole_internet_has_all_reasons_at_once() -> None:
    assert len(in_words("0.0.0.0/0")) == 3


def test_of_many_networks_of_one_proxy_one_is_told() -> None:
    proxies = [
        Protected(parse_address(network), Standing.PROXY, name)
        for name, networks in KNOWN_PROXIES.items()
        for network in networks
    ]
    found = Dangers([*proxies, MINE]).of(parse_address("0.0.0.0/0"))
    assert [(danger.kind, danger.name) for danger in found if danger.standing] == [
        (DangerKind.CONTAINS, "Cloudflare"),
        (DangerKind.CONTAINS, "Fastly"),
        (DangerKind.CONTAINS, ""),
    ]


def test_every_known_proxy_is_a_network_in_canonical_form() -> None:
    for networks in KNOWN_PROXIES.values():
        assert [parse_address(network).text for network in networks] == list(networks)
