from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.sql.id_keys import IdKey, country_key, id_key
from bangui.adapters.sql.queries.keys import best, country_of, subnet_keys, subnet_of_key, subnet_text
from bangui.domain.history_queries import Dimension
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.queries.asking import asking
from packages.bangui.tests.adapters.sql.seen import START, batch, failure

ADDRESSES = st.integers(0, 2**32 - 1).map(IPv4Address) | st.integers(0, 2**128 - 1).map(IPv6Address)


def _key(text: str) -> IdKey:
    key = id_key(text)
    assert key is not None
    return key


@given(ADDRESSES)
def test_an_address_lies_in_the_keys_of_its_subnet(address: IPv4Address | IPv6Address) -> None:
    key = _key(str(address))
    assert key.subnet is not None
    address = key.network.network_address

    low, high, prefix = subnet_keys(key.subnet)

    assert low <= key.key <= high
    assert key.prefix >= prefix
    assert subnet_of_key(key.key, key.prefix) == key.subnet
    assert address in ip_network(subnet_text(key.subnet))


@pytest.mark.parametrize(
    ("id", "subnet"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("203.0.113.128/25", "203.0.113.0/24"),
        ("203.0.113.0/24", "203.0.113.0/24"),
        ("203.0.112.0/23", None),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("2001:db8:1::/48", "2001:db8:1::/48"),
        ("2001:db8::/47", None),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
    ],
)
def test_a_subnet_holds_what_is_not_larger_than_itself(id: str, subnet: str | None) -> None:
    key = _key(id)
    found = subnet_of_key(key.key, key.prefix)

    assert found == key.subnet
    assert (None if found is None else subnet_text(found)) == subnet


def test_what_is_no_address_is_in_no_subnet() -> None:
    assert subnet_of_key(None, None) is None


def test_a_country_is_its_two_letters() -> None:
    assert [country_of(country_key(code)) for code in ("DE", "ZZ", None)] == ["DE", "ZZ", None]


def test_keys_that_are_alike_are_in_their_own_order(store: Store) -> None:
    with asking(store) as asker:
        counts = {7: 2, 3: 5, 5: 2, 9: 0, 1: 2}
        assert best(asker, Dimension.NETWORK, counts.items(), 3) == [3, 1, 5]
        assert best(asker, Dimension.NETWORK, counts.items(), 100) == [3, 1, 5, 7]


def test_ids_that_are_alike_are_in_the_order_of_their_texts(store: Store) -> None:
    texts = ["9.9.9.9", "10.0.0.1", "zz", "2001:db8::1", "A", "a"]
    store.writer.record(batch(*(failure(START, id=text) for text in texts)))

    with asking(store) as asker:
        numbers: dict[str, int] = dict(asker.rows("SELECT text, number FROM ids"))
        names = {number: text for text, number in numbers.items()}
        counts = {numbers[text]: 1 for text in texts} | {numbers["zz"]: 2}
        found = best(asker, Dimension.ADDRESS, counts.items(), 4)
        assert [names[number] for number in found] == ["zz", "10.0.0.1", "2001:db8::1", "9.9.9.9"]
        assert best(asker, Dimension.ADDRESS, [], 4) == []
