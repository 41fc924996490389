from __future__ import annotations

import pytest

from bangui.domain.client_addresses import client_address, own_block, site_block


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("fe80::1%eth0 address=192.0.2.9", "fe80::1"),
        (None, None),
        ("", None),
        ("unix:", None),
        ("192.0.2.1:80", None),
        ("192.0.2.1\n", None),
        ("testclient", None),
    ],
)
def test_an_address_has_one_form(text: str | None, address: str | None) -> None:
    assert client_address(text) == address


def test_who_has_an_address_has_its_block() -> None:
    assert own_block("192.0.2.1") == "192.0.2.1"
    assert own_block("2001:db8:1:2:3::4") == "2001:db8:1:2::/64"
    assert own_block(None) == "here"


def test_only_ipv6_has_sites() -> None:
    assert site_block("2001:db8:1:2:3::4") == "2001:db8:1::/48"
    assert site_block("192.0.2.1") is None
    assert site_block(None) is None
