from __future__ import annotations

import pytest

from aiofail2ban._where import find_bans
from aiofail2ban.types import BanLocation

BANNED = {
    "sshd": ("192.0.2.1", "2001:db8::1", "not/an address", ""),
    "recidive": ("192.0.2.0/24", "0.0.0.0/0", "2001:db8::/32"),
}


@pytest.mark.parametrize(
    ("id", "found"),
    [
        ("192.0.2.1", ["192.0.2.1", "192.0.2.0/24", "0.0.0.0/0"]),
        ("192.0.2.1/32", ["192.0.2.1", "192.0.2.0/24", "0.0.0.0/0"]),
        ("::ffff:192.0.2.1", ["192.0.2.1", "192.0.2.0/24", "0.0.0.0/0"]),
        ("192.0.2.128/25", ["192.0.2.0/24", "0.0.0.0/0"]),
        ("192.0.2.77/24", ["192.0.2.0/24", "0.0.0.0/0"]),
        ("2001:0DB8:0::1", ["2001:db8::1", "2001:db8::/32"]),
        ("[2001:db8::1]", ["2001:db8::1", "2001:db8::/32"]),
        ("not/an address", ["not/an address"]),
        ("", [""]),
        ("host.example", []),
    ],
)
def test_an_id_is_found_by_itself_and_in_what_contains_it(id: str, found: list[str]) -> None:
    assert [location.id for location in find_bans(id, BANNED)] == found


def test_each_jail_is_named() -> None:
    assert find_bans("2001:db8::1", BANNED) == (
        BanLocation("sshd", "2001:db8::1"),
        BanLocation("recidive", "2001:db8::/32"),
    )
