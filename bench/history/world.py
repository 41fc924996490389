"""Who attacks: networks, countries, addresses, and when each address is active.

Few networks hold most of the addresses and few addresses do most of the work (both after Zipf), as in every log of a
server that is on the internet. Most addresses come for a day or two and never again; the busiest come all year. The
same seed and size give the same world.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from itertools import accumulate

SEED = 20_261_125
_CODES = (
    "CN US RU IN BR VN ID DE NL FR KR GB SG HK TW UA IR TH TR PL IT MX AR JP CA RO BG PK BD EG ZA ES SE PH MY CO "
    "CL PE EC VE KZ CZ HU GR PT CH AT BE DK NO FI IE IL SA AE IQ JO LB MA DZ TN NG KE GH TZ UG ET CM CI SN AO MZ "
    "ZM ZW MG NP LK MM KH LA MN UZ KG TJ TM AZ GE AM BY MD LT LV EE RS HR SI SK BA MK AL ME XK CY MT IS LU MC LI"
)
COUNTRIES = tuple(_CODES.split())
# Address by address, these shares are what fail2ban meets.
_SHARE_TEXT = 0.002
_SHARE_PRIVATE = 0.005
_SHARE_NETWORK = 0.9195
_SHARE_IPV4 = 0.92


@dataclass(frozen=True, slots=True)
class Visitor:
    """An id: where it is, how often it attacks in all, and on which days (`first` to `last`)."""

    id: str
    country: str | None
    network: int | None
    weight: float
    first: int
    last: int

    @property
    def daily_weight(self) -> float:
        """How likely an attack of a day is one of this visitor's; a short visit is a busy one."""
        return self.weight / math.pow(self.last - self.first + 1, 0.8)


@dataclass(frozen=True, slots=True)
class _System:
    """An autonomous system: its countries (the first holds most), and the subnets that attacks come from.

    `subnets` are the first 24 bits of IPv4 addresses, `long_subnets` the first 48 of IPv6 addresses.
    """

    number: int
    countries: tuple[str, ...]
    subnets: tuple[int, ...]
    long_subnets: tuple[int, ...]

    def country(self, subnet: int) -> str:
        """Return the country of a subnet: each lies in one."""
        return self.countries[0 if subnet % 3 else subnet % len(self.countries)]


def make_visitors(count: int, days: int, seed: int = SEED) -> list[Visitor]:
    """Return `count` different ids, the busiest first, who are active within so many days."""
    chance = random.Random(seed)
    systems = _make_systems(chance, max(20, count // 30))
    reach = list(accumulate(1 / (rank + 3) for rank in range(len(systems))))
    visitors: dict[str, Visitor] = {}
    while len(visitors) < count:
        for system in chance.choices(systems, cum_weights=reach, k=count - len(visitors)):
            visitor = _make_visitor(chance, system, _active_days(chance, len(visitors), days, count), len(visitors))
            visitors.setdefault(visitor.id, visitor)
    return list(visitors.values())


def _make_systems(chance: random.Random, count: int) -> list[_System]:
    reach = list(accumulate(1 / (rank + 1.5) for rank in range(len(COUNTRIES))))
    made = []
    for rank, number in enumerate(chance.sample(range(174, 64_000), count)):
        # The large ones are everywhere.
        abroad = 12 if rank % 5 == 0 else 0
        size = max(2, int(12_000 / (rank + 3) ** 0.8))
        blocks = [chance.randrange(1, 223) << 16 | chance.randrange(256) << 8 for _ in range(1 + size // 160)]
        head = chance.randrange(0x2400, 0x3000) << 32 | chance.randrange(1 << 16) << 16
        made.append(
            _System(
                number,
                tuple(chance.choices(COUNTRIES, cum_weights=reach, k=1 + abroad)),
                tuple({chance.choice(blocks) | chance.randrange(256) for _ in range(size)}),
                tuple(head | part for part in range(max(1, size // 20))),
            )
        )
    return made


def _make_visitor(chance: random.Random, system: _System, days: tuple[int, int], rank: int) -> Visitor:
    weight = 1 / (rank + 12) ** 0.85
    kind = chance.random()
    if kind < _SHARE_TEXT:
        return Visitor(f"user{chance.randrange(10**6)}@host{rank % 97}", None, None, weight, *days)
    if kind < _SHARE_PRIVATE:
        return Visitor(f"10.{rank % 4}.{chance.randrange(256)}.{chance.randrange(1, 255)}", None, None, weight, *days)
    # Within a system as well, few subnets do most.
    place = chance.random() ** 2
    if kind > _SHARE_IPV4:
        subnet = system.long_subnets[int(len(system.long_subnets) * place)]
        rest = chance.randrange(1 << 12) << 64 | chance.getrandbits(chance.choice((8, 64)))
        id = str(IPv6Address(subnet << 80 | rest))
    else:
        subnet = system.subnets[int(len(system.subnets) * place)]
        id = f"{IPv4Address(subnet << 8)}/24" if kind > _SHARE_NETWORK else str(IPv4Address(subnet << 8 | rank & 0xFF))
    return Visitor(id, system.country(subnet), system.number, weight, *days)


def _active_days(chance: random.Random, rank: int, days: int, count: int) -> tuple[int, int]:
    """The busiest tenth of a percent comes all the time, one in fifty for weeks, everybody else for a few days."""
    if rank < count * 0.001:
        length = days * chance.uniform(0.3, 1)
    elif rank < count * 0.01 or chance.random() < 0.02:
        length = days * chance.uniform(0.02, 0.5)
    else:
        length = chance.expovariate(0.4)
    whole = min(int(length), days - 1)
    first = chance.randrange(days - whole)
    return first, first + whole
