"""Use case: one page of events that somebody searched for, with all that is needed to show it.

Everything is asked in one go, so that a page costs one wait for a thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bangui.domain.errors import InvalidInput, UnknownJail
from bangui.domain.history import Event
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import Count, Dimension, Filter, Metric, Search, Top
from bangui.domain.places import PlaceFinder
from bangui.services.history import require_jails
from bangui.services.network_names import NetworkNames

# Jails and countries are new so rarely that nobody waits for them in a list to choose from.
_CHOICES_SECONDS = 60.0
_MOST_COUNTRIES = 300
_MOST_JAILS = 500


@dataclass(frozen=True, slots=True)
class Choices:
    """What the history knows to choose from: jails by their names, countries by their codes."""

    jails: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page of events. `lines` are there where words in them were searched for; `is_new` means that nothing is at all.

    `networks` are the names of the networks of the events and of the filter, as far as they are known.
    """

    events: tuple[Event, ...]
    next: str | None
    count: Count
    lines: Mapping[int, tuple[str, ...]]
    networks: Mapping[int, str]
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """The answer to a search: `page` is None where there was nothing to search, or where it went wrong.

    `unknown_jail` is set where a jail of the filter never was, `is_lost` where the place in the list belongs to another
    list.
    """

    choices: Choices = field(default_factory=Choices)
    page: FoundPage | None = None
    unknown_jail: UnknownJail | None = None
    is_lost: bool = False


class HistorySearch:
    """Searches, and remembers the names of networks and what there is to choose from; blocks, like its reader."""

    def __init__(self, places: PlaceFinder, clock: Callable[[], float] = time.monotonic) -> None:
        self.names = NetworkNames(places)
        self._clock = clock
        self._choices = Choices()
        self._choices_until: float | None = None

    def answer(self, reader: HistoryReader, search: Search, *, is_asked: bool = True) -> SearchAnswer:
        """Return the answer to a search; where it is not asked, only what there is to choose from, and whether the
        jails of the filter are among it.
        """
        choices = self._read_choices(reader)
        try:
            require_jails(reader, search.filter.jails)
            return SearchAnswer(choices, self._find(reader, search) if is_asked else None)
        except UnknownJail as error:
            return SearchAnswer(choices, unknown_jail=error)
        except InvalidInput:
            if search.after is None:
                raise
            return SearchAnswer(choices, is_lost=True)

    def _find(self, reader: HistoryReader, search: Search) -> FoundPage:
        found = reader.search(search)
        # Who looks for words wants to see them.
        numbers = [event.number for event in found.events if event.line_count] if search.filter.text else []
        return FoundPage(
            found.events,
            found.next,
            _count(reader, search.filter),
            reader.lines(numbers) if numbers else {},
            self._network_names(reader, found.events, search.filter.networks),
            is_new=not found.events and reader.state().events == 0,
        )

    def _network_names(
        self, reader: HistoryReader, events: Iterable[Event], wanted: Sequence[int]
    ) -> Mapping[int, str]:
        names: dict[int, str] = {}
        for event in events:
            if event.network and event.network not in names and (name := self.names.name(event.network, event.id)):
                names[event.network] = name
        for number in wanted:
            if number not in names and (name := self.names.name_by_number(number, reader)):
                names[number] = name
        return names

    def _read_choices(self, reader: HistoryReader) -> Choices:
        now = self._clock()
        if self._choices_until is None or now >= self._choices_until:
            tops = [reader.top(Top(Dimension.COUNTRY, metric, limit=_MOST_COUNTRIES)) for metric in Metric]
            countries = {row.key for top in tops for row in top if row.key}
            self._choices = Choices(tuple(sorted(reader.jails())[:_MOST_JAILS]), tuple(sorted(countries)))
            self._choices_until = now + _CHOICES_SECONDS
        return self._choices


def _count(reader: HistoryReader, filter: Filter) -> Count:
    if filter == Filter():
        return Count(reader.state().events, is_exact=True)
    return reader.count(filter)
