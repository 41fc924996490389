from __future__ import annotations

import pytest

from bangui.adapters.sql.queries import key_walks
from bangui.adapters.sql.queries.positions import Key
from bangui.adapters.sql.queries.scope import Scope, resolve
from bangui.domain.addresses import parse_address
from bangui.domain.history_queries import Filter
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.queries.asking import asking
from packages.bangui.tests.adapters.sql.seen import START, batch, failure

# By `places.Places`: where the first byte of an address leads to.
CODES = ["", "BR", "CN", "DE", "IN", "RU", "US"]
NUMBERS = [0, *range(64_500, 64_513)]


@pytest.fixture
def filled(store: Store) -> Store:
    store.writer.record(batch(*(failure(START, f"{first}.0.0.1", f"jail{first % 3}") for first in range(1, 120))))
    return store


@pytest.mark.parametrize("is_descending", [True, False])
def test_keys_come_in_their_order_and_from_the_one_that_is_given(filled: Store, is_descending: bool) -> None:
    with asking(filled) as asker:
        scope = resolve(asker, Filter())
        for walk, keys in (
            (key_walks.jails, ["jail0", "jail1", "jail2"]),
            (key_walks.countries, CODES),
            (key_walks.networks, NUMBERS),
        ):
            wanted: list[Key] = [(key,) for key in (reversed(keys) if is_descending else keys)]
            assert [key for key, _ in walk(asker, scope, (), is_descending)] == wanted
            assert [key for key, _ in walk(asker, scope, wanted[2], is_descending)] == wanted[2:]


def test_the_events_under_a_key_are_those_of_the_key_alone(filled: Store) -> None:
    with asking(filled) as asker:
        scope = resolve(asker, Filter())
        under: dict[Key, Scope] = dict(key_walks.countries(asker, scope, (), False))
        assert (under[("",)].countries, under[("DE",)].countries) == ((None,), ("DE",))
        numbers: dict[Key, Scope] = dict(key_walks.networks(asker, scope, (), True))
        assert (numbers[(0,)].networks, numbers[(64_500,)].networks) == ((None,), (64_500,))


@pytest.mark.parametrize("is_descending", [True, False])
def test_no_more_keys_are_walked_than_what_is_asked_for_can_have(filled: Store, is_descending: bool) -> None:
    with asking(filled) as asker:
        near = resolve(asker, Filter(within=parse_address("14.0.0.0/8")))
        (country,) = key_walks.countries(asker, near, (), is_descending)
        assert country[0] == ("CN",)
        (network,) = key_walks.networks(asker, near, (), is_descending)
        assert network[0] == (64_501,)
        there = resolve(asker, Filter(countries=("DE",)))
        walked = [key[0] for key, _ in key_walks.networks(asker, there, (), is_descending)]
        assert walked == sorted(walked, reverse=is_descending)
        # The unknown one may come although it has no event.
        assert set(walked) - {0} == {64_500 + first % 13 for first in range(3, 120, 7) if first % 11}


def test_of_an_id_that_has_moved_all_places_are_walked(filled: Store) -> None:
    filled.places.version = 1
    filled.writer.record(batch(failure(START + 1, "14.0.0.1")))
    with asking(filled) as asker:
        scope = resolve(asker, Filter(id="14.0.0.1"))
        assert [key for key, _ in key_walks.countries(asker, scope, (), False)] == [("CN",), ("US",)]
        assert [key for key, _ in key_walks.networks(asker, scope, (), False)] == [(64_501,), (64_502,)]
