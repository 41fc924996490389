"""What happens to the demo's server, as an endless stream of log lines with their times.

Pure: the same seed gives the same stream. Nothing here knows the daemon; an attacker's silence while it is banned is
modelled from the jails' settings, as a firewall would drop what it sends.

One heap holds what is still to come, lines and plans, by time. A plan that comes up is unfolded into lines and further
plans. Every plan that starts others starts fewer than one on average or is the only one of its kind, so the heap, and
the number of bans at a time, stay bounded however long the demo runs.
"""

from __future__ import annotations

import heapq
import random
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from bangui.demo.jails import JAILS, RECIDIVE
from bangui.demo.logs import Line, Log, LogEvent
from bangui.demo.programs import ATTEMPTS, dovecot_person, nginx_page, sshd_person, sshd_unknown_user
from bangui.demo.world import Attacker, Person, World

# The stream begins before the demo, so that the first page shows a server at work: some 15 to 40 bans.
WARM_UP_SECONDS = 240.0
_NEW_ATTACKER_SECONDS = 9.0
_WAVE_SECONDS = 780.0
_IPV6_SWEEP_SECONDS = 420.0
_SLOW_BOTS = 48
# Each of the slow ones returns after more than any `findtime`, so that no count of one address is ever complete.
_SLOW_ROUND_SECONDS = 1200.0
# The staff's visits lie so far apart that the mistakes of two of them are never counted together.
_VISIT_SECONDS = (900.0, 2400.0)
_OWNER_SECONDS = 1200.0
_VISITOR_SECONDS = 6.0

_JAILS = {jail.name: jail for jail in JAILS}

Later = tuple[float, "Line | Plan"]


class Plan(ABC):
    """Something that is going to happen."""

    @abstractmethod
    def unfold(self, at: float, world: World) -> Iterable[Later]:
        """What it leads to, each with its time."""


def traffic(seed: int, owner: Sequence[str]) -> Iterator[LogEvent]:
    """All lines in the order of their times, from `-WARM_UP_SECONDS` on; 0 is the start of the demo. Never ends."""
    world = World(random.Random(seed))
    numbers = count()  # equal times keep their order
    heap: list[tuple[float, int, Line | Plan]] = []

    def push(at: float, item: Line | Plan) -> None:
        heapq.heappush(heap, (at, next(numbers), item))

    for at, plan in _beginnings(world, owner):
        push(at - WARM_UP_SECONDS, plan)
    while True:
        at, _, item = heapq.heappop(heap)
        if isinstance(item, Line):
            yield LogEvent(at, item)
        else:
            for later, further in item.unfold(at, world):
                push(later, further)


def _beginnings(world: World, owner: Sequence[str]) -> Iterator[tuple[float, Plan]]:
    yield 0.0, _Arrivals()
    yield 60.0, _Ipv6Sweep()
    yield WARM_UP_SECONDS + 20.0, _Wave()
    yield 0.0, _Visitors()
    bots = [world.address() for _ in range(_SLOW_BOTS)]
    for index, address in enumerate(bots):
        yield index * _SLOW_ROUND_SECONDS / _SLOW_BOTS, _SlowBot(address)
    for index, person in enumerate(world.staff):
        # The first ones come while somebody still looks at the first page.
        yield world.rng.uniform(30, 60) * (index + 1), _Visits(person)
    for address in owner:
        yield WARM_UP_SECONDS - 20.0, _ForgetfulOwner(address)


@dataclass(frozen=True, slots=True)
class _Arrivals(Plan):
    """New attackers, one now and then."""

    def unfold(self, at: float, world: World) -> Iterable[Later]:
        yield at, _Attack(world.attacker())
        yield at + world.gap(_NEW_ATTACKER_SECONDS), self


@dataclass(frozen=True, slots=True)
class _Attack(Plan):
    """An attacker tries until it is banned, and a little longer; then it may wait for the end of the ban."""

    attacker: Attacker

    def unfold(self, at: float, world: World) -> Iterable[Later]:
        attacker, rng = self.attacker, world.rng
        jail = _JAILS[attacker.jail]
        pace = rng.uniform(0.15, 1.6)
        # Every attempt is a failure at least once; a few more are on their way when the ban comes.
        for _ in range(jail.maxretry + rng.randrange(3)):
            yield from _attempt(at, attacker, world)
            at += pace * rng.uniform(0.5, 1.5)
        if rng.random() < attacker.persistence:
            yield self._return(at, world), self

    def _return(self, banned_at: float, world: World) -> float:
        attacker = self.attacker
        silence = float(_JAILS[attacker.jail].ban_seconds(len(attacker.bans)))
        recent = [moment for moment in attacker.bans if moment > banned_at - RECIDIVE.findtime]
        attacker.bans = [*recent, banned_at]
        if len(attacker.bans) >= RECIDIVE.maxretry:
            silence = float(RECIDIVE.bantime)
        world.reconsider(attacker)
        return banned_at + silence * world.rng.uniform(1.02, 1.3) + world.gap(60.0)


@dataclass(frozen=True, slots=True)
class _Wave(Plan):
    """A botnet: many addresses, all over the world, at the same door within seconds."""

    def unfold(self, at: float, world: World) -> Iterable[Later]:
        jail = world.rng.choice(("sshd", "sshd", "postfix-sasl", "nginx-http-auth"))
        for _ in range(world.rng.randrange(8, 14)):
            bot = world.attacker(jail)
            bot.persistence = 0.1
            yield at + world.rng.uniform(0, 20), _Attack(bot)
        yield at + _WAVE_SECONDS * world.rng.uniform(0.7, 1.3), self


@dataclass(frozen=True, slots=True)
class _Ipv6Sweep(Plan):
    """One server with a /64 of its own: banned, it goes on from the next address."""

    def unfold(self, at: float, world: World) -> Iterable[Later]:
        jail = world.rng.choice(("sshd", "nginx-http-auth", "dovecot"))
        for index, address in enumerate(world.addresses_of_one_ipv6_network(world.rng.randrange(3, 7))):
            yield at + index * 12.0, _Attack(Attacker(address, jail, persistence=0.0))
        yield at + _IPV6_SWEEP_SECONDS * world.rng.uniform(0.7, 1.3), self


@dataclass(frozen=True, slots=True)
class _SlowBot(Plan):
    """One of many that share the work: a single attempt, then silence for longer than anybody counts."""

    address: str

    def unfold(self, at: float, world: World) -> Iterable[Later]:
        for line in sshd_unknown_user(world.rng, self.address, world.user("sshd"))[:3]:
            yield at, line
        yield at + _SLOW_ROUND_SECONDS * world.rng.uniform(0.9, 1.1), self


@dataclass(frozen=True, slots=True)
class _Visits(Plan):
    """A person logs in, often after one or two mistakes: never enough of them for a ban."""

    person: Person

    def unfold(self, at: float, world: World) -> Iterable[Later]:
        mistakes = world.rng.choices((0, 1, 2), (5, 3, 2))[0]
        visit = world.rng.choice((sshd_person, dovecot_person))
        for index, line in enumerate(visit(world.rng, self.person.address, self.person.name, mistakes)):
            yield at + index * 4.0, line
        yield at + world.rng.uniform(*_VISIT_SECONDS), self


@dataclass(frozen=True, slots=True)
class _ForgetfulOwner(Plan):
    """The owner of the server fails again and again, and is let in all the same: the address is in `ignoreip`."""

    address: str

    def unfold(self, at: float, world: World) -> Iterable[Later]:
        for index, line in enumerate(sshd_person(world.rng, self.address, "owner", 6)):
            yield at + index * 3.0, line
        yield at + _OWNER_SECONDS, self


@dataclass(frozen=True, slots=True)
class _Visitors(Plan):
    """What a server logs all day: pages read, tasks run."""

    def unfold(self, at: float, world: World) -> Iterable[Later]:
        yield at, nginx_page(world.rng, world.address(ipv4=True))
        if world.rng.random() < 0.1:
            text = (
                f" atlas CRON[{world.rng.randrange(1000, 99999)}]: pam_unix(cron:session): session opened for user root"
            )
            yield at, Line(Log.AUTH, f"{text}(uid=0) by (uid=0)")
        yield at + world.gap(_VISITOR_SECONDS), self


def _attempt(at: float, attacker: Attacker, world: World) -> Iterator[Later]:
    write = world.rng.choice(ATTEMPTS[attacker.jail])
    for line in write(world.rng, attacker.address, world.user(attacker.jail)):
        yield at, line
