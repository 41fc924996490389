"""Unbans of which it is not yet known whether they are any.

fail2ban 0.11 to 1.1.0 writes `[J] Unban ID` also when the jail stops, for bans that it restores later. What comes
before and after tells which it was; the lines of one stop, as the daemons write them:

    stop J, restart J, reload --restart J,    Removed logfile: '...' (where the jail reads files)
    a reload that drops J                     [J] Unban 203.0.113.1, for every ban
                                              Jail 'J' stopped
    shutdown, stop --all, reload --restart    Stopping all jails
                                              Removed logfile: '...' and [J] Unban ..., in any order
                                              Jail 'J' stopped
    unban, unban --all, reload --unban,       [J] Unban 203.0.113.1, and nothing that belongs to it
    a ban that is over
    reload --restart --unban J                [J] Unban ...
                                              Removed logfile: '...'
                                              Jail 'J' stopped

An action with `actionflush` changes nothing in that: `[J] Flush ticket(s) with A` comes before them, in all cases.

So an unban is held until one of these comes, and they decide for all that are held:

    `Jail 'J' stopped` makes those of J suspended bans,
    `Removed logfile`, an event of J that a stopping jail does not have, or `GAP` without any of them makes them unbans.

`GAP` is counted in the log's own time, so that the same log gives the same answer whenever it is read.

What cannot be told apart: a ban that was over in the very second in which its jail stopped counts as suspended (its end
cannot be computed, because every later failure moves it silently); so does one that was lifted less than `GAP` before
the stop of a jail that reads the journal; and where the log level leaves out INFO every unban counts as one, unless the
daemon is back, with another process id, within `GAP`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

GAP = 3_000
"""An action for one id takes some 10 ms, and stopping the actions of a jail some 100 ms; milliseconds."""
GAP_IN_RELOAD = 60_000
"""While a reload runs nothing else happens, however slow the actions are; milliseconds."""
MOST = 2_000
"""So many unbans are held in all jails together: they are part of the cursor."""
LONGEST_ID = 512
"""An id that is longer is not held, for the same reason; no address is half as long."""


class HeldUnban(NamedTuple):
    """An unban that is held: the id, when it was written, and its ordinal."""

    id: str
    time: int
    ordinal: int


class HeldUnbans:
    """The unbans that are held, by jail, in their order."""

    def __init__(self, dumped: object = None) -> None:
        self._jails: dict[str, list[HeldUnban]] = {}
        if isinstance(dumped, Mapping):
            for jail, unbans in dumped.items():
                if isinstance(unbans, list) and unbans:
                    self._jails[str(jail)] = [load_unban(one) for one in unbans]
        self._count = sum(map(len, self._jails.values()))

    def __bool__(self) -> bool:
        return bool(self._jails)

    @property
    def newest(self) -> int:
        """When the last of them was written."""
        return max((unbans[-1].time for unbans in self._jails.values()), default=0)

    def hold(self, jail: str, unban: HeldUnban) -> HeldUnban | None:
        """Hold an unban; return the one that has to go for it, the oldest of the same jail or itself."""
        if len(unban.id) > LONGEST_ID:
            return unban
        unbans = self._jails.setdefault(jail, [])
        unbans.append(unban)
        self._count += 1
        if self._count <= MOST:
            return None
        self._count -= 1
        dropped = unbans.pop(0)
        if not unbans:
            del self._jails[jail]
        return dropped

    def take(self, jail: str) -> list[HeldUnban]:
        """Give back those of a jail."""
        unbans = self._jails.pop(jail, [])
        self._count -= len(unbans)
        return unbans

    def take_older(self, time: int) -> Iterator[tuple[str, HeldUnban]]:
        """Give back those of each jail whose last one is older."""
        for jail in [jail for jail, unbans in self._jails.items() if unbans[-1].time < time]:
            for unban in self.take(jail):
                yield jail, unban

    def take_all(self) -> Iterator[tuple[str, HeldUnban]]:
        """Give back all."""
        for jail in list(self._jails):
            for unban in self.take(jail):
                yield jail, unban

    def dump(self) -> dict[str, list[list[object]]]:
        """Return all of it as what JSON can hold."""
        return {jail: [list(unban) for unban in unbans] for jail, unbans in self._jails.items()}


def load_unban(values: object) -> HeldUnban:
    """Return what was dumped as what it was, or raise `ValueError`."""
    match values:
        case [str(id), int(time), int(ordinal)]:
            return HeldUnban(id, time, ordinal)
        case _:
            raise ValueError("a cursor holds an unban that is none")
