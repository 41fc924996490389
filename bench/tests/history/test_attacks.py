from __future__ import annotations

from collections import Counter

import pytest

from bangui.domain.history import EventKind
from bench.history.attacks import DAY, START, Attacks, Happening

DAYS = 60


@pytest.fixture(scope="module")
def happened() -> list[list[Happening]]:
    return list(Attacks(30_000, DAYS))


def test_there_are_as_many_events_as_were_asked_for(happened: list[list[Happening]]) -> None:
    assert len(happened) == DAYS
    assert 29_000 < sum(map(len, happened)) < 32_000


def test_three_quarters_are_failures_and_a_seventh_bans(happened: list[list[Happening]]) -> None:
    kinds = Counter(one.kind for day in happened for one in day)
    total = sum(kinds.values())

    assert 0.70 < kinds[EventKind.FAILURE] / total < 0.80
    assert 0.12 < kinds[EventKind.BAN] / total < 0.18
    assert kinds[EventKind.UNBAN] > 0.5 * kinds[EventKind.BAN]


def test_a_day_holds_what_happened_on_it_in_order(happened: list[list[Happening]]) -> None:
    for number, day in enumerate(happened):
        times = [one.time for one in day]
        assert times == sorted(times)
        assert all((START + number * DAY) * 1000 <= time < (START + (number + 1) * DAY) * 1000 for time in times)


def test_few_visitors_do_most_of_it_and_days_differ(happened: list[list[Happening]]) -> None:
    counts = sorted(Counter(one.visitor for day in happened for one in day).values(), reverse=True)
    lengths = [len(day) for day in happened]

    assert sum(counts[: len(counts) // 100]) > 0.1 * sum(counts)
    assert max(lengths) > 1.5 * min(lengths)


def test_nobody_fails_in_a_jail_while_banned_there(happened: list[list[Happening]]) -> None:
    over: dict[tuple[int, int], int] = {}
    for one in (one for day in happened for one in day):
        if one.kind is EventKind.FAILURE:
            assert one.time >= over.get((one.visitor, one.jail), 0)
        if one.kind is EventKind.BAN and one.duration is not None:
            over[one.visitor, one.jail] = one.time + one.duration * 1000


def test_no_two_events_are_the_same_to_the_history(happened: list[list[Happening]]) -> None:
    identities = [(one.visitor, one.jail, one.kind, one.time, one.ordinal) for day in happened for one in day]

    assert len(set(identities)) == len(identities)
