"""Every way through the indexes leads to the same answers: also those that only a large history takes."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_address, ip_network

import pytest

from bangui.adapters.sql.queries import begun_words, find, lanes, time_order, top_ids, top_lists, word_lanes
from bangui.adapters.sql.reader import SqlHistoryReader
from bangui.domain.addresses import parse_address
from bangui.domain.history import Batch, Event, EventKind, Origin
from bangui.domain.history_queries import Dimension, Filter, Metric, Order, Search, SortKey, Top
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.safety.test_answers import DAY, END, JAILS, SORT_KEYS, Naive, observations

Patch = pytest.MonkeyPatch
ROUNDS = 40
COUNTED = (EventKind.BAN, EventKind.FAILURE)


def _nothing(_: Patch) -> None:
    """As a small history is asked: everything is collected."""


def _large(patch: Patch) -> None:
    """As a large one is asked: keys are walked, and few ids are many."""
    patch.setattr(find, "COLLECTED", 20)
    patch.setattr(lanes, "MANY_IDS", 30)
    patch.setattr(lanes, "_SOME_IDS", 6)
    patch.setattr(lanes, "_FEW_IDS", 3)
    patch.setattr(time_order, "_WALKED", 25)
    patch.setattr(top_ids, "_MANY", dict.fromkeys(Dimension, 3))
    patch.setattr(top_ids, "_AT_ONCE", 5)
    patch.setattr(top_ids, "_SHORT", 0)
    patch.setattr(top_lists, "_SHORT", 3_600_000)


def _huge(patch: Patch) -> None:
    """No id is looked for by what it is, places do not bound anything, and words that are only begun are many."""
    _large(patch)
    patch.setattr(begun_words, "MOST", 0)
    patch.setattr(word_lanes, "_COMMON", 2)
    patch.setattr(lanes, "MANY_IDS", 0)
    patch.setattr(lanes, "_SOME_IDS", 0)
    patch.setattr(lanes, "_FEW_IDS", 0)
    patch.setattr(top_ids, "_SHORT", 1 << 50)
    patch.setattr(find, "COLLECTED", 0)


def _by_words(patch: Patch) -> None:
    """The index of words always leads the way."""
    patch.setattr(word_lanes, "_COST_OF_WORDS", 0)


def _by_events(patch: Patch) -> None:
    """It never does where anything else is asked for, and keys are walked."""
    patch.setattr(word_lanes, "_COST_OF_LOOK", 0)
    patch.setattr(find, "COLLECTED", 0)


def _by_lines(patch: Patch) -> None:
    """Words that are only begun are too many to be told, and so common that lines are read."""
    patch.setattr(begun_words, "MOST", 0)
    patch.setattr(word_lanes, "_COMMON", -1)
    patch.setattr(word_lanes, "_COMMON_TO_COUNT", -1)


WAYS: tuple[Callable[[Patch], None], ...] = (_nothing, _large, _huge, _by_words, _by_events, _by_lines)


@pytest.fixture(params=WAYS, ids=lambda way: way.__name__.strip("_"))
def way(request: pytest.FixtureRequest, monkeypatch: Patch) -> None:
    request.param(monkeypatch)


@pytest.fixture
def asked(store: Store, way: None) -> tuple[SqlHistoryReader, Naive]:
    made = sorted(observations(11), key=lambda seen: seen.time)
    for start in range(0, len(made), 150):
        # Some move to another country and network, and some of these back.
        store.places.version = (0, 1, 1, 0)[start // 150 % 4]
        store.writer.record(Batch("web1", made[start : start + 150]))
    reader = SqlHistoryReader(store.engine)
    events = list(reader.stream(Filter(), Order()))
    return reader, Naive(events, reader.lines([event.number for event in events if event.line_count]))


class Chance:
    """Draws questions."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def filter(self) -> Filter:
        chance = self._random
        parts: tuple[Callable[[Filter], Filter], ...] = (
            self.with_times,
            lambda whole: replace(whole, jails=tuple(chance.sample(JAILS, k=chance.choice((1, 2))))),
            lambda whole: replace(whole, kinds=tuple(chance.sample(list(EventKind), k=chance.choice((1, 2, 4))))),
            lambda whole: replace(whole, kinds=(EventKind.BAN,)),
            lambda whole: replace(whole, origins=tuple(chance.sample(list(Origin), k=chance.choice((1, 2))))),
            self.with_place,
            self.with_range,
            lambda whole: replace(whole, prefix=chance.choice(("1", "11.0", "2a0", "no", "11.0.0.0/", "\x1b"))),
            lambda whole: replace(whole, id=chance.choice(("11.0.0.3", "no address", "absent", "11.0.0.0/24"))),
            lambda whole: replace(
                whole, text=chance.choice(("failed", "password root", "admin*", "failed o*", "absent"))
            ),
        )
        whole = Filter()
        for part in chance.sample(parts, k=chance.choice((1, 2, 2, 3))):
            whole = part(whole)
        return whole

    def top(self) -> Top:
        chance = self._random
        dimension = chance.choice(list(Dimension))
        whole = self.with_times(Filter()) if chance.random() < 0.7 else Filter()
        if chance.random() < 0.3:
            whole = replace(whole, jails=(chance.choice(JAILS),))
        if dimension in {Dimension.ADDRESS, Dimension.SUBNET} and chance.random() < 0.6:
            whole = chance.choice((self.with_place, self.with_range))(whole)
        return Top(dimension, chance.choice(list(Metric)), whole, chance.choice((1, 3, 10, 100)))

    def order(self) -> Order:
        return Order(self._random.choice(list(SortKey)), self._random.random() < 0.5)

    def size(self) -> int:
        return self._random.choice((3, 20, 100))

    def with_times(self, whole: Filter) -> Filter:
        until = END - self._random.randrange(300) * DAY // 2
        return replace(whole, since=until - self._random.choice((1, 9, 40, 200)) * DAY, until=until)

    def with_place(self, whole: Filter) -> Filter:
        chance = self._random
        which = chance.randrange(3)
        countries = chance.sample(("CN", "US", "RU", "DE", "BR", "IN"), k=chance.choice((1, 2))) if which else ()
        networks = chance.sample(range(64_500, 64_513), k=chance.choice((1, 3))) if which != 1 else ()
        return replace(whole, countries=tuple(countries), networks=tuple(networks))

    def with_range(self, whole: Filter) -> Filter:
        ranges = (
            "11.0.0.0/8",
            "0.0.0.0/0",
            "45.0.0.0/16",
            "77.1.0.0/24",
            "11.0.0.3",
            "2a00::/12",
            "::/0",
            "10.0.0.0/8",
        )
        return replace(whole, within=parse_address(self._random.choice(ranges)))


def test_every_search_finds_what_counting_by_hand_finds(asked: tuple[SqlHistoryReader, Naive]) -> None:
    reader, naive = asked
    chance = Chance(1)
    for _ in range(ROUNDS):
        only, order, size = chance.filter(), chance.order(), chance.size()
        wanted = _sorted(naive.matching(only), order)
        found: list[Event] = []
        after: str | None = None
        while True:
            page = reader.search(Search(only, order, size, after))
            found += page.events
            after = page.next
            if after is None or len(found) > 5 * size:
                break
        assert found == wanted[: len(found)], (only, order, size)
        assert after is not None or len(found) == len(wanted), (only, order, size)


def test_every_count_is_right(asked: tuple[SqlHistoryReader, Naive]) -> None:
    reader, naive = asked
    chance = Chance(2)
    for _ in range(ROUNDS):
        only = chance.filter()
        wanted, counted = len(naive.matching(only)), reader.count(only, at_most=50)
        assert counted.value == (wanted if counted.is_exact else 50), only
        assert counted.is_exact or wanted > 50, only


def test_every_stream_is_the_whole_list(asked: tuple[SqlHistoryReader, Naive], monkeypatch: Patch) -> None:
    reader, naive = asked
    chance = Chance(3)
    monkeypatch.setattr("bangui.adapters.sql.reader.LARGEST_PAGE", 37)
    for _ in range(ROUNDS // 2):
        only, order = chance.filter(), chance.order()
        assert list(reader.stream(only, order)) == _sorted(naive.matching(only), order), (only, order)


def test_every_top_list_is_that_of_counting_by_hand(asked: tuple[SqlHistoryReader, Naive]) -> None:
    reader, naive = asked
    chance = Chance(4)
    for _ in range(ROUNDS):
        top = chance.top()
        found = [(row.key, row.bans, row.failures, row.first, row.last) for row in reader.top(top)]
        assert found == _top(naive, top), top


def _sorted(events: list[Event], order: Order) -> list[Event]:
    place = SORT_KEYS[order.key]
    return sorted(events, key=lambda event: (place(event), event.time, event.number), reverse=order.is_descending)


def _top(naive: Naive, top: Top) -> list[tuple[str | None, int, int, int, int]]:
    keyed = [(_key(event, top.dimension), event) for event in naive.matching(replace(top.filter, kinds=COUNTED))]
    if top.dimension is Dimension.SUBNET:
        keyed = [(key, event) for key, event in keyed if key]
    counts = {kind: Counter(key for key, event in keyed if event.kind is kind) for kind in COUNTED}
    bans, failures = counts[EventKind.BAN], counts[EventKind.FAILURE]
    metric = bans if top.metric is Metric.BANS else failures
    # Jails are told also where they have none of what is asked for.
    keys = {key for key, _ in keyed if metric[key] or top.dimension is Dimension.JAIL}
    first = sorted(keys, key=lambda key: (-metric[key], _rank(key, top.dimension)))[: top.limit]
    times = {key: [event.time for of, event in keyed if of == key] for key in first}
    return [(key, bans[key], failures[key], min(times[key]), max(times[key])) for key in first]


def _key(event: Event, dimension: Dimension) -> str | None:
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


def _rank(key: str | None, dimension: Dimension) -> tuple[int, int] | int | str:
    if dimension is Dimension.NETWORK:
        return int(key or 0)
    if dimension is Dimension.SUBNET:
        network = ip_network(key or "")
        return network.version, int(network.network_address)
    return key or ""
