from __future__ import annotations

import pytest

from bangui.adapters.sql.id_keys import country_key, id_key
from bangui.adapters.sql.queries.key_counts import KeyCounter, ids_of_subnet, see_keys
from bangui.adapters.sql.queries.scope import resolve
from bangui.domain.history_queries import Dimension, Filter, Metric
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.queries.asking import asking
from packages.bangui.tests.adapters.sql.seen import DAY, START, ban, batch, failure

LAST = START + 19 * DAY
"""An hour within a day, so that both edges of a range are counted from the events."""


@pytest.fixture
def filled(store: Store) -> Store:
    ids = [(START + day * DAY, f"10.0.{day % 2}.{day}") for day in range(20)]
    store.writer.record(batch(*(failure(time, id) for time, id in ids), *(ban(time, id, "nginx") for time, id in ids)))
    return store


def _subnet(text: str) -> int:
    key = id_key(text)
    assert key is not None
    assert key.subnet is not None
    return key.subnet


@pytest.mark.parametrize(
    ("dimension", "key"),
    [
        (Dimension.COUNTRY, country_key("DE")),
        (Dimension.NETWORK, 64_510),
        (Dimension.SUBNET, _subnet("10.0.0.0")),
        (Dimension.ADDRESS, 1),
    ],
)
def test_keys_have_what_their_events_are(filled: Store, dimension: Dimension, key: int) -> None:
    wanted = {
        Dimension.SUBNET: ((10, 10), (START, START + 18 * DAY)),
        Dimension.ADDRESS: ((1, 1), (START, START)),
    }.get(dimension, ((20, 20), (START, LAST)))
    with asking(filled) as asker:
        scope = resolve(asker, Filter())
        if dimension is Dimension.ADDRESS:
            key = asker.column("SELECT number FROM ids WHERE text = '10.0.0.0'")[0]
        counter = KeyCounter(asker, scope, dimension)

        assert counter.counts([key, 7_777]) == {key: wanted[0], 7_777: (0, 0)}
        assert counter.of(Metric.FAILURES)([key]) == {key: wanted[0][1]}
        assert see_keys(asker, scope, dimension, [key, 7_777]) == {key: wanted[1]}


def test_a_jail_was_seen_with_its_events(filled: Store) -> None:
    with asking(filled) as asker:
        scope = resolve(asker, Filter(since=START + 1))
        jails = list(scope.jail_names)
        assert see_keys(asker, scope, Dimension.JAIL, jails) == dict.fromkeys(jails, (START + DAY, LAST))


def test_the_edges_of_a_range_are_counted_from_the_events(filled: Store) -> None:
    with asking(filled) as asker:
        scope = resolve(asker, Filter(since=START + 1, until=LAST))
        for dimension, key in ((Dimension.COUNTRY, country_key("DE")), (Dimension.NETWORK, 64_510)):
            assert KeyCounter(asker, scope, dimension).counts([key]) == {key: (18, 18)}
            assert see_keys(asker, scope, dimension, [key]) == {key: (START + DAY, START + 18 * DAY)}
        subnet = _subnet("10.0.0.0")
        assert KeyCounter(asker, scope, Dimension.SUBNET).counts([subnet]) == {subnet: (9, 9)}


def test_a_subnet_has_the_ids_that_are_meant(filled: Store) -> None:
    with asking(filled) as asker:
        for only, ids in (
            (Filter(), 10),
            (Filter(countries=("DE",)), 10),
            (Filter(countries=("CN",)), 0),
            (Filter(since=START + 10 * DAY), 5),
        ):
            assert len(ids_of_subnet(asker, resolve(asker, only), _subnet("10.0.0.0"))) == ids, only


def test_events_of_an_unknown_place_are_those_without_one(store: Store) -> None:
    store.writer.record(batch(failure(START, "no address"), ban(START, "no address"), failure(START, "10.0.0.1")))
    with asking(store) as asker:
        scope = resolve(asker, Filter(until=START + 1))
        for dimension in (Dimension.COUNTRY, Dimension.NETWORK):
            assert KeyCounter(asker, scope, dimension).counts([0]) == {0: (1, 1)}
            assert see_keys(asker, scope, dimension, [0]) == {0: (START, START)}
