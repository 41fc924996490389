"""Lists in the forms that firewalls read."""

from __future__ import annotations

import pytest

from bangui.domain.blocklist import BlocklistForm, Family, blocked_networks, write_blocklist

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
    assert [str(network) for network in blocked_networks(IDS)] == [
        "192.0.2.1/32",
        "198.51.100.0/32",
        "198.51.100.1/32",
        "203.0.113.0/24",
        "203.0.113.9/32",
        "2001:db8::6/128",
        "2001:db8::7/128",
    ]


def test_only_the_families_that_are_asked_for() -> None:
    assert {network.version for network in blocked_networks(IDS, [Family.IPV6])} == {6}


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
    ],
)
def test_what_would_cut_off_whoever_uses_it_and_what_is_no_address_is_left_out(id: str) -> None:
    assert blocked_networks([id]) == []


def test_private_addresses_that_are_banned_are_listed() -> None:
    assert [str(network) for network in blocked_networks(["192.168.7.9", "fd00::7"])] == [
        "192.168.7.9/32",
        "fd00::7/128",
    ]


def written(form: BlocklistForm, *families: Family) -> list[str]:
    return write_blocklist(blocked_networks(IDS, families), form, families).splitlines()


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
