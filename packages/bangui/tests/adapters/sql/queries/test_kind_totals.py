from __future__ import annotations

import pytest

from bangui.adapters.sql.queries.kind_totals import count_kinds
from bangui.adapters.sql.queries.scope import resolve
from bangui.adapters.sql.schema import KIND_CODES
from bangui.domain.history import EventKind, Observation
from bangui.domain.history_queries import Filter
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.queries.asking import asking
from packages.bangui.tests.adapters.sql.seen import DAY, HOUR, START, ban, batch, failure, seen

BAN, FAILURE, UNBAN = EventKind.BAN, EventKind.FAILURE, EventKind.UNBAN


@pytest.mark.parametrize(
    ("only", "wanted"),
    [
        (Filter(), {BAN: 100, FAILURE: 100, UNBAN: 100}),
        (Filter(kinds=(UNBAN,)), {UNBAN: 100}),
        (Filter(jails=("nginx",)), {BAN: 50, FAILURE: 50, UNBAN: 50}),
        (Filter(hosts=("absent",)), {}),
        # Days and months from what is kept, and what is left of an hour from the events.
        (Filter(since=START + 1, until=START + 90 * DAY + 2 * HOUR), {BAN: 90, FAILURE: 90, UNBAN: 91}),
        (Filter(since=START, until=START + 1), {BAN: 1, FAILURE: 1}),
        (Filter(since=START + HOUR + 1, until=START + HOUR + 2), {}),
    ],
)
def test_every_kind_is_counted_by_itself(store: Store, only: Filter, wanted: dict[EventKind, int]) -> None:
    made: list[Observation] = []
    for day in range(100):
        time, jail = START + day * DAY, ("sshd", "nginx")[day % 2]
        made += [failure(time, jail=jail), ban(time, jail=jail), seen(UNBAN, time + HOUR, jail=jail)]
    store.writer.record(batch(*made))

    with asking(store) as asker:
        counts = count_kinds(asker, resolve(asker, only))

    assert {kind: counts[code] for kind, code in KIND_CODES.items() if counts[code]} == wanted
