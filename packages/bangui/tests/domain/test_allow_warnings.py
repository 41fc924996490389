from __future__ import annotations

import pytest

from bangui.domain.addresses import parse_address
from bangui.domain.allow_list import allow_view
from bangui.domain.allow_warnings import AllowWarning, RemovalWarning, allow_warning, removal_warnings
from bangui.domain.jails import AllowList


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("0.0.0.0/0", AllowWarning.EVERYTHING),
        ("::/0", AllowWarning.EVERYTHING),
        ("10.0.0.0/8", AllowWarning.WIDE),
        ("10.0.0.0/15", AllowWarning.WIDE),
        ("127.0.0.0/8", None),
        ("10.1.0.0/16", None),
        ("2001::/16", AllowWarning.WIDE),
        ("2001:db8::/32", None),
        ("192.0.2.1", None),
    ],
)
def test_a_wide_network_is_warned_about(text: str, warning: AllowWarning | None) -> None:
    assert allow_warning(parse_address(text)) is warning


def warnings(entry: str, *lists: AllowList, viewer: str | None = "192.0.2.7", jails: tuple[str, ...] = ()) -> list[str]:
    view = allow_view("here", lists, [])
    return [warning.value for warning in removal_warnings(view, entry, jails, viewer)]


def test_taking_away_the_viewers_own_address_is_warned_about() -> None:
    one = AllowList("here", "sshd", ("192.0.2.0/24",), True)
    assert warnings("192.0.2.0/24", one) == [RemovalWarning.OWN_ADDRESS.value]
    assert warnings("192.0.2.0/24", one, viewer="198.51.100.1") == []
    assert warnings("192.0.2.0/24", one, viewer=None) == []
    assert warnings("192.0.2.0/24", one, viewer="no address") == []


def test_nothing_is_lost_where_another_entry_of_the_same_jail_covers_the_viewer() -> None:
    covered = AllowList("here", "sshd", ("192.0.2.0/24", "192.0.2.7"), True)
    bare = AllowList("here", "web", ("192.0.2.0/24",), True)
    assert warnings("192.0.2.0/24", covered) == []
    assert warnings("192.0.2.0/24", covered, bare) == [RemovalWarning.OWN_ADDRESS.value]
    assert warnings("192.0.2.0/24", covered, bare, jails=("sshd",)) == []


@pytest.mark.parametrize("entry", ["127.0.0.0/8", "127.0.0.1", "::1", "0.0.0.0/0"])
def test_taking_away_loopback_is_warned_about(entry: str) -> None:
    one = AllowList("here", "sshd", (entry,), True)
    assert RemovalWarning.LOOPBACK.value in warnings(entry, one, viewer=None)


def test_of_a_name_nobody_knows_what_it_covers() -> None:
    assert warnings("localhost", AllowList("here", "sshd", ("localhost",), True)) == []
