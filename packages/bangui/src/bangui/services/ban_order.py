"""The order of a list of bans, and a page of it.

Bans that are alike in what a list is sorted by are in the order of their times, the newest first, then by jail and id,
so that no two have the same place. A list that is turned around is turned around in all of this. A page is found by the
place of its edge and not by a number of rows to skip: while bans come and go, a page keeps showing the same rows, and a
place stays good when its ban is gone.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from bangui.domain.bans import Ban
from bangui.domain.country_names import country_name
from bangui.domain.places import Place
from bangui.services.ban_spans import span_key

FOR_EVER = 1e18
"""Stands for the end of a ban without one: later than any other."""
_UNKNOWN_COUNTRY = "\U0010ffff"
_UNKNOWN_NETWORK = 1 << 40


class BanKey(Enum):
    """By what a list is sorted; what is unknown comes after all others."""

    TIME = "time"
    LEFT = "left"
    """How much longer the ban lasts."""
    ADDRESS = "address"
    JAIL = "jail"
    COUNTRY = "country"
    """The country's English name."""
    NETWORK = "network"
    """The number of the autonomous system."""


@dataclass(frozen=True, slots=True)
class BanOrder:
    """The order of a list."""

    key: BanKey = BanKey.TIME
    is_descending: bool = True

    @property
    def is_turned(self) -> bool:
        """Whether the list is turned around: times are in order with the newest first."""
        return self.is_descending != (self.key is BanKey.TIME)

    @property
    def has_places(self) -> bool:
        """Whether it must be known where each ban's address is."""
        return self.key in (BanKey.COUNTRY, BanKey.NETWORK)


NEWEST_FIRST = BanOrder()


@dataclass(frozen=True, slots=True, order=True)
class BanPlace:
    """The place of a ban in a list that is not turned around: by the value that it is sorted by, and so on.

    `newness` is the time of the ban with its sign turned.
    """

    value: str | float
    newness: float
    jail: str
    id: str


@dataclass(frozen=True, slots=True)
class BanPage:
    """One page of a list. `before` rows come before its first one; `previous` and `next` are its edges, None where no
    other page is on that side.
    """

    bans: tuple[Ban, ...]
    before: int
    previous: BanPlace | None
    next: BanPlace | None


class BanSorter:
    """Sorts by one order; `place_of` tells where an address is."""

    def __init__(self, order: BanOrder, place_of: Callable[[str], Place]) -> None:
        self._order = order
        self._value = _values(place_of)[order.key]

    def sort(self, bans: list[Ban]) -> None:
        """Bring bans into order, in place."""
        # Two simple keys one after the other are sorted much faster than one of several parts.
        bans.sort(key=lambda ban: (-ban.banned_at.timestamp(), ban.jail, ban.id))
        if self._order.key is not BanKey.TIME:
            bans.sort(key=self._value)
        if self._order.is_turned:
            bans.reverse()

    def page(
        self, bans: Sequence[Ban], size: int, *, after: BanPlace | None = None, before: BanPlace | None = None
    ) -> BanPage:
        """Return the first page of bans in order, or the one that follows `after`, or that precedes `before`."""
        if after is not None:
            start = self._rows_up_to(bans, after, is_counted=True)
        elif before is not None:
            start = max(self._rows_up_to(bans, before, is_counted=False) - size, 0)
        else:
            start = 0
        shown = tuple(bans[start : start + size])
        return BanPage(
            shown,
            start,
            previous=self._place(shown[0]) if shown and start else None,
            next=self._place(shown[-1]) if start + len(shown) < len(bans) and shown else None,
        )

    def _rows_up_to(self, bans: Sequence[Ban], place: BanPlace, *, is_counted: bool) -> int:
        """Return how many rows come before a place, one that is exactly there counted or not."""
        if not self._order.is_turned:
            return (bisect_right if is_counted else bisect_left)(bans, place, key=self._place)
        upwards = bans[::-1]
        return len(bans) - (bisect_left if is_counted else bisect_right)(upwards, place, key=self._place)

    def _place(self, ban: Ban) -> BanPlace:
        return BanPlace(self._value(ban), -ban.banned_at.timestamp(), ban.jail, ban.id)


def _values(place_of: Callable[[str], Place]) -> dict[BanKey, Callable[[Ban], str | float]]:
    def country(ban: Ban) -> str:
        code = place_of(ban.id).country
        return country_name(code) if code else _UNKNOWN_COUNTRY

    def network(ban: Ban) -> float:
        found = place_of(ban.id).network
        return found.number if found else _UNKNOWN_NETWORK

    return {
        BanKey.TIME: lambda ban: -ban.banned_at.timestamp(),
        BanKey.LEFT: lambda ban: ban.ends_at.timestamp() if ban.ends_at else FOR_EVER,
        BanKey.ADDRESS: lambda ban: span_key(ban.id),
        BanKey.JAIL: lambda ban: ban.jail,
        BanKey.COUNTRY: country,
        BanKey.NETWORK: network,
    }
