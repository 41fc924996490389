"""Lists of what is banned, in the forms that firewalls read.

An id is whatever a filter captured, so only addresses and networks in canonical form are listed, and nothing that would
cut off whoever uses the list: no loopback, no address that nobody has, no very wide networks. Every list is sorted by
number, so that the same bans always make the same text.

    plain    each address and network that is banned, one on a line
    cidr     the same as few networks as possible, one on a line
    nft      for `nft -f`: two sets of a table `inet bangui`, replaced in one transaction
    ipset    for `ipset restore`: two sets, filled beside those in use and swapped with them
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from ipaddress import IPv4Network, collapse_addresses
from types import MappingProxyType
from typing import cast

from bangui.domain.addresses import IPNetwork, parse_address
from bangui.domain.errors import InvalidInput
from bangui.domain.safety import DangerKind, dangers

_ON_A_LINE = 8
_SMALLEST_SET = 65_536
_NEVER = frozenset({DangerKind.INTERNET, DangerKind.WIDE, DangerKind.LOOPBACK, DangerKind.NOBODY})


class BlocklistForm(Enum):
    """How a list is written."""

    PLAIN = "plain"
    CIDR = "cidr"
    NFT = "nft"
    IPSET = "ipset"


class Family(Enum):
    """Which addresses."""

    IPV4 = "ipv4"
    IPV6 = "ipv6"

    @property
    def version(self) -> int:
        """The version of the protocol."""
        return 4 if self is Family.IPV4 else 6


def blocked_networks(ids: Iterable[str], families: Sequence[Family] = ()) -> list[IPNetwork]:
    """Return what of these ids a firewall may block, each once, IPv4 first and by number; all families if none."""
    versions = {family.version for family in families or Family}
    networks: set[IPNetwork] = set()
    for id in ids:
        try:
            address = parse_address(id)
        except InvalidInput:
            continue
        is_harmful = any(danger.kind in _NEVER for danger in dangers(address))
        if address.network.version in versions and not is_harmful:
            networks.add(address.network)
    return sorted(networks, key=lambda net: (net.version, int(net.network_address), net.prefixlen))


def write_blocklist(networks: Sequence[IPNetwork], form: BlocklistForm, families: Sequence[Family] = ()) -> str:
    """Return a list as text; it names the sets of the families that it is for, also where they are empty."""
    return "".join(f"{line}\n" for line in _WRITERS[form](networks, families or tuple(Family)))


def _plain(networks: Sequence[IPNetwork], families: Sequence[Family]) -> Iterator[str]:
    del families
    return map(_text, networks)


def _cidr(networks: Sequence[IPNetwork], families: Sequence[Family]) -> Iterator[str]:
    for family in families:
        yield from map(_text, _collapsed(networks, family))


def _nft(networks: Sequence[IPNetwork], families: Sequence[Family]) -> Iterator[str]:
    yield "add table inet bangui"
    for family in families:
        name = f"inet bangui banned_{family.value}"
        yield f"add set {name} {{ type {family.value}_addr; flags interval; auto-merge; }}"
        yield f"flush set {name}"
        texts = [_text(network) for network in _collapsed(networks, family)]
        for start in range(0, len(texts), _ON_A_LINE):
            yield f"add element {name} {{ {', '.join(texts[start : start + _ON_A_LINE])} }}"


def _ipset(networks: Sequence[IPNetwork], families: Sequence[Family]) -> Iterator[str]:
    for family in families:
        collapsed = _collapsed(networks, family)
        name, fresh = f"bangui-{family.value}", f"bangui-{family.value}-new"
        options = f"hash:net family {'inet' if family is Family.IPV4 else 'inet6'}"
        options += f" maxelem {max(_SMALLEST_SET, 1 << len(collapsed).bit_length())}"
        yield f"create {name} {options} -exist"
        yield f"create {fresh} {options} -exist"
        yield f"flush {fresh}"
        for network in collapsed:
            yield f"add {fresh} {_text(network)} -exist"
        yield f"swap {fresh} {name}"
        yield f"destroy {fresh}"


def _collapsed(networks: Sequence[IPNetwork], family: Family) -> list[IPNetwork]:
    of_family = [network for network in networks if network.version == family.version]
    return list(cast("Iterable[IPNetwork]", collapse_addresses(cast("Iterable[IPv4Network]", of_family))))


def _text(network: IPNetwork) -> str:
    return str(network.network_address) if network.num_addresses == 1 else str(network)


_WRITERS: Mapping[BlocklistForm, Callable[[Sequence[IPNetwork], Sequence[Family]], Iterator[str]]] = MappingProxyType(
    {BlocklistForm.PLAIN: _plain, BlocklistForm.CIDR: _cidr, BlocklistForm.NFT: _nft, BlocklistForm.IPSET: _ipset}
)
