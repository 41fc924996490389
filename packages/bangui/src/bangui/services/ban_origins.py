"""Who asked for the bans in force, where it was not a jail itself: fail2ban does not know it, the history does.

The history is asked for nothing but the bans that somebody asked for, which have an index of their own: for all of them
now and then, in between only for what is new. A ban in force is the one of the history that began when it did.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol, TypeVar

from bangui.domain.bans import Ban
from bangui.domain.history import Event, EventKind, Origin
from bangui.domain.history_ports import HistoryReader, StoreError
from bangui.domain.history_queries import LARGEST_PAGE, Filter, Search
from bangui.domain.kept_ids import kept_id

T = TypeVar("T")

BY_SOMEBODY = (Origin.HAND, Origin.IMPORT, Origin.BANGUI)
_SECONDS_KEPT = 2.0
# A long reading, of many bans by hand, is done more rarely: it shall not take more than this share of the time.
_MOST_SHARE = 0.05
_SECONDS_BETWEEN_WHOLE = 600.0
# A note finds its ban within a minute, and a source may tell of a ban a little later than another.
_LOOK_BACK = 180_000
# The history has the time of the failure that led to a ban, the daemon that of the ban.
_SAME_BAN = 90.0
_MOST_PAGES = 200


class HistoryAsker(Protocol):
    """Asks the history, in a thread."""

    def ask(self, question: Callable[[HistoryReader], T]) -> Awaitable[T]:
        """Return the answer to a question; raises `StoreError`."""
        ...


@dataclass(frozen=True, slots=True)
class AskedBan:
    """What is known of a ban that somebody asked for; `author` and `reason` are hostile. `time` is in milliseconds."""

    origin: Origin
    time: int
    author: str = ""
    reason: str = ""


class Origins:
    """What the history knew at a moment: the newest ban of each id in each jail that somebody asked for."""

    def __init__(self, asked: Mapping[tuple[str, str], AskedBan]) -> None:
        self._asked = asked

    def of(self, ban: Ban) -> Origin:
        """Return who asked for a ban in force."""
        found = self.asked(ban)
        return found.origin if found else Origin.FILTER

    def asked(self, ban: Ban) -> AskedBan | None:
        """Return what is known of a ban in force that somebody asked for; None for one of the jail itself."""
        found = self._asked.get((ban.jail, kept_id(ban.id)))
        is_it = found is not None and abs(found.time / 1000 - ban.banned_at.timestamp()) <= _SAME_BAN
        return found if is_it else None


class BanOrigins:
    """Reads the origins when somebody wants them, and not more often than every few seconds.

    Nobody waits long for them: a reading that takes its time goes on in its thread, and whoever asks next has what it
    found. Who needs them to know which bans are meant waits for `patience` seconds, who only shows them for `glance`.
    """

    def __init__(
        self,
        history: HistoryAsker,
        clock: Callable[[], float] = time.monotonic,
        *,
        patience: float = 1.0,
        glance: float = 0.25,
    ) -> None:
        self._history = history
        self._clock = clock
        self._patience = patience
        self._glance = glance
        self._seconds_kept = _SECONDS_KEPT
        self._known: Origins | None = None
        self._asked: Mapping[tuple[str, str], AskedBan] = {}
        self._newest = 0
        self._is_reading = False
        self._read_at: float | None = None
        self._read_whole_at: float | None = None

    async def read(self, *, is_needed: bool) -> Origins | None:
        """Return the origins; None where the history cannot tell. The same object as long as nothing is new."""
        now = self._clock()
        if self._is_reading or (self._read_at is not None and now < self._read_at + self._seconds_kept):
            return self._known
        self._read_at = now
        try:
            async with asyncio.timeout(self._patience if is_needed else self._glance):
                await self._history.ask(self._look)
        except StoreError:
            self._known = self._read_whole_at = None
        except TimeoutError:
            pass
        return self._known

    def _look(self, reader: HistoryReader) -> None:
        """Read what is new, or everything; in a thread."""
        self._is_reading = True
        try:
            now = self._clock()
            is_whole = self._read_whole_at is None or now >= self._read_whole_at + _SECONDS_BETWEEN_WHOLE
            found = _read(reader, None if is_whole else self._newest - _LOOK_BACK)
            asked = found if is_whole else {**self._asked, **found}
            if self._known is None or asked != self._asked:
                self._newest = max((one.time for one in asked.values()), default=0)
                self._asked = asked
                self._known = Origins(MappingProxyType(asked))
            self._read_whole_at = now if is_whole else self._read_whole_at
        finally:
            self._seconds_kept = max(_SECONDS_KEPT, (self._clock() - now) / _MOST_SHARE)
            self._is_reading = False


def _read(reader: HistoryReader, since: int | None) -> dict[tuple[str, str], AskedBan]:
    found: dict[tuple[str, str], AskedBan] = {}
    after = None
    for _ in range(_MOST_PAGES):
        only = Filter(since=since, kinds=(EventKind.BAN,), origins=BY_SOMEBODY)
        page = reader.search(Search(only, limit=LARGEST_PAGE, after=after))
        for event in page.events:
            found.setdefault((event.jail, event.id), _asked(event))
        after = page.next
        if after is None:
            break
    return found


def _asked(event: Event) -> AskedBan:
    return AskedBan(event.origin, event.time, event.author or "", event.reason or "")
