"""How addresses are ordered and grouped."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.sql.id_keys import country_key, id_key, network_key, subnet_of


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("203.0.113.7", "203.0.113.7/32"),
        ("203.0.113.0/24", "203.0.113.0/24"),
        ("2001:db8::1", "2001:db8::1/128"),
        ("2001:DB8::/32", "2001:db8::/32"),
        ("::ffff:203.0.113.7", "203.0.113.7/32"),
        ("::ffff:203.0.113.0/120", "203.0.113.0/24"),
    ],
)
def test_an_address_has_a_key(text: str, network: str) -> None:
    key = id_key(text)
    assert key is not None
    assert key.network == ip_network(network)
    assert key.key == network_key(key.network)
    assert key.prefix == key.network.prefixlen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "somebody",
        "1.2.3",
        "1.2.3.4.5",
        "01.2.3.4",
        "1.2.3.4/33",
        " 1.2.3.4",
        "fe80::1%eth0",
        "1.2.3.4:22",
        "x" * 99,
    ],
)
def test_another_text_has_none(text: str) -> None:
    assert id_key(text) is None


@given(st.lists(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)), min_size=2))
def test_keys_sort_like_numbers_and_ipv4_first(addresses: list[object]) -> None:
    networks = [ip_network(str(address)) for address in addresses]
    by_key = sorted(networks, key=network_key)
    assert by_key == sorted(networks, key=lambda network: (network.version, int(network.network_address)))


def test_a_subnet_is_a_24_or_a_48() -> None:
    assert subnet_of(ip_network("203.0.113.7")) == subnet_of(ip_network("203.0.113.0/24")) == 0xCB0071
    assert subnet_of(ip_network("203.0.112.0/23")) is None
    assert (
        subnet_of(ip_network("2001:db8:1::7")) == subnet_of(ip_network("2001:db8:1::/48")) == 1 << 48 | 0x20010DB80001
    )
    assert subnet_of(ip_network("2001:db8::/47")) is None


def test_a_country_is_its_two_letters() -> None:
    assert country_key("DE") == 256 * ord("D") + ord("E")
    assert country_key(None) == 0
