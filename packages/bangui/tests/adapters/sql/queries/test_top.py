from __future__ import annotations

import pytest

from bangui.adapters.sql.queries.top import find_top
from bangui.domain.errors import InvalidInput
from bangui.domain.history import EventKind, Origin
from bangui.domain.history_queries import LARGEST_PAGE, Dimension, Filter, Metric, Top
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.queries.asking import asking
from packages.bangui.tests.adapters.sql.seen import DAY, START, ban, batch, failure


@pytest.fixture
def filled(store: Store) -> Store:
    times = [START + day * DAY for day in range(10)]
    failures = (failure(time, f"10.0.0.{day % 3}") for day, time in enumerate(times))
    store.writer.record(batch(*failures, *(ban(time, "12.0.0.1") for time in times)))
    return store


@pytest.mark.parametrize(
    ("dimension", "metric", "keys"),
    [
        (Dimension.ADDRESS, Metric.FAILURES, [("10.0.0.0", 4), ("10.0.0.1", 3), ("10.0.0.2", 3)]),
        (Dimension.ADDRESS, Metric.BANS, [("12.0.0.1", 10)]),
        (Dimension.SUBNET, Metric.FAILURES, [("10.0.0.0/24", 10)]),
        (Dimension.NETWORK, Metric.BANS, [("64512", 10)]),
        (Dimension.COUNTRY, Metric.FAILURES, [("DE", 10)]),
        (Dimension.JAIL, Metric.BANS, [("sshd", 10)]),
    ],
)
def test_keys_are_told_as_people_call_them(
    filled: Store, dimension: Dimension, metric: Metric, keys: list[tuple[str, int]]
) -> None:
    with asking(filled) as asker:
        rows = find_top(asker, Top(dimension, metric))
        counts = [row.bans if metric is Metric.BANS else row.failures for row in rows]

    assert list(zip([row.key for row in rows], counts, strict=True)) == keys


def test_addresses_and_subnets_say_where_they_are(filled: Store) -> None:
    with asking(filled) as asker:
        for dimension in (Dimension.ADDRESS, Dimension.SUBNET):
            row = find_top(asker, Top(dimension, Metric.FAILURES, limit=1))[0]
            assert (row.country, row.network) == ("DE", 64_510)


@pytest.mark.parametrize("limit", [0, -1, LARGEST_PAGE + 1])
def test_a_list_is_of_a_length_that_can_be_shown(filled: Store, limit: int) -> None:
    with asking(filled) as asker, pytest.raises(InvalidInput, match="cannot be"):
        find_top(asker, Top(Dimension.JAIL, Metric.BANS, limit=limit))


@pytest.mark.parametrize(
    "top",
    [
        Top(Dimension.ADDRESS, Metric.BANS, Filter(kinds=(EventKind.BAN,))),
        Top(Dimension.ADDRESS, Metric.BANS, Filter(origins=(Origin.HAND,))),
        Top(Dimension.ADDRESS, Metric.BANS, Filter(text="root")),
        Top(Dimension.JAIL, Metric.BANS, Filter(countries=("DE",))),
        Top(Dimension.COUNTRY, Metric.BANS, Filter(networks=(64_500,))),
    ],
)
def test_what_no_count_is_kept_of_is_refused(filled: Store, top: Top) -> None:
    with asking(filled) as asker, pytest.raises(InvalidInput):
        find_top(asker, top)


def test_an_empty_range_has_no_first(filled: Store) -> None:
    with asking(filled) as asker:
        for dimension in Dimension:
            assert find_top(asker, Top(dimension, Metric.BANS, Filter(since=START + 99 * DAY))) == []
