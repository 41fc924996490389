from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.domain.places import NOWHERE, AddressScope, Network, Place, is_global, scope_of, underlying


@pytest.mark.parametrize(
    ("address", "scope"),
    [
        ("1.1.1.1", AddressScope.GLOBAL),
        ("0.0.0.0", AddressScope.UNSPECIFIED),
        ("0.255.255.255", AddressScope.UNSPECIFIED),
        ("1.0.0.0", AddressScope.GLOBAL),
        ("9.255.255.255", AddressScope.GLOBAL),
        ("10.0.0.0", AddressScope.PRIVATE),
        ("10.255.255.255", AddressScope.PRIVATE),
        ("11.0.0.0", AddressScope.GLOBAL),
        ("100.63.255.255", AddressScope.GLOBAL),
        ("100.64.0.1", AddressScope.SHARED),
        ("100.127.255.255", AddressScope.SHARED),
        ("100.128.0.0", AddressScope.GLOBAL),
        ("127.0.0.1", AddressScope.LOOPBACK),
        ("169.254.169.254", AddressScope.LINK_LOCAL),
        ("172.15.255.255", AddressScope.GLOBAL),
        ("172.31.255.255", AddressScope.PRIVATE),
        ("172.32.0.0", AddressScope.GLOBAL),
        ("192.0.0.1", AddressScope.RESERVED),
        ("192.0.1.0", AddressScope.GLOBAL),
        ("192.0.2.1", AddressScope.DOCUMENTATION),
        ("192.168.255.255", AddressScope.PRIVATE),
        ("192.169.0.0", AddressScope.GLOBAL),
        ("198.18.0.1", AddressScope.RESERVED),
        ("198.51.100.255", AddressScope.DOCUMENTATION),
        ("203.0.113.7", AddressScope.DOCUMENTATION),
        ("223.255.255.255", AddressScope.GLOBAL),
        ("224.0.0.1", AddressScope.MULTICAST),
        ("239.255.255.255", AddressScope.MULTICAST),
        ("240.0.0.0", AddressScope.RESERVED),
        ("255.255.255.255", AddressScope.RESERVED),
        ("::", AddressScope.UNSPECIFIED),
        ("::1", AddressScope.LOOPBACK),
        ("::2", AddressScope.RESERVED),
        ("::7f00:1", AddressScope.RESERVED),
        ("100::1", AddressScope.RESERVED),
        ("64:ff9b:1::1", AddressScope.PRIVATE),
        ("1fff::1", AddressScope.RESERVED),
        ("2001:2::1", AddressScope.RESERVED),
        ("2001:20::1", AddressScope.RESERVED),
        ("2001:3::1", AddressScope.GLOBAL),
        ("2001:4:112::1", AddressScope.GLOBAL),
        ("2001:200::1", AddressScope.GLOBAL),
        ("2001:db8::1", AddressScope.DOCUMENTATION),
        ("2606:4700:4700::1111", AddressScope.GLOBAL),
        ("3fff:fff::1", AddressScope.DOCUMENTATION),
        ("4000::1", AddressScope.RESERVED),
        ("5f00::1", AddressScope.RESERVED),
        ("fc00::1", AddressScope.PRIVATE),
        ("fdff:ffff::1", AddressScope.PRIVATE),
        ("fe80::1", AddressScope.LINK_LOCAL),
        ("fec0::1", AddressScope.PRIVATE),
        ("ff02::1", AddressScope.MULTICAST),
        ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", AddressScope.MULTICAST),
    ],
)
def test_every_kind_of_address_is_told_apart(address: str, scope: AddressScope) -> None:
    assert scope_of(ip_address(address)) is scope
    assert is_global(ip_network(address)) is (scope is AddressScope.GLOBAL)


@pytest.mark.parametrize(
    ("outside", "inside"),
    [
        ("::ffff:192.168.1.1", "192.168.1.1/32"),
        ("::ffff:1.2.3.0/120", "1.2.3.0/24"),
        ("::ffff:0.0.0.0/96", "0.0.0.0/0"),
        ("64:ff9b::8.8.8.8", "8.8.8.8/32"),
        ("64:ff9b::10.0.0.0/104", "10.0.0.0/8"),
        ("2002:808:808::1", "8.8.8.8/32"),
        ("2002:808:808::/48", "8.8.8.8/32"),
        ("2002:a00::/24", "10.0.0.0/8"),
        ("2002::/16", "0.0.0.0/0"),
        # 65.54.227.120 is the server, 192.0.2.45 the client behind its NAT: the example of RFC 4380.
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "192.0.2.45/32"),
    ],
)
def test_an_ipv4_address_inside_an_ipv6_one_is_the_one_that_counts(outside: str, inside: str) -> None:
    assert underlying(ip_network(outside)) == ip_network(inside)


@pytest.mark.parametrize(
    "text",
    [
        "192.0.2.0/24",
        "2606:4700::/32",
        "::/0",
        "::ffff:0:0/95",
        "::fffe:0:0/96",
        "64:ff9b::/95",
        "64:ff9b:1::/96",
        "2002::/15",
        "2003::1/128",
        "2001::/32",
        "2001:0:4136:e378::/64",
    ],
)
def test_a_network_that_holds_no_single_ipv4_network_stays_as_it_is(text: str) -> None:
    assert underlying(ip_network(text, strict=False)) == ip_network(text, strict=False)


@pytest.mark.parametrize("outside", ["::ffff:{}", "64:ff9b::{}"])
@given(address=st.ip_addresses(v=4))
def test_an_address_that_travels_in_another_has_the_scope_of_its_own(outside: str, address: IPv4Address) -> None:
    assert scope_of(IPv6Address(outside.format(address))) is scope_of(address)


@given(address=st.ip_addresses())
def test_every_address_has_a_scope_and_python_agrees_about_the_plain_ones(address: IPv4Address | IPv6Address) -> None:
    scope = scope_of(address)
    if address.is_multicast and underlying(ip_network(address)) == ip_network(address):
        assert scope is AddressScope.MULTICAST
    if scope is AddressScope.GLOBAL and address.version == 4:
        assert not address.is_private
        assert not address.is_reserved


def test_nowhere_has_neither_country_nor_network() -> None:
    assert Place(None, None) == NOWHERE
    assert Place("DE", Network(64496, "EXAMPLE")) != NOWHERE
