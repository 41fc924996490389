"""Which bans would hurt the person who asks for them.

The rules only warn: whoever means it can insist. What must be protected is handed in, because this module looks at
nothing by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from bangui.domain.addresses import Address, IPNetwork

# Wider than what one organisation usually holds: a ban that hits bystanders by the ten thousand.
_WIDEST_IPV4 = 16
_WIDEST_IPV6 = 32

_LOOPBACK: tuple[IPNetwork, ...] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
_UNSPECIFIED: tuple[IPNetwork, ...] = (IPv4Network("0.0.0.0/32"), IPv6Network("::/128"))


@dataclass(frozen=True, slots=True)
class Protected:
    """An address or network that must stay reachable; `because` completes `it is ...`: `your own address`."""

    address: Address
    because: str


def dangers(target: Address, protected: Iterable[Protected] = ()) -> tuple[str, ...]:
    """Return why banning the target would be dangerous, in words; empty when there is nothing to say against it."""
    found = []
    if target.network.prefixlen == 0:
        family = "IPv4" if target.network.version == 4 else "IPv6"
        found.append(f"it is the whole {family} internet")
    elif _is_very_wide(target.network):
        found.append(f"it is a network of {_how_many(target.network)} addresses")
    if any(_overlap(target.network, loopback) for loopback in _LOOPBACK):
        found.append("it would cut this machine off from itself (loopback)")
    if target.network in _UNSPECIFIED:
        found.append("it is no address that anybody can have")
    for one in protected:
        if target.network == one.address.network:
            found.append(f"it is {one.because}")
        elif target.contains(one.address):
            found.append(f"it contains {one.address.text}, {one.because}")
        elif one.address.contains(target):
            found.append(f"it belongs to {one.address.text}, {one.because}")
    return tuple(found)


def _is_very_wide(network: IPNetwork) -> bool:
    return network.prefixlen < (_WIDEST_IPV4 if network.version == 4 else _WIDEST_IPV6)


def _how_many(network: IPNetwork) -> str:
    return f"{network.num_addresses:,}" if network.version == 4 else f"2^{128 - network.prefixlen}"


def _overlap(one: IPNetwork, other: IPNetwork) -> bool:
    return one.version == other.version and one.overlaps(other)
