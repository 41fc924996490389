from __future__ import annotations

import pytest

from bangui.domain.addresses import parse_address
from bangui.domain.safety import Protected, dangers

MINE = Protected(parse_address("203.0.113.50"), "the address that you are logged in from")


@pytest.mark.parametrize("harmless", ["203.0.113.9", "192.0.2.0/24", "10.0.0.0/16", "2001:db8::1", "2001:db8::/32"])
def test_an_ordinary_address_or_network_is_no_danger(harmless: str) -> None:
    assert dangers(parse_address(harmless), [MINE]) == ()


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
    ],
)
def test_each_danger_is_named_in_words(target: str, reason: str) -> None:
    assert any(reason in found for found in dangers(parse_address(target), [MINE]))


def test_an_address_inside_a_protected_network_belongs_to_it() -> None:
    office = Protected(parse_address("198.51.100.0/24"), "your office")
    assert dangers(parse_address("198.51.100.9"), [office]) == ("it belongs to 198.51.100.0/24, your office",)


def test_the_whole_internet_has_all_reasons_at_once() -> None:
    assert len(dangers(parse_address("0.0.0.0/0"), [MINE])) == 3
