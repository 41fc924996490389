from __future__ import annotations

import pytest

from bangui.domain.addresses import allowing_entries, covering_ids, parse_address
from bangui.domain.errors import InvalidInput


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("  192.0.2.1\n", "192.0.2.1"),
        ("192.0.2.1/32", "192.0.2.1"),
        ("192.0.2.77/24", "192.0.2.0/24"),
        ("192.0.2.77/255.255.255.0", "192.0.2.0/24"),
        ("2001:DB8::1", "2001:db8::1"),
        ("2001:db8:0:0:0:0:0:1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]/64", "2001:db8::/64"),
        ("2001:db8::1/128", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::ffff:c000:201", "192.0.2.1"),
        ("::ffff:192.0.2.77/120", "192.0.2.0/24"),
        ("::ffff:0:0/96", "0.0.0.0/0"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("::/0", "::/0"),
    ],
)
def test_every_spelling_of_an_address_has_one_canonical_form(written: str, canonical: str) -> None:
    address = parse_address(written)
    assert address.text == canonical
    assert parse_address(address.text) == address


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("192.0.2.1:22", "leave the port out"),
        ("[2001:db8::1]:443", "leave the port out"),
        ("fe80::1%eth0", "leave out the %"),
        ("example.org", "give the address itself"),
        ("192.0.2.010", "leave out the leading zeros"),
        ("192.0.2.1-192.0.2.9", "write a range as a network"),
        ("192.0.2.0/99", "expected something like"),
        ("192.0.2", "expected something like"),
        ("[192.0.2.1]", "expected something like"),
        ("[2001:db8::1", "expected something like"),
        ("", ""),
        ("255.0.255.0/255.0.255.0", "expected something like"),
    ],
)
def test_what_is_no_address_is_refused_with_advice(written: str, hint: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_address(written)
    assert hint in refusal.value.hint


def test_a_network_contains_its_addresses_and_nothing_of_the_other_family() -> None:
    network = parse_address("192.0.2.0/24")
    assert network.contains(parse_address("192.0.2.7"))
    assert network.contains(network)
    assert not network.contains(parse_address("198.51.100.7"))
    assert not parse_address("::/0").contains(parse_address("192.0.2.7"))
    assert network.is_network
    assert not parse_address("192.0.2.7").is_network


def test_the_covering_ids_go_from_the_address_itself_to_the_whole_internet() -> None:
    ids = covering_ids(parse_address("192.0.2.7"))
    assert ids[:3] == ("192.0.2.7", "192.0.2.6/31", "192.0.2.4/30")
    assert ids[-1] == "0.0.0.0/0"
    assert len(ids) == 33
    assert len(covering_ids(parse_address("2001:db8::1"))) == 129
    assert covering_ids(parse_address("::/0")) == ("::/0",)


def test_an_allow_list_covers_by_address_and_network_but_not_by_name() -> None:
    entries = ("localhost", "127.0.0.0/8", "192.0.2.7", "::1", "192.0.0.0/16")
    assert allowing_entries(parse_address("192.0.2.7"), entries) == ("192.0.2.7", "192.0.0.0/16")
    assert allowing_entries(parse_address("203.0.113.9"), entries) == ()
