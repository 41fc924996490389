"""Use case: look through the bans in force: filtered, in any order, one page at a time, 100,000 of them or more.

The work is done in a thread, one look at a time, and what it found is kept as long as the bans are the same: the next
page, another browser with the same list, and whoever wants all that match have it at once.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from bangui.domain.bans import Ban, JailBans
from bangui.domain.places import NOWHERE, Place, PlaceFinder
from bangui.domain.snapshot import Snapshot
from bangui.services.ban_matching import BanFilter, matching_bans
from bangui.services.ban_order import NEWEST_FIRST, BanOrder, BanPlace, BanSorter
from bangui.services.ban_origins import AskedBan, BanOrigins, HistoryAsker, Origins
from bangui.services.ban_places import BanPlaces
from bangui.services.threads import in_thread

# Each list takes 8 bytes for a ban.
_LISTS_KEPT = 6


@dataclass(frozen=True, slots=True)
class BanQuestion:
    """Which bans, in which order, and which page of them; at most one of `after` and `before` is set."""

    filter: BanFilter = field(default_factory=BanFilter)
    order: BanOrder = NEWEST_FIRST
    size: int = 100
    after: BanPlace | None = None
    before: BanPlace | None = None


@dataclass(frozen=True, slots=True)
class FoundBan:
    """A ban, where its address is, and who asked for it where that was not the jail."""

    ban: Ban
    place: Place
    asked: AskedBan | None


@dataclass(frozen=True, slots=True)
class FoundBans:
    """One page of bans.

    `first` is the number of its first row among the `matching` ones, counted from 1. `unlisted` are the jails that are
    meant but hold too many bans to list: their bans are neither here nor in `matching`. `countries` are those that are
    known to have bans. `has_origins` is False where nobody can say who asked for a ban; none matches an origin then.
    """

    bans: tuple[FoundBan, ...]
    first: int
    matching: int
    previous: BanPlace | None
    next: BanPlace | None
    unlisted: tuple[JailBans, ...]
    countries: frozenset[str] = frozenset()
    has_origins: bool = False

    @property
    def last(self) -> int:
        """The number of the last row."""
        return self.first + len(self.bans) - 1


class BanSearch:
    """Looks through the bans of a host. Without a finder of places or a history their part is unknown."""

    def __init__(self, places: PlaceFinder | None = None, history: HistoryAsker | None = None) -> None:
        self._places = BanPlaces(places) if places else None
        self._origins = BanOrigins(history) if history else None
        self._one_at_a_time = asyncio.Lock()
        self._lists: OrderedDict[tuple[BanFilter, BanOrder], tuple[Origins | None, list[Ban]]] = OrderedDict()
        self._lists_of: tuple[object, ...] = ()

    async def find(self, snapshot: Snapshot, question: BanQuestion) -> FoundBans:
        """Return the page of the bans of a snapshot that a question asks for."""
        origins = await self._origins.read(is_needed=bool(question.filter.origins)) if self._origins else None
        async with self._one_at_a_time:
            return await in_thread(lambda: self._find(snapshot, question, origins))

    async def matching(self, snapshot: Snapshot, filter: BanFilter) -> tuple[Ban, ...]:
        """Return all bans of a snapshot that a filter lets through, newest first."""
        origins = await self._origins.read(is_needed=True) if self._origins and filter.origins else None
        async with self._one_at_a_time:
            return tuple(await in_thread(lambda: self._list(snapshot, filter, NEWEST_FIRST, origins)))

    def _find(self, snapshot: Snapshot, question: BanQuestion, origins: Origins | None) -> FoundBans:
        filter = question.filter
        bans = self._list(snapshot, filter, question.order, origins)
        sorter = BanSorter(question.order, self._place_of)
        page = sorter.page(bans, question.size, after=question.after, before=question.before)
        found = tuple(
            FoundBan(ban, self._place_of(ban.id), origins.asked(ban) if origins else None) for ban in page.bans
        )
        if self._places:
            self._places.learn_some(_ids(snapshot))
        return FoundBans(
            found,
            page.before + 1,
            len(bans),
            page.previous,
            page.next,
            tuple(jail for jail in snapshot.bans if not jail.complete and filter.jail in (None, jail.jail)),
            self._places.countries if self._places else frozenset(),
            has_origins=origins is not None,
        )

    def _list(self, snapshot: Snapshot, filter: BanFilter, order: BanOrder, origins: Origins | None) -> list[Ban]:
        """Return the bans of a filter in order, from those that are kept where they are still true."""
        self._forget_what_changed(snapshot)
        stands_on = origins if filter.origins else None
        kept = self._lists.pop((filter, order), None)
        if kept and kept[0] is stands_on:
            bans = kept[1]
        else:
            bans = matching_bans(snapshot, filter, self._place_of, lambda ban: origins.of(ban) if origins else None)
            BanSorter(order, self._place_of).sort(bans)
        self._lists[filter, order] = (stands_on, bans)
        while len(self._lists) > _LISTS_KEPT:
            self._lists.popitem(last=False)
        return bans

    def _forget_what_changed(self, snapshot: Snapshot) -> None:
        # The list of a jail that has not changed is the same object in every snapshot.
        seen = tuple(jail.bans for jail in snapshot.bans)
        before = self._lists_of
        is_same = len(seen) == len(before) and all(one is other for one, other in zip(seen, before, strict=True))
        if not is_same or (self._places and self._places.forget_old_data()):
            self._lists.clear()
            self._lists_of = seen
        if not is_same and self._places:
            self._places.forget_others(sum(map(len, seen)), _ids(snapshot))

    def _place_of(self, id: str) -> Place:
        return self._places.of(id) if self._places else NOWHERE


def _ids(snapshot: Snapshot) -> Iterator[str]:
    return (ban.id for jail in snapshot.bans for ban in jail.bans)
