"""Where an address is: its country and its network, and which addresses can be nowhere.

Only addresses of the public internet have a country and a network. What kind an address is (`scope_of`) comes from a
table of our own, after the two special-purpose registries of IANA: what Python's `ipaddress` calls private or global
differs between its versions. An IPv4 address that travels inside an IPv6 one (mapped, NAT64, 6to4, Teredo) is looked
up as that IPv4 address (`underlying`).

Countries and networks come from tables that others publish. They are guesses, and whoever shows them shows their
`DataSource` too: most licences demand it.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Protocol

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Network:
    """An autonomous system: its number, and the name that a registry knows it by.

    The name is text from outside: any characters, and empty where there is none.
    """

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address is; None where nobody knows, or where there is nothing to know.

    `country` is an ISO 3166-1 alpha-2 code in upper case.
    """

    country: str | None
    network: Network | None


NOWHERE = Place(None, None)


@dataclass(frozen=True, slots=True)
class DataSource:
    """Which table the countries or the networks come from, as it has to be shown next to them.

    `what` is "country" or "network". `date` is an ISO date, or the version of the data where it has no date.
    """

    what: str
    name: str
    date: str
    licence: str
    credit: str


@dataclass(frozen=True, slots=True)
class ReplacedData:
    """What new data is now in use: its sources, how many ranges it has, and what should be known about it."""

    sources: tuple[DataSource, ...]
    ranges: int
    notes: tuple[str, ...]


class PlaceFinder(Protocol):
    """Finds places without asking anybody outside this machine."""

    def find(self, network: IPNetwork) -> Place:
        """Return where a network (or a single address, a network of one) is; never raises.

        A network that lies in several places at once has only what these places have in common.
        """
        ...

    def sources(self) -> tuple[DataSource, ...]:
        """Return where the answers come from, in the order in which they are asked."""
        ...


class AddressScope(Enum):
    """What kind of address it is; only a global one is somewhere."""

    GLOBAL = "global"
    PRIVATE = "private"
    SHARED = "shared"
    """Between a provider and its customers (carrier-grade NAT)."""
    LOOPBACK = "loopback"
    LINK_LOCAL = "link-local"
    MULTICAST = "multicast"
    DOCUMENTATION = "documentation"
    UNSPECIFIED = "unspecified"
    RESERVED = "reserved"


def scope_of(address: IPAddress) -> AddressScope:
    """Return what kind of address this is; that of the IPv4 address where one travels inside."""
    version, number = address.version, int(address)
    if version == 6 and (inner := _ipv4_in(number, 128)):
        version, number = 4, inner[0]
    starts, scopes = _scopes(version)
    return scopes[bisect_right(starts, number) - 1]


def is_global(network: IPNetwork) -> bool:
    """Whether the network begins on the public internet, so that it can have a country and a network."""
    return scope_of(network.network_address) is AddressScope.GLOBAL


def underlying(network: IPNetwork) -> IPNetwork:
    """Return the IPv4 network that an IPv6 one stands for, and any other network as it is.

    A Teredo address holds its IPv4 address (inverted) at its end, so only a single one stands for something.
    """
    if isinstance(network, IPv4Network):
        return network
    inner = _ipv4_in(int(network.network_address), network.prefixlen)
    return IPv4Network(inner) if inner else network


def _ipv4_in(first: int, length: int) -> tuple[int, int] | None:
    """Return the first address and the length of the IPv4 network in an IPv6 one, None where there is none."""
    head = first >> 96
    if head in _HEADS_BEFORE_IPV4 and first >> 32 in _BEFORE_IPV4 and length >= 96:
        return first & _LAST_32, length - 96
    if head >> 16 == _6TO4 and length >= 16:
        return first >> 80 & _LAST_32, min(length - 16, 32)
    if head == _TEREDO and length == 128:
        return ~first & _LAST_32, 32
    return None


_LAST_32 = 0xFFFF_FFFF
# The first 96 bits of ::ffff:0:0/96 (mapped) and 64:ff9b::/96 (NAT64), and the first 32 of these.
_BEFORE_IPV4 = frozenset({0xFFFF, 0x0064_FF9B << 64})
_HEADS_BEFORE_IPV4 = frozenset(bits >> 64 for bits in _BEFORE_IPV4)
_6TO4 = 0x2002
_TEREDO = 0x2001_0000

# A longer prefix overrides a shorter one around it.
_SPECIAL: tuple[tuple[str, AddressScope], ...] = (
    ("0.0.0.0/0", AddressScope.GLOBAL),
    ("0.0.0.0/8", AddressScope.UNSPECIFIED),
    ("10.0.0.0/8", AddressScope.PRIVATE),
    ("100.64.0.0/10", AddressScope.SHARED),
    ("127.0.0.0/8", AddressScope.LOOPBACK),
    ("169.254.0.0/16", AddressScope.LINK_LOCAL),
    ("172.16.0.0/12", AddressScope.PRIVATE),
    ("192.0.0.0/24", AddressScope.RESERVED),
    ("192.0.2.0/24", AddressScope.DOCUMENTATION),
    ("192.168.0.0/16", AddressScope.PRIVATE),
    ("198.18.0.0/15", AddressScope.RESERVED),
    ("198.51.100.0/24", AddressScope.DOCUMENTATION),
    ("203.0.113.0/24", AddressScope.DOCUMENTATION),
    ("224.0.0.0/4", AddressScope.MULTICAST),
    ("240.0.0.0/4", AddressScope.RESERVED),
    ("::/0", AddressScope.RESERVED),
    ("::/128", AddressScope.UNSPECIFIED),
    ("::1/128", AddressScope.LOOPBACK),
    ("64:ff9b:1::/48", AddressScope.PRIVATE),
    ("2000::/3", AddressScope.GLOBAL),
    ("2001::/23", AddressScope.RESERVED),
    ("2001:3::/32", AddressScope.GLOBAL),
    ("2001:4:112::/48", AddressScope.GLOBAL),
    ("2001:db8::/32", AddressScope.DOCUMENTATION),
    ("3fff::/20", AddressScope.DOCUMENTATION),
    ("fc00::/7", AddressScope.PRIVATE),
    ("fe80::/10", AddressScope.LINK_LOCAL),
    ("fec0::/10", AddressScope.PRIVATE),
    ("ff00::/8", AddressScope.MULTICAST),
)


@cache
def _scopes(version: int) -> tuple[list[int], list[AddressScope]]:
    """Return where each stretch of one family begins, and what its addresses are."""
    special = [(net, scope) for text, scope in _SPECIAL if (net := ip_network(text)).version == version]
    special.sort(key=lambda entry: entry[0].prefixlen)
    edges = {int(net.network_address) for net, _ in special}
    edges |= {int(net.broadcast_address) + 1 for net, _ in special if net.prefixlen}
    starts = sorted(edges)
    if starts[-1] >> special[0][0].max_prefixlen:
        starts.pop()
    return starts, [_scope_at(start, special) for start in starts]


def _scope_at(start: int, special: list[tuple[IPNetwork, AddressScope]]) -> AddressScope:
    found = AddressScope.RESERVED
    for net, scope in special:
        if int(net.network_address) <= start <= int(net.broadcast_address):
            found = scope
    return found
