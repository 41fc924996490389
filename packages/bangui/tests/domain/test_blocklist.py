"""Lists in the forms that firewalls read."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, collapse_addresses, ip_network

import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers, lists, one_of, tuples

from bangui.domain.blocklist import BlocklistForm, Family, blocks_of, write_blocklist

IDS = (
    "203.0.113.9",
    "2001:db8::7",
    "198.51.100.1",
    "198.51.100.0",
    "203.0.113.0/24",
    "2001:db8::6",
    "198.51.100.1",
    "::ffff:192.0.2.1",
)


def test_each_is_listed_once_in_canonical_form_and_by_number() -> None:
    assert [str(block) for block in blocks_of(IDS)] == [
        "192.0.2.1",
        "198.51.100.0",
        "198.51.100.1",
        "203.0.113.0/24",
        "203.0.113.9",
        "2001:db8::6",
        "2001:db8::7",
    ]


def test_only_the_families_that_are_asked_for() -> None:
    assert {block.version for block in blocks_of(IDS, [Family.IPV6])} == {6}


@pytest.mark.parametrize(
    "id",
    [
        "0.0.0.0/0",
        "::/0",
        "0.0.0.0/1",
        "10.0.0.0/8",
        "2001::/16",
        "127.0.0.1",
        "::1",
        "0.0.0.0",
        "user name",
        "192.0.2.1; reboot",
        "192.0.2.1\n192.0.2.2",
        "",
        "192.0.2.1:22",
        "192.0.2.01",
        "192.0.2.256",
        "192.0.2.\u0661",
        "fe80::1%eth0",
        "::ffff:127.0.0.1",
    ],
)
def test_what_would_cut_off_whoever_uses_it_and_what_is_no_address_is_left_out(id: str) -> None:
    assert blocks_of([id]) == []


def test_private_addresses_that_are_banned_are_listed() -> None:
    assert [str(block) for block in blocks_of(["192.168.7.9", "fd00::7"])] == ["192.168.7.9", "fd00::7"]


addresses = one_of(
    integers(1 << 24, (1 << 24) + 600).map(IPv4Address),
    integers(1 << 125, (1 << 125) + 600).map(IPv6Address),
)
networks = one_of(
    tuples(integers((1 << 24) // 16, (1 << 24) // 16 + 40), integers(24, 32)).map(
        lambda drawn: ip_network((drawn[0] << 4, drawn[1]), strict=False)
    ),
    addresses.map(ip_network),
)


@settings(deadline=None)
@given(lists(networks, max_size=60))
def test_a_list_holds_what_pythons_own_module_says_in_as_few_networks(drawn: list[IPv4Network | IPv6Network]) -> None:
    blocks = blocks_of(str(network) for network in drawn)
    few: list[IPv4Network | IPv6Network] = [
        *collapse_addresses([network for network in drawn if isinstance(network, IPv4Network)]),
        *collapse_addresses([network for network in drawn if isinstance(network, IPv6Network)]),
    ]
    expected = [str(network).removesuffix(f"/{network.max_prefixlen}") for network in few]
    assert write_blocklist(blocks, BlocklistForm.CIDR).splitlines() == expected


def written(form: BlocklistForm, *families: Family) -> list[str]:
    return write_blocklist(blocks_of(IDS, families), form, families).splitlines()


def test_plain() -> None:
    assert written(BlocklistForm.PLAIN, Family.IPV4) == [
        "192.0.2.1",
        "198.51.100.0",
        "198.51.100.1",
        "203.0.113.0/24",
        "203.0.113.9",
    ]


def test_as_few_networks_as_possible() -> None:
    assert written(BlocklistForm.CIDR) == ["192.0.2.1", "198.51.100.0/31", "203.0.113.0/24", "2001:db8::6/127"]


def test_nft_replaces_its_sets_in_one_file() -> None:
    assert written(BlocklistForm.NFT) == [
        "add table inet bangui",
        "add set inet bangui banned_ipv4 { type ipv4_addr; flags interval; auto-merge; }",
        "flush set inet bangui banned_ipv4",
        "add element inet bangui banned_ipv4 { 192.0.2.1, 198.51.100.0/31, 203.0.113.0/24 }",
        "add set inet bangui banned_ipv6 { type ipv6_addr; flags interval; auto-merge; }",
        "flush set inet bangui banned_ipv6",
        "add element inet bangui banned_ipv6 { 2001:db8::6/127 }",
    ]


def test_nft_empties_a_set_of_which_nothing_is_left() -> None:
    assert write_blocklist([], BlocklistForm.NFT, [Family.IPV4]).splitlines()[-1] == "flush set inet bangui banned_ipv4"


def test_ipset_fills_a_set_beside_the_one_in_use_and_swaps_them() -> None:
    assert written(BlocklistForm.IPSET, Family.IPV6) == [
        "create bangui-ipv6 hash:net family inet6 maxelem 65536 -exist",
        "create bangui-ipv6-new hash:net family inet6 maxelem 65536 -exist",
        "flush bangui-ipv6-new",
        "add bangui-ipv6-new 2001:db8::6/127 -exist",
        "swap bangui-ipv6-new bangui-ipv6",
        "destroy bangui-ipv6-new",
    ]
