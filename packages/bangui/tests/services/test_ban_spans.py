from __future__ import annotations

import random
from ipaddress import IPv4Network, IPv6Network, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.domain.addresses import parse_address
from bangui.services.ban_spans import Span, do_meet, network_of, span_key, span_of, span_of_network
from packages.bangui.tests.web.scripted import HOSTILE_IDS

networks = st.one_of(
    st.builds(
        lambda first, length: IPv4Network((first, length), strict=False), st.integers(0, 2**32 - 1), st.integers(0, 32)
    ),
    st.builds(
        lambda first, length: IPv6Network((first, length), strict=False),
        st.integers(0, 2**128 - 1),
        st.integers(0, 128),
    ),
)


@pytest.mark.parametrize(
    ("id", "network"),
    [
        ("192.0.2.7", "192.0.2.7/32"),
        ("192.0.2.0/24", "192.0.2.0/24"),
        ("192.0.2.77/24", "192.0.2.0/24"),
        ("2001:db8::7", "2001:db8::7/128"),
        ("2001:0DB8:0::/32", "2001:db8::/32"),
        ("::ffff:192.0.2.7", "192.0.2.7/32"),
        ("::ffff:192.0.2.0/120", "192.0.2.0/24"),
        ("::/0", "::/0"),
    ],
)
def test_an_id_stands_for_its_network(id: str, network: str) -> None:
    assert span_of(id) == span_of_network(ip_network(network))


@pytest.mark.parametrize(
    "id", [*HOSTILE_IDS, "192.0.2", "192.0.2.1/33", "192.0.2.1/-1", "192.0.2.1/١", "1::2::3", "/24"]
)
def test_what_is_no_address_stands_for_none(id: str) -> None:
    assert span_of(id) is None


@given(networks)
def test_a_span_is_the_network_that_people_would_write(network: IPv4Network | IPv6Network) -> None:
    assert span_of(str(network)) == span_of_network(parse_address(str(network)).network)


@given(networks)
def test_a_network_comes_back_from_its_span(network: IPv4Network | IPv6Network) -> None:
    assert network_of(span_of_network(network)) == network


@given(networks, networks)
def test_spans_meet_where_networks_overlap(one: IPv4Network | IPv6Network, other: IPv4Network | IPv6Network) -> None:
    expected = one.version == other.version and one.overlaps(other)
    assert do_meet(span_of_network(one), span_of_network(other)) == expected


def test_an_address_meets_the_network_around_it_and_the_other_way_round() -> None:
    address, network = Span(4, 0xC0000207, 32), Span(4, 0xC0000200, 24)
    assert do_meet(address, network)
    assert do_meet(network, address)


def test_ids_are_sorted_as_numbers_with_larger_networks_first() -> None:
    wanted = [
        "9.0.0.1",
        "10.0.0.0/8",
        "10.0.0.0",
        "10.0.0.2",
        "10.0.0.10",
        "2001:db8::/32",
        "2001:db8::",
        "a text",
        "<b>",
    ]
    mixed = random.Random(4).sample(wanted, len(wanted))
    assert sorted(mixed, key=span_key) == [*wanted[:-2], "<b>", "a text"]
