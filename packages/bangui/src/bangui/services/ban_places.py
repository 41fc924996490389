"""Where the addresses of the bans in force are: looked up once for each, and remembered while it is banned.

Looking up 100,000 addresses takes a second, remembering them some ten megabytes. So a list that does not need all
places learns a few with each look at it, and only one that is filtered or sorted by them waits for the rest. Everything
here blocks, if only for a moment: it is called in threads, several of which may look at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from bangui.domain.places import NOWHERE, DataSource, Place, PlaceFinder
from bangui.services.ban_spans import network_of, span_of

# What a page spends on places that it does not show: too little to be felt, and 10,000 addresses in ten pages.
_SECONDS_FOR_OTHERS = 0.05
_LOOKS_BETWEEN_CLOCKS = 64
# How many more may be remembered than there are bans before those that are over are forgotten.
_SPARE = 5_000


class BanPlaces:
    """The places of ids."""

    def __init__(self, finder: PlaceFinder, clock: Callable[[], float] = time.monotonic) -> None:
        self._finder = finder
        self._clock = clock
        self._sources: tuple[DataSource, ...] = ()
        self._places: dict[str, Place] = {}
        self._alike: dict[Place, Place] = {}

    @property
    def countries(self) -> frozenset[str]:
        """The countries that are known to have bans."""
        return frozenset(place.country for place in tuple(self._alike) if place.country)

    def of(self, id: str) -> Place:
        """Return where an id is."""
        place = self._places.get(id)
        if place is None:
            span = span_of(id)
            found = self._finder.find(network_of(span)) if span else NOWHERE
            # One value for each place, however many addresses are there.
            place = self._places[id] = self._alike.setdefault(found, found)
        return place

    def forget_old_data(self) -> bool:
        """Forget everything where the finder has got other data, and return whether it has."""
        sources = self._finder.sources()
        if sources == self._sources:
            return False
        self._sources, self._places, self._alike = sources, {}, {}
        return True

    def forget_others(self, bans: int, ids: Iterable[str]) -> None:
        """Forget all but the ids of the `bans` in force, once the others are many."""
        known = self._places
        if len(known) > 2 * bans + _SPARE:
            places = {id: known[id] for id in ids if id in known}
            self._places, self._alike = places, {place: place for place in places.values()}

    def learn_some(self, ids: Iterable[str]) -> None:
        """Look some of the ids up that are not known yet, for a moment."""
        end = self._clock() + _SECONDS_FOR_OTHERS
        looks = 0
        for id in ids:
            if id not in self._places:
                self.of(id)
                looks += 1
                if looks % _LOOKS_BETWEEN_CLOCKS == 0 and self._clock() >= end:
                    return
