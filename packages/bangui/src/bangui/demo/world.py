"""Who takes part in the demo: attackers out of a few busy networks, and the people who work on the server.

All of it is drawn from one `random.Random`, so the same seed gives the same world.
"""

from __future__ import annotations

import ipaddress
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

from bangui.demo.names import COMMON, EXTENSIONS, HOSTILE, MAILBOXES, STAFF
from bangui.demo.networks import Network, ipv4_networks, ipv6_networks
from bangui.demo.programs import IPV4_ONLY

# Few networks attack most: the weight of the n-th one is 1 / n^s (Zipf's law).
_STEEPNESS = 1.1
_IPV6_SHARE = 0.12
_HOSTILE_SHARE = 0.06
_CHANGE_SHARE = 0.3
_STAFF_COUNTRIES = frozenset({"DE", "AT", "CH", "NL", "GB"})
_TARGETS = {
    "sshd": 38,
    "nginx-botsearch": 15,
    "postfix-sasl": 12,
    "nginx-http-auth": 8,
    "postfix": 6,
    "dovecot": 6,
    "vsftpd": 4,
    "apache-auth": 4,
    "asterisk": 4,
    "nginx-limit-req": 3,
    "mysqld-auth": 2,
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works on the server: the name, and the address at home."""

    name: str
    address: str


@dataclass(slots=True)
class Attacker:
    """One attacking address, what it is after, and how it has fared."""

    address: str
    jail: str
    persistence: float
    """The chance that it comes back after a ban."""
    bans: list[float] = field(default_factory=list)
    """When its latest bans began."""


class World:
    """Draws attackers, names and addresses; holds the people."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._ipv4, self._ipv4_weights = _weighted(ipv4_networks())
        self._ipv6, self._ipv6_weights = _weighted(ipv6_networks())
        home = [network for network in self._ipv4 if network.country in _STAFF_COUNTRIES]
        self.staff = tuple(Person(name, _host(rng, rng.choice(home))) for name in STAFF)
        self._taken = {person.address for person in self.staff}

    def attacker(self, jail: str | None = None) -> Attacker:
        """Somebody new, after `jail` or after what attackers are usually after."""
        target = jail or self._target()
        persistence = self.rng.choices((0.1, 0.4, 0.82), (62, 28, 10))[0]
        return Attacker(self.address(ipv4=target in IPV4_ONLY), target, persistence)

    def reconsider(self, attacker: Attacker) -> None:
        """Let an attacker that failed try another door now and then."""
        target = self._target()
        if self.rng.random() < _CHANGE_SHARE and (":" not in attacker.address or target not in IPV4_ONLY):
            attacker.jail = target

    def address(self, *, ipv4: bool = False) -> str:
        """An address that nobody of the staff has."""
        if not ipv4 and self.rng.random() < _IPV6_SHARE:
            return self.addresses_of_one_ipv6_network(1)[0]
        while True:
            network = self.rng.choices(self._ipv4, cum_weights=self._ipv4_weights)[0]
            address = _host(self.rng, network)
            if address not in self._taken:
                return address

    def addresses_of_one_ipv6_network(self, count: int) -> list[str]:
        """Addresses of one /64, as one rented server has it."""
        prefix = self.rng.choices(self._ipv6, cum_weights=self._ipv6_weights)[0].prefix
        # Servers are numbered from below: the upper half of the network part is small.
        subnet = self.rng.randrange(2 ** max(0, min(16, 64 - prefix.prefixlen))) << 64
        first = int(prefix.network_address) + subnet
        return [str(ipaddress.IPv6Address(first + self.rng.randrange(1, 2**64))) for _ in range(count)]

    def user(self, jail: str) -> str:
        """A name that an attacker tries there."""
        if self.rng.random() < _HOSTILE_SHARE:
            return self.rng.choice(HOSTILE)
        if jail == "asterisk":
            return self.rng.choice(EXTENSIONS)
        return self.rng.choice(MAILBOXES if jail in {"dovecot", "postfix"} else COMMON)

    def _target(self) -> str:
        return self.rng.choices(list(_TARGETS), list(_TARGETS.values()))[0]

    def gap(self, mean: float) -> float:
        """A time until the next of things that happen at random, in seconds."""
        return self.rng.expovariate(1 / mean)


def _weighted(networks: Iterable[Network]) -> tuple[list[Network], list[float]]:
    ordered = list(networks)
    return ordered, list(accumulate(1 / rank**_STEEPNESS for rank in range(1, len(ordered) + 1)))


def _host(rng: random.Random, network: Network) -> str:
    """An address of the network that looks like a host's: not the first and not the last of its /24."""
    address = int(network.prefix.network_address) + rng.randrange(network.prefix.num_addresses)
    return str(ipaddress.IPv4Address((address & ~0xFF) | rng.randrange(1, 255)))
