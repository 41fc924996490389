"""What happens, day by day: failures, bans and what follows from them, in the order of their times.

A visitor comes, fails as often as its jail allows, is banned, and is let in again when its ban is over; who was banned
before is banned for longer in some jails. Nobody fails while banned. Days and nights differ, and some days see three
times as much as others. About 75 % of the events are failures and 15 % bans.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

from bangui.domain.history import EventKind, Origin, Source
from bench.history.world import SEED, Visitor, make_visitors

HOST = "server"
DAY = 86_400
START = 1_732_492_800
"""When the first day begins: 2024-11-25, as Unix time."""
_PER_VISITOR = 16
_NIGHT = 0.6
_RARE = (
    (EventKind.RESTORE, 0.03),
    (EventKind.REPEAL, 0.03),
    (EventKind.ALREADY_BANNED, 0.02),
    (EventKind.PROLONG, 0.01),
    (EventKind.IGNORED, 0.002),
    (EventKind.REBAN, 0.0005),
)
_BOTH = Source.DATABASE | Source.LOG


@dataclass(frozen=True, slots=True)
class JailModel:
    """A jail: its share of the attacks, how many failures it allows, how long it bans (s), and whether ever longer."""

    name: str
    share: float
    max_retry: int
    ban_time: int
    grows: bool = False


JAILS = (
    JailModel("sshd", 0.58, 5, 600, grows=True),
    JailModel("postfix-sasl", 0.16, 5, 3_600),
    JailModel("dovecot", 0.09, 5, 600),
    JailModel("nginx-http-auth", 0.06, 4, 1_800),
    JailModel("nginx-botsearch", 0.05, 3, 86_400),
    JailModel("proftpd", 0.03, 6, 600),
    JailModel("recidive", 0.02, 5, 604_800),
    JailModel("asterisk", 0.01, 8, 3_600, grows=True),
)
_REACH = list(accumulate(jail.share for jail in JAILS))


class Happening(NamedTuple):
    """One event: the places of its jail in `JAILS` and of its visitor in the world; times are milliseconds.

    `logged` is how much later it was logged, `times` the how manieth ban of the visitor it is.
    """

    time: int
    visitor: int
    jail: int
    kind: EventKind
    ordinal: int = 0
    origin: Origin = Origin.FILTER
    source: Source = Source.LOG
    logged: int = 0
    duration: int | None = None
    times: int | None = None
    failures: int | None = None


class Attacks:
    """So many days with about so many events; go through the days once, in order."""

    def __init__(self, events: int, days: int, seed: int = SEED) -> None:
        self.visitors: list[Visitor] = make_visitors(max(50, events // _PER_VISITOR), days, seed)
        self._days = days
        self._events = events
        self._chance = random.Random(seed + 1)
        self._later: dict[int, list[Happening]] = defaultdict(list)
        self._busy: dict[tuple[int, int], int] = {}
        self._bans: dict[tuple[int, int], int] = defaultdict(int)

    def __iter__(self) -> Iterator[list[Happening]]:
        """Yield what happened on each day, in the order of time."""
        starting: dict[int, list[int]] = defaultdict(list)
        for number, visitor in enumerate(self.visitors):
            starting[visitor.first].append(number)
        active: list[int] = []
        for day, volume in enumerate(self._volumes()):
            active = [number for number in active if self.visitors[number].last >= day] + starting[day]
            yield self._day(day, active, round(volume))

    def _volumes(self) -> list[float]:
        """How many events each day sees."""
        chance = self._chance
        waves = [
            (1 + 0.25 * math.sin(day / 58) + 0.1 * math.sin(day * 0.9))
            * (chance.choice((2, 3)) if chance.random() < 0.04 else 1)
            for day in range(self._days)
        ]
        return [wave * self._events / sum(waves) for wave in waves]

    def _day(self, day: int, active: list[int], events: int) -> list[Happening]:
        chance, start = self._chance, START + day * DAY
        happened = self._later.pop(day, [])
        reach = list(accumulate(self.visitors[number].daily_weight for number in active))
        while active and len(happened) < events:
            # Some find themselves banned, so a few rounds may be needed.
            for visitor in chance.choices(active, cum_weights=reach, k=1 + (events - len(happened)) // 7):
                # More by night, where most of them come from.
                at = chance.random() * _NIGHT if chance.random() < 0.72 else _NIGHT + chance.random() * (1 - _NIGHT)
                self._attack(happened, visitor, start + int(DAY * at), start + DAY - 60)
        happened.sort(key=itemgetter(0))
        return happened

    def _attack(self, happened: list[Happening], visitor: int, second: int, latest: int) -> None:
        """Add the failures of one visit, and the ban that they lead to."""
        chance = self._chance
        # Most come back to the same jail.
        draw = (visitor * 0.618034) % 1.0 if chance.random() < 0.8 else chance.random()
        jail = min(bisect_left(_REACH, draw), len(JAILS) - 1)
        second = max(second, self._busy.get((visitor, jail), 0) + 2)
        if second > latest:
            return
        most = JAILS[jail].max_retry
        failures = most if chance.random() < 0.93 else chance.randrange(1, most)
        ordinal = 0
        for number in range(failures):
            gap = int(chance.random() * 4) if number else 1
            second += gap
            ordinal = 0 if gap else ordinal + 1
            logged = 3 + int(chance.random() * 900)
            happened.append(Happening(second * 1000, visitor, jail, EventKind.FAILURE, ordinal, logged=logged))
        self._busy[visitor, jail] = second
        if failures == most:
            self._ban(happened, visitor, jail, second)

    def _ban(self, happened: list[Happening], visitor: int, jail: int, second: int) -> None:
        chance, model = self._chance, JAILS[jail]
        self._bans[visitor, jail] += 1
        count = self._bans[visitor, jail]
        duration = model.ban_time * (2 ** min(count - 1, 4) if model.grows else 1)
        draw = chance.random()
        origin = Origin.FILTER if draw > 0.004 else Origin.HAND if draw > 0.002 else Origin.IMPORT
        logged = 300 + int(chance.random() * 900)
        ban = (second * 1000, visitor, jail, EventKind.BAN, 0, origin, _BOTH, logged, duration, count, model.max_retry)
        happened.append(Happening(*ban))
        self._busy[visitor, jail] = second + duration
        if draw > 0.7:
            # Unbanned while BanGUI was down or by a restart; or something else that is rare.
            self._rarity(happened, visitor, jail, second)
            return
        over = second + duration
        unban = Happening(over * 1000 + 200, visitor, jail, EventKind.UNBAN)
        (happened if over // DAY == second // DAY else self._later[(over - START) // DAY]).append(unban)

    def _rarity(self, happened: list[Happening], visitor: int, jail: int, second: int) -> None:
        draw = self._chance.random()
        for kind, share in _RARE:
            if draw < share:
                happened.append(Happening(second * 1000 + 400, visitor, jail, kind))
                return
            draw -= share
