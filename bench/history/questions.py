"""Questions as people ask them, drawn at random from what there is in a history.

Addresses are drawn by event, so that busy ones come more often, and others by id. Three quarters of the times end now;
the others end some time before.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bangui.domain.addresses import Address, parse_address
from bangui.domain.errors import InvalidInput
from bangui.domain.history import EventKind, Origin
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import Dimension, Filter, Metric, Order, Search, Series, SortKey, Top
from bangui.services.last_day import read_last_day
from bangui.services.statistics import fitting_bucket
from bench.history.attacks import JAILS
from bench.history.matched_lines import NAMES
from bench.history.world import COUNTRIES

_HOUR = 3_600_000
_DAY = 24 * _HOUR
_RANGES = (_HOUR, 6 * _HOUR, _DAY, 7 * _DAY, 30 * _DAY, 90 * _DAY, 365 * _DAY)
_SAMPLED = 400
_PREFIXES = {4: (8, 12, 16, 20, 24, 28, 32), 6: (16, 24, 32, 48, 56, 64, 128)}

Ask = Callable[[HistoryReader], object]
"""Asks one question."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Some of what is in a history: ids, networks, and when the last event was."""

    ids: Sequence[str]
    networks: Sequence[int]
    last: int


def read_sample(path: Path, chance: random.Random) -> Sample:
    """Draw a sample."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        events, ids, last = connection.execute(
            "SELECT (SELECT max(number) FROM events), (SELECT max(number) FROM ids), (SELECT max(time) FROM events)"
        ).fetchone()
        of_event = "SELECT i.text, e.network FROM events e JOIN ids i ON i.number = e.id WHERE e.number = ?"
        busy = [
            connection.execute(of_event, (number,)).fetchone()
            for number in chance.choices(range(1, events), k=_SAMPLED)
        ]
        of_id = "SELECT text, network FROM ids WHERE number = ?"
        others = [
            connection.execute(of_id, (number,)).fetchone() for number in chance.choices(range(1, ids), k=_SAMPLED)
        ]
    connection.close()
    seen = [*busy, *others]
    return Sample([id for id, _ in seen], [network for _, network in seen if network is not None], last)


class Asker:
    """Draws questions of each class."""

    def __init__(self, sample: Sample, chance: random.Random) -> None:
        self._sample = sample
        self._chance = chance

    def part_of_overview(self) -> Ask:
        """One of the queries that an overview is made of, over a range of an hour up to a year."""
        chance = self._chance
        period = self._period(_RANGES)
        since, until = period.since or 0, period.until or 0
        dimension = chance.choice((Dimension.JAIL, Dimension.COUNTRY, Dimension.NETWORK, Dimension.ADDRESS))
        asks: tuple[Ask, ...] = (
            lambda reader: reader.totals(period),
            lambda reader: reader.series(Series(period, fitting_bucket(since, until))),
            lambda reader: reader.top(Top(dimension, filter=period)),
            lambda reader: reader.search(Search(Filter(kinds=(EventKind.BAN,)))),
        )
        return chance.choices(asks, weights=(1, 1, 4, 1))[0]

    def overview(self) -> Ask:
        """The whole overview of the last 24 hours as the first page has it, with the latest bans."""
        now = datetime.fromtimestamp((self._sample.last - self._chance.randrange(_DAY)) / 1000, UTC)

        def ask(reader: HistoryReader) -> object:
            latest = reader.search(Search(Filter(kinds=(EventKind.BAN,), until=int(now.timestamp() * 1000))))
            return read_last_day(reader, str, now), latest

        return ask

    def page_of_search(self) -> Ask:
        """A page of a search: one to four conditions, any order, the first page or a later one."""
        chance = self._chance
        search = Search(self._filter(), self._order())
        pages = chance.choice((1, 1, 1, 2, 5))
        after: list[str | None] = [None]

        def ask(reader: HistoryReader) -> object:
            return reader.search(replace(search, after=after[0]))

        def prepare(reader: HistoryReader) -> object:
            for _ in range(pages - 1):
                page = reader.search(replace(search, after=after[0]))
                if page.next is None:
                    break
                after[0] = page.next
            return None

        return Prepared(prepare, ask) if pages > 1 else ask

    def top_list(self) -> Ask:
        """A top list by any dimension, of a day up to a year or of all time, perhaps of one jail."""
        chance = self._chance
        filter = self._period(_RANGES[2:]) if chance.random() < 0.85 else Filter()
        if chance.random() < 0.3:
            filter = replace(filter, jails=(self._jail(),))
        top = Top(chance.choice(list(Dimension)), chance.choice(list(Metric)), filter, chance.choice((5, 10, 20)))
        return lambda reader: reader.top(top)

    def top_list_of_place(self) -> Ask:
        """The first addresses or subnets of a country, a network or a range of addresses."""
        chance = self._chance
        places = (self._with_country, self._with_network, self._with_range)
        filter = chance.choice(places)(self._period(_RANGES[2:]) if chance.random() < 0.5 else Filter())
        top = Top(chance.choice((Dimension.ADDRESS, Dimension.SUBNET)), chance.choice(list(Metric)), filter)
        return lambda reader: reader.top(top)

    def own_history(self) -> Ask:
        """Everything about one id: its counts, jails and newest events, and its bans with their lines."""
        id = self._chance.choice(self._sample.ids)

        def ask(reader: HistoryReader) -> object:
            bans = reader.search(Search(Filter(id=id, kinds=(EventKind.BAN,)), limit=5)).events
            lines = reader.lines([ban.number for ban in bans if ban.line_count])
            return reader.id_summary(id), reader.id_jails(id), reader.search(Search(Filter(id=id))), bans, lines

        return ask

    def count(self) -> Ask:
        """How many events a search finds."""
        filter = self._filter()
        return lambda reader: reader.count(filter)

    def _filter(self) -> Filter:
        parts: tuple[Callable[[Filter], Filter], ...] = (
            *(self._with_country, self._with_network, self._with_range),
            lambda whole: replace(whole, jails=(self._jail(),)),
            lambda whole: replace(whole, kinds=self._kinds()),
            lambda whole: replace(whole, id=self._chance.choice(self._sample.ids)),
            lambda whole: replace(
                whole, prefix=self._chance.choice(self._sample.ids)[: self._chance.choice((3, 5, 7))]
            ),
            lambda whole: replace(whole, text=self._words()),
            lambda whole: replace(whole, origins=(self._chance.choice(list(Origin)),)),
        )
        filter = self._period(_RANGES) if self._chance.random() < 0.5 else Filter()
        for part in self._chance.sample(parts, k=self._chance.choices((0, 1, 2, 3), weights=(1, 5, 3, 1))[0]):
            filter = part(filter)
        return filter

    def _words(self) -> str:
        """Words of matched lines; of a third of them only the beginning is given."""
        words = " ".join(self._chance.choices(NAMES, k=self._chance.choice((1, 1, 2))))
        return words if self._chance.random() < 2 / 3 else f"{words[: max(1, len(words) - 3)]}*"

    def _order(self) -> Order:
        key = SortKey.TIME if self._chance.random() < 0.5 else self._chance.choice(list(SortKey))
        return Order(key, self._chance.random() < 0.7)

    def _period(self, lengths: Sequence[int]) -> Filter:
        until = self._sample.last + 1
        if self._chance.random() < 0.25:
            until -= self._chance.randrange(200 * _DAY)
        return Filter(since=until - self._chance.choice(lengths), until=until)

    def _jail(self) -> str:
        return self._chance.choice(JAILS).name

    def _kinds(self) -> tuple[EventKind, ...]:
        if self._chance.random() < 0.6:
            return (EventKind.BAN,)
        return tuple(self._chance.sample(list(EventKind), k=self._chance.choice((1, 2))))

    def _with_country(self, filter: Filter) -> Filter:
        # The first of them are where most attacks come from.
        return replace(filter, countries=(COUNTRIES[int(len(COUNTRIES) * self._chance.random() ** 2)],))

    def _with_network(self, filter: Filter) -> Filter:
        return replace(filter, networks=(self._chance.choice(self._sample.networks),))

    def _with_range(self, filter: Filter) -> Filter:
        return replace(filter, within=self._range())

    def _range(self) -> Address:
        while True:
            try:
                address = parse_address(self._chance.choice(self._sample.ids))
            except InvalidInput:
                continue
            length = self._chance.choice(_PREFIXES[address.network.version])
            return parse_address(f"{address.network.network_address}/{length}")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question that needs something else to be asked before, which is not measured."""

    prepare: Ask
    ask: Ask

    def __call__(self, reader: HistoryReader) -> object:
        """Ask the question itself."""
        return self.ask(reader)
