"""Lists of what is banned, in the forms that firewalls read.

An id is whatever a filter captured, so only addresses and networks in canonical form are listed, and nothing that would
cut off whoever uses the list: no loopback, no address that nobody has, no very wide networks. Every list is sorted by
number, so that the same bans always make the same text. There may be 100,000 of them, so addresses are numbers here.

    plain    each address and network that is banned, one on a line
    cidr     the same as few networks as possible, one on a line
    nft      for `nft -f`: two sets of a table `inet bangui`, replaced in one transaction
    ipset    for `ipset restore`: two sets, filled beside those in use and swapped with them
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from ipaddress import AddressValueError, IPv6Address
from types import MappingProxyType
from typing import NamedTuple

from bangui.domain.addresses import parse_address
from bangui.domain.errors import InvalidInput
from bangui.domain.safety import DangerKind, dangers

_BITS = {4: 32, 6: 128}
_ON_A_LINE = 8
_SMALLEST_SET = 65_536
_NEVER = frozenset({DangerKind.INTERNET, DangerKind.WIDE, DangerKind.LOOPBACK, DangerKind.NOBODY})
# IPv4 addresses that are written as IPv6 (::ffff:0:0/96) are IPv4 addresses.
_MAPPED = 0xFFFF


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


class Block(NamedTuple):
    """A network by its version, its first address and the length of its prefix; they sort by number."""

    version: int
    first: int
    length: int

    @property
    def last(self) -> int:
        """The last address."""
        return self.first | (1 << _BITS[self.version] - self.length) - 1

    def __str__(self) -> str:
        number = self.first
        if self.version == 4:
            text = f"{number >> 24}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        else:
            text = str(IPv6Address(number))
        return text if self.length == _BITS[self.version] else f"{text}/{self.length}"


def blocks_of(ids: Iterable[str], families: Sequence[Family] = ()) -> list[Block]:
    """Return what of these ids a firewall may block, each once, IPv4 first and by number; all families if none."""
    versions = {family.version for family in families or Family}
    return sorted({block for id in ids if (block := _block(id)) and block.version in versions})


def write_blocklist(blocks: Sequence[Block], form: BlocklistForm, families: Sequence[Family] = ()) -> str:
    """Return a list as text; it names the sets of the families that it is for, also where they are empty."""
    return "".join(f"{line}\n" for line in _WRITERS[form](blocks, families or tuple(Family)))


def _block(id: str) -> Block | None:
    """Return an id as a block; None where it is no address, or one that is never listed."""
    if "/" not in id:
        number = _ipv4(id)
        if number is not None:
            return Block(4, number, 32) if number and number >> 24 != 127 else None
        number = _ipv6(id)
        if number is not None and number >> 32 != _MAPPED:
            return Block(6, number, 128) if number > 1 else None
    try:
        address = parse_address(id)
    except InvalidInput:
        return None
    if any(danger.kind in _NEVER for danger in dangers(address)):
        return None
    network = address.network
    return Block(network.version, int(network.network_address), network.prefixlen)


def _ipv4(id: str) -> int | None:
    """Return the number of an IPv4 address that is written as fail2ban does; of these there may be very many."""
    parts = id.split(".")
    if len(parts) != 4 or not id.isascii():
        return None
    number = 0
    for part in parts:
        if not part.isdecimal() or len(part) > 3 or (part[0] == "0" and part != "0") or (value := int(part)) > 255:
            return None
        number = number << 8 | value
    return number


def _ipv6(id: str) -> int | None:
    try:
        return None if "%" in id else int(IPv6Address(id))
    except AddressValueError:
        return None


def _plain(blocks: Sequence[Block], families: Sequence[Family]) -> Iterator[str]:
    del families
    return map(str, blocks)


def _cidr(blocks: Sequence[Block], families: Sequence[Family]) -> Iterator[str]:
    for family in families:
        yield from map(str, _collapsed(blocks, family))


def _nft(blocks: Sequence[Block], families: Sequence[Family]) -> Iterator[str]:
    yield "add table inet bangui"
    for family in families:
        name = f"inet bangui banned_{family.value}"
        yield f"add set {name} {{ type {family.value}_addr; flags interval; auto-merge; }}"
        yield f"flush set {name}"
        texts = [str(block) for block in _collapsed(blocks, family)]
        for start in range(0, len(texts), _ON_A_LINE):
            yield f"add element {name} {{ {', '.join(texts[start : start + _ON_A_LINE])} }}"


def _ipset(blocks: Sequence[Block], families: Sequence[Family]) -> Iterator[str]:
    for family in families:
        collapsed = list(_collapsed(blocks, family))
        name, fresh = f"bangui-{family.value}", f"bangui-{family.value}-new"
        options = f"hash:net family {'inet' if family is Family.IPV4 else 'inet6'}"
        options += f" maxelem {max(_SMALLEST_SET, 1 << len(collapsed).bit_length())}"
        yield f"create {name} {options} -exist"
        yield f"create {fresh} {options} -exist"
        yield f"flush {fresh}"
        for block in collapsed:
            yield f"add {fresh} {block} -exist"
        yield f"swap {fresh} {name}"
        yield f"destroy {fresh}"


def _collapsed(blocks: Sequence[Block], family: Family) -> Iterator[Block]:
    """Yield the fewest blocks that hold the same addresses of a family; the blocks come sorted."""
    first = last = -2
    for block in blocks:
        if block.version != family.version:
            continue
        if block.first > last + 1:
            yield from _covering(family.version, first, last)
            first, last = block.first, block.last
        else:
            last = max(last, block.last)
    yield from _covering(family.version, first, last)


def _covering(version: int, first: int, last: int) -> Iterator[Block]:
    """Yield the fewest blocks for a range of addresses; nothing for one that begins before all of them."""
    while 0 <= first <= last:
        size = (last - first + 1).bit_length() - 1
        if first:
            size = min(size, (first & -first).bit_length() - 1)
        yield Block(version, first, _BITS[version] - size)
        first += 1 << size


_WRITERS: Mapping[BlocklistForm, Callable[[Sequence[Block], Sequence[Family]], Iterator[str]]] = MappingProxyType(
    {BlocklistForm.PLAIN: _plain, BlocklistForm.CIDR: _cidr, BlocklistForm.NFT: _nft, BlocklistForm.IPSET: _ipset}
)
