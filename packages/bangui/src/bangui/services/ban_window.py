"""Look at the current bans through a window: filtered, newest first, one page at a time.

A page is found by the position of its edge row, not by a number of rows to skip: while new bans arrive on top, an older
page keeps showing the same rows. Each jail's list is sorted already (`Snapshot`), so a page costs a bisection and a
merge of a page's length for each jail, however many bans there are; only a text filter looks at every row.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice

from bangui.domain.bans import Ban, JailBans
from bangui.domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class BanFilter:
    """Which bans: those of `jail` (None: of every jail) whose id or jail name contains `text`, in any case."""

    jail: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class BanPosition:
    """The place of a ban in the order of all bans; it stays valid when the ban itself is gone."""

    banned_at: datetime
    id: str
    jail: str


@dataclass(frozen=True, slots=True)
class BanWindow:
    """One page of bans.

    `before` rows are newer than the first one shown; `matching` rows match in all. `newer` and `older` are where the
    neighbouring pages begin, None where there is none. `unlisted` are the jails that match but hold too many bans to
    list: their bans are neither here nor in `matching`.
    """

    bans: tuple[Ban, ...]
    before: int
    matching: int
    newer: BanPosition | None
    older: BanPosition | None
    unlisted: tuple[JailBans, ...]


def find_window(
    snapshot: Snapshot,
    only: BanFilter,
    *,
    size: int,
    older_than: BanPosition | None = None,
    newer_than: BanPosition | None = None,
) -> BanWindow:
    """Return the newest page, or the page that follows `older_than`, or the one that precedes `newer_than`."""
    jails = [jail for jail in snapshot.bans if only.jail is None or jail.jail == only.jail]
    lists = [_matching(jail, only.text) for jail in jails]
    matching = sum(map(len, lists))
    if older_than is not None:
        starts = [bisect_right(bans, _order(older_than), key=_order) for bans in lists]
    elif newer_than is not None:
        starts = _page_starts_before(lists, newer_than, size)
    else:
        starts = [0] * len(lists)
    before = sum(starts)
    tails = [islice(bans, start, start + size) for bans, start in zip(lists, starts, strict=True)]
    page = tuple(islice(merge(*tails, key=_order), size))
    return BanWindow(
        bans=page,
        before=before,
        matching=matching,
        newer=_position(page[0]) if page and before else None,
        older=_position(page[-1]) if before + len(page) < matching else None,
        unlisted=tuple(jail for jail in jails if not jail.complete),
    )


def _order(place: Ban | BanPosition) -> tuple[float, str, str]:
    """Newest first; bans of the same second by id, as `domain.bans.newest_first` has them, then by jail."""
    return (-place.banned_at.timestamp(), place.id, place.jail)


def _position(ban: Ban) -> BanPosition:
    return BanPosition(ban.banned_at, ban.id, ban.jail)


def _matching(jail: JailBans, text: str) -> Sequence[Ban]:
    needle = text.casefold()
    if not needle or needle in jail.jail.casefold():
        return jail.bans
    return [ban for ban in jail.bans if needle in ban.id.casefold()]


def _page_starts_before(lists: Sequence[Sequence[Ban]], edge: BanPosition, size: int) -> list[int]:
    """Return, for each list, where the page of `size` rows just before `edge` begins."""
    starts = [bisect_left(bans, _order(edge), key=_order) for bans in lists]
    behind = [
        [(_order(bans[row]), which) for row in range(end - 1, max(end - size, 0) - 1, -1)]
        for which, (bans, end) in enumerate(zip(lists, starts, strict=True))
    ]
    for _, which in islice(merge(*behind, reverse=True), size):
        starts[which] -= 1
    return starts
