from __future__ import annotations

import pytest

from bangui.adapters.sql.queries import lanes as ways
from bangui.adapters.sql.queries.lanes import choose_lanes, count_ids, count_lanes, events_between
from bangui.adapters.sql.queries.scope import resolve
from bangui.adapters.sql.schema import KIND_CODES
from bangui.domain.addresses import parse_address
from bangui.domain.history import EventKind, Origin
from bangui.domain.history_queries import Filter
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.queries.asking import asking
from packages.bangui.tests.adapters.sql.seen import DAY, START, ban, batch, failure, note

BANS = (EventKind.BAN,)


@pytest.fixture
def filled(store: Store) -> Store:
    about = [(START + day * DAY, f"{10 + day % 5}.0.0.{day}", f"jail{day % 2}") for day in range(30)]
    made = [*(failure(*one) for one in about), *(ban(*one) for one in about)]
    store.writer.record(batch(*made, notes=[note(*one) for one in about[:2]]))
    return store


@pytest.mark.parametrize(
    ("only", "index", "events"),
    [
        (Filter(), "events_time", 60),
        (Filter(kinds=BANS), "events_jail", 30),
        (Filter(jails=("jail1",), since=START + 10 * DAY), "events_jail", 20),
        (Filter(countries=("DE",)), "events_country", 12),
        (Filter(networks=(64_510,), kinds=BANS), "events_network", 6),
        (Filter(networks=(64_510,), countries=("DE",)), "events_identity", 12),
        (Filter(origins=(Origin.HAND,)), "events_origin", 2),
        (Filter(origins=(Origin.HAND, Origin.FILTER), kinds=BANS), "events_jail", 30),
        (Filter(id="10.0.0.5"), "events_identity", 2),
        (Filter(prefix="10."), "events_identity", 12),
        (Filter(within=parse_address("10.0.0.0/8"), kinds=BANS), "events_identity", 6),
    ],
)
def test_the_index_that_tells_most_leads_to_all_events(filled: Store, only: Filter, index: str, events: int) -> None:
    with asking(filled) as asker:
        chosen = choose_lanes(asker, resolve(asker, only))

        assert chosen[-1].index == index
        assert [count_lanes(asker, lanes, 1_000) for lanes in chosen] == [events] * len(chosen)
        assert count_lanes(asker, chosen[-1], 1) == 1


def test_many_ids_are_looked_for_among_all_events_first(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "_SOME_IDS", 5)
    with asking(filled) as asker:
        scope = resolve(asker, Filter(prefix="10."))
        quick, sure = choose_lanes(asker, scope)
        assert (quick.index, sure.index) == ("events_time", "events_identity")
        assert count_lanes(asker, quick, 1_000) == count_lanes(asker, sure, 1_000) == 12

        monkeypatch.setattr(ways, "_SOME_IDS", 2)
        monkeypatch.setattr(ways, "MANY_IDS", 3)
        (only,) = choose_lanes(asker, scope)
        assert only.index == "events_time"


def test_no_more_ids_are_counted_than_are_many(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with asking(filled) as asker:
        scope = resolve(asker, Filter(within=parse_address("10.0.0.0/8")))
        assert count_ids(asker, scope) == 6
        monkeypatch.setattr(ways, "MANY_IDS", 3)
        assert count_ids(asker, scope) == 4


def test_a_range_is_counted_by_jail_and_kind(filled: Store) -> None:
    with asking(filled) as asker:
        scope = resolve(asker, Filter(since=START + 3 * DAY, until=START + 7 * DAY))
        assert count_lanes(asker, events_between(asker, scope), 1_000) == 8
        assert count_lanes(asker, events_between(asker, scope, (KIND_CODES[EventKind.BAN],)), 1_000) == 4
