from __future__ import annotations

import pytest

from bangui.adapters.sql.id_keys import country_key, id_key
from bangui.adapters.sql.queries.scope import resolve
from bangui.adapters.sql.queries.top_sums import sum_keys
from bangui.domain.history_queries import Dimension, Filter, Metric
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.queries.asking import asking
from packages.bangui.tests.adapters.sql.seen import DAY, START, ban, batch, failure

IDS = ("10.0.0.1", "10.0.0.2", "11.0.0.1", "no address")
ONE_DAY = Filter(since=START + 1, until=START + DAY + 1)


@pytest.mark.parametrize(("only", "days"), [(Filter(), 30), (Filter(since=START + DAY + 1), 28), (ONE_DAY, 1)])
def test_all_events_of_a_range_are_added_up(store: Store, only: Filter, days: int) -> None:
    days_of_all = [START + day * DAY for day in range(30)]
    failures_of_all = (failure(time, id) for time in days_of_all for id in IDS)
    store.writer.record(batch(*failures_of_all, *(ban(time, IDS[2]) for time in days_of_all)))
    subnet = id_key(IDS[0])
    assert subnet is not None
    assert subnet.subnet is not None

    with asking(store) as asker:
        numbers: dict[str, int] = dict(asker.rows("SELECT text, number FROM ids"))
        scope = resolve(asker, only)
        failures = {by: sum_keys(asker, scope, by, Metric.FAILURES) for by in Dimension}

        assert failures[Dimension.ADDRESS] == {numbers[id]: days for id in IDS}
        assert failures[Dimension.SUBNET][subnet.subnet] == 2 * days
        assert len(failures[Dimension.SUBNET]) == 2
        assert failures[Dimension.COUNTRY] == {country_key("DE"): 2 * days, country_key(None): 2 * days}
        assert failures[Dimension.NETWORK] == {64_510: 2 * days, 0: 2 * days}
        assert list(failures[Dimension.JAIL].values()) == [4 * days]
        assert +sum_keys(asker, scope, Dimension.ADDRESS, Metric.BANS) == {numbers[IDS[2]]: days}
