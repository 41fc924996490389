from __future__ import annotations

import pytest

from bangui.adapters.sql.queries.counting import count
from bangui.adapters.sql.queries.scope import resolve
from bangui.domain.history import EventKind
from bangui.domain.history_queries import Count, Filter
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.queries.asking import asking
from packages.bangui.tests.adapters.sql.seen import DAY, START, ban, batch, failure


@pytest.mark.parametrize(
    ("only", "wanted"),
    [
        # What the kept counts tell is exact however much it is.
        (Filter(), Count(20, True)),
        (Filter(kinds=(EventKind.BAN,), jails=("sshd",)), Count(10, True)),
        (Filter(since=START + 5 * DAY), Count(10, True)),
        (Filter(prefix="10."), Count(4, False)),
        (Filter(id="10.0.0.3"), Count(2, True)),
        (Filter(text="root"), Count(4, False)),
        (Filter(text="ro*"), Count(4, False)),
        (Filter(text="root", id="10.0.0.3"), Count(1, True)),
        (Filter(text="root", kinds=(EventKind.FAILURE,)), Count(0, True)),
        (Filter(text="absent"), Count(0, True)),
        (Filter(jails=("absent",)), Count(0, True)),
    ],
)
def test_no_more_is_counted_than_is_asked_for(store: Store, only: Filter, wanted: Count) -> None:
    about = [(START + day * DAY, f"10.0.0.{day}") for day in range(10)]
    failures, bans = (failure(*one) for one in about), (ban(*one, lines=["for root"]) for one in about)
    store.writer.record(batch(*failures, *bans))

    with asking(store) as asker:
        assert count(asker, resolve(asker, only), 4) == wanted
