"""Every question to the history, answered by the store and by counting by hand, on both databases."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from bangui.adapters.sql.reader import SqlHistoryReader
from bangui.domain.addresses import parse_address
from bangui.domain.history import Batch, Event, EventKind, Observation, Origin, Source
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import Dimension, Filter, Metric, Order, Search, Series, SortKey, Top, TopRow
from packages.bangui.tests.adapters.sql.conftest import Store

DAY = 86_400_000
END = 1_780_000_000_000
JAILS = ("sshd", "nginx", "postfix, with comma")
WORDS = ("root", "admin", "oracle", "ünïcode", "x" * 40)


def _ids(chance: random.Random) -> list[str]:
    v4 = [f"{chance.choice((11, 45, 77, 203))}.{chance.randrange(3)}.{chance.randrange(2)}.{n}" for n in range(60)]
    v6 = [f"2a0{n % 3}:db8:{n % 4}::{n:x}" for n in range(20)]
    return [*dict.fromkeys([*v4, *v6]), "11.0.0.0/24", "no address", "10.0.0.7", "it's; --", "\x1b[31m\u202e"]


def observations(seed: int, count: int = 900) -> list[Observation]:
    chance = random.Random(seed)
    ids = _ids(chance)
    made = []
    for number in range(count):
        id, jail = ids[min(int(chance.expovariate(0.06)), len(ids) - 1)], chance.choice(JAILS)
        time = END - int(chance.random() ** 2 * 400 * DAY)
        kind = chance.choices(list(EventKind), weights=[60, 25, 6, 2, 1, 2, 1, 2, 1])[0]
        seen = Observation("web1", jail, id, kind, time, Source.LOG, ordinal=number)
        if kind is EventKind.BAN:
            words = (f"Failed password for {chance.choice(WORDS)} from {id}", f"attempt {number}")
            # Bans an hour apart at least, so that none is taken for another.
            seen = replace(
                seen, time=time - time % 1000, source=Source.DATABASE, ordinal=0, duration=600, count=1, lines=words
            )
        made.append(seen)
    return made


class Naive:
    """Answers by looking at every event."""

    def __init__(self, events: Sequence[Event], lines: dict[int, tuple[str, ...]]) -> None:
        self.events = events
        self._lines = lines

    def matching(self, only: Filter) -> list[Event]:
        return [event for event in self.events if self._passes(event, only)]

    def _passes(self, event: Event, only: Filter) -> bool:
        checks = (
            only.since is None or event.time >= only.since,
            only.until is None or event.time < only.until,
            not only.jails or event.jail in only.jails,
            not only.kinds or event.kind in only.kinds,
            not only.origins or event.origin in only.origins,
            only.id is None or event.id == only.id,
            only.prefix is None or event.id.startswith(only.prefix),
            not only.countries or event.country in only.countries,
            not only.networks or event.network in only.networks,
            only.within is None or _lies_in(event.id, only.within.text),
            only.text is None or self._has_words(event, only.text),
        )
        return all(checks)

    def _has_words(self, event: Event, text: str) -> bool:
        words = " ".join(self._lines.get(event.number, ())).lower().replace(":", " ").replace(".", " ").split()
        return all(
            any(word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted for word in words)
            for wanted in text.lower().split()
        )


def _lies_in(id: str, network: str) -> bool:
    try:
        inner, outer = ip_network(id), ip_network(network)
    except ValueError:
        return False
    return (
        inner.version == outer.version
        and int(outer.network_address) <= int(inner.network_address)
        and int(inner.broadcast_address) <= int(outer.broadcast_address)
    )


def _address_key(id: str) -> tuple[int, int, int, str]:
    try:
        network = ip_network(id)
    except ValueError:
        return (1, 0, 0, id)
    return (0, network.version, int(network.network_address), id)


SORT_KEYS: dict[SortKey, Callable[[Event], Any]] = {
    SortKey.TIME: lambda event: (),
    SortKey.ADDRESS: lambda event: _address_key(event.id),
    SortKey.JAIL: lambda event: event.jail,
    SortKey.COUNTRY: lambda event: event.country or "",
    SortKey.NETWORK: lambda event: event.network or 0,
}

FILTERS = {
    "everything": Filter(),
    "a month": Filter(since=END - 30 * DAY),
    "an old month": Filter(since=END - 200 * DAY, until=END - 170 * DAY),
    "a jail": Filter(jails=("nginx",)),
    "two jails": Filter(jails=("sshd", "postfix, with comma")),
    "a jail that never was": Filter(jails=("absent",)),
    "bans": Filter(kinds=(EventKind.BAN,)),
    "bans and unbans of a jail": Filter(kinds=(EventKind.BAN, EventKind.UNBAN), jails=("sshd",)),
    "an id": Filter(id="no address"),
    "a hostile id": Filter(id="\x1b[31m\u202e"),
    "an address": Filter(within=parse_address("11.0.0.3")),
    "a /24": Filter(within=parse_address("11.0.0.0/24")),
    "a /8": Filter(within=parse_address("45.0.0.0/8")),
    "half of the internet": Filter(within=parse_address("0.0.0.0/1")),
    "a v6 network": Filter(within=parse_address("2a00::/16")),
    "a prefix": Filter(prefix="11.0."),
    "a country": Filter(countries=("US", "DE")),
    "a network": Filter(networks=(64_506, 64_511)),
    "a country and a jail": Filter(countries=("DE",), jails=("nginx",), since=END - 100 * DAY),
    "by hand": Filter(origins=(Origin.HAND,)),
    "words": Filter(text="failed root"),
    "the beginning of a word": Filter(text="password ora*"),
    "words in a jail": Filter(text="admin", jails=("sshd",)),
}


@pytest.fixture
def answers(store: Store) -> tuple[HistoryReader, Naive]:
    made = observations(7)
    for start in range(0, len(made), 300):
        store.writer.record(Batch("web1", made[start : start + 300]))
    reader = SqlHistoryReader(store.engine)
    events = list(reader.stream(Filter(), Order()))
    lines = reader.lines([event.number for event in events if event.line_count])
    return reader, Naive(events, lines)


def test_nothing_that_was_recorded_is_missing(answers: tuple[HistoryReader, Naive]) -> None:
    _, naive = answers
    # Two bans of an id in a jail within the same second are one.
    wanted = {(seen.jail, seen.id, seen.kind, seen.time, seen.ordinal) for seen in observations(7)}
    assert {(event.jail, event.id, event.kind, event.time, event.ordinal) for event in naive.events} == wanted


def test_every_filter_in_every_order_page_by_page(answers: tuple[HistoryReader, Naive]) -> None:
    reader, naive = answers
    for name, only in FILTERS.items():
        for key in SortKey:
            for is_descending in (True, False):
                order = Order(key, is_descending)
                found = [event.number for event in _pages(reader, only, order)]
                wanted = [event.number for event in _sorted(naive.matching(only), order)]
                assert found == wanted, (name, order)


def _sorted(events: list[Event], order: Order) -> list[Event]:
    place = SORT_KEYS[order.key]
    return sorted(events, key=lambda event: (place(event), event.time, event.number), reverse=order.is_descending)


def _pages(reader: HistoryReader, only: Filter, order: Order) -> Iterable[Event]:
    after = None
    while True:
        page = reader.search(Search(only, order, limit=37, after=after))
        yield from page.events
        if page.next is None:
            return
        after = page.next


def test_counts_are_right_or_say_that_they_are_not_exact(answers: tuple[HistoryReader, Naive]) -> None:
    reader, naive = answers
    for name, only in FILTERS.items():
        wanted = len(naive.matching(only))
        count = reader.count(only)
        assert (count.value, count.is_exact) == (wanted, True), name
        few = reader.count(only, at_most=5)
        assert few.value == wanted if few.is_exact else 5 <= few.value <= wanted, name


RANGES = [
    Filter(),
    Filter(since=END - 3 * 3_600_000 - 12_345),
    Filter(since=END - DAY - 1),
    Filter(since=END - 9 * DAY, until=END - DAY // 3),
    Filter(since=END - 100 * DAY),
    Filter(since=END - 399 * DAY, until=END - 77_777_777),
    Filter(since=END - 50 * DAY, jails=("nginx", "sshd")),
    Filter(jails=("postfix, with comma",)),
]


def test_totals_and_series_add_up(answers: tuple[HistoryReader, Naive]) -> None:
    reader, naive = answers
    for only in RANGES:
        matching = naive.matching(only)
        totals = reader.totals(only)
        assert {kind: totals.of(kind) for kind in EventKind} == {
            kind: sum(event.kind is kind for event in matching) for kind in EventKind
        }
        for bucket in (3_600, 86_400, 7 * 86_400):
            points = reader.series(Series(only, bucket))
            wanted: dict[tuple[int, str], list[int]] = {}
            for event in matching:
                if event.kind in {EventKind.BAN, EventKind.FAILURE}:
                    counted = wanted.setdefault((event.time - event.time % (bucket * 1000), event.jail), [0, 0])
                    counted[event.kind is EventKind.FAILURE] += 1
            assert {(one.start, one.jail): [one.bans, one.failures] for one in points} == wanted, (only, bucket)


def _key_of(event: Event, dimension: Dimension) -> str | None:
    match dimension:
        case Dimension.JAIL:
            return event.jail
        case Dimension.COUNTRY:
            return event.country
        case Dimension.NETWORK:
            return None if event.network is None else str(event.network)
        case Dimension.ADDRESS:
            return event.id
    try:
        address = ip_address(event.id.partition("/")[0])
    except ValueError:
        return None
    return str(ip_network((address, 24 if address.version == 4 else 48), strict=False))


def test_the_most_frequent_are_the_most_frequent(answers: tuple[HistoryReader, Naive]) -> None:
    reader, naive = answers
    for only in RANGES:
        for dimension in Dimension:
            for metric in Metric:
                kind = EventKind.BAN if metric is Metric.BANS else EventKind.FAILURE
                counted = Counter(_key_of(event, dimension) for event in naive.matching(replace(only, kinds=(kind,))))
                if dimension is Dimension.SUBNET:
                    counted.pop(None, None)
                rows = [row for row in reader.top(Top(dimension, metric, only, limit=7)) if _count(row, metric)]
                assert [_count(row, metric) for row in rows] == sorted(counted.values(), reverse=True)[:7]
                assert all(_count(row, metric) == counted[row.key] for row in rows), (only, dimension, metric)


def _count(row: TopRow, metric: Metric) -> int:
    return row.bans if metric is Metric.BANS else row.failures


def test_everything_about_one_id(answers: tuple[HistoryReader, Naive]) -> None:
    reader, naive = answers
    for id in {event.id for event in naive.events}:
        own = [event for event in naive.events if event.id == id]
        summary = reader.id_summary(id)
        assert summary is not None
        bans = sum(event.kind is EventKind.BAN for event in own)
        failures = sum(event.kind is EventKind.FAILURE for event in own)
        assert (summary.bans, summary.failures) == (bans, failures)
        # The end of a ban is nothing that an id did.
        done = [event for event in own if event.kind in {EventKind.BAN, EventKind.FAILURE}] or own
        assert summary.first == min(event.time for event in done)
        assert summary.last == max(event.time for event in done)
        for jail in reader.id_jails(id):
            here = [event for event in own if event.jail == jail.jail]
            assert jail.bans == sum(event.kind is EventKind.BAN for event in here)
            assert jail.failures == sum(event.kind is EventKind.FAILURE for event in here)
    assert reader.id_summary("never seen") is None


def test_the_state_tells_how_much_there_is(answers: tuple[HistoryReader, Naive]) -> None:
    reader, naive = answers
    state = reader.state()
    assert state.events == len(naive.events)
    assert (state.first, state.last) == (min(e.time for e in naive.events), max(e.time for e in naive.events))
    assert state.disk_bytes > 0
    assert sorted(reader.jails()) == sorted(JAILS)
