"""Addresses and networks in one canonical form, as fail2ban itself writes them.

fail2ban accepts any text as the id of a ban without a word, so a typing mistake would be "banned" and protect from
nothing. Whoever asks for an address to be banned therefore goes through here first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from bangui.domain.errors import InvalidInput
from bangui.domain.phrases import Phrase, phrase

IPNetwork = IPv4Network | IPv6Network

# IPv4 addresses written as IPv6 (::ffff:192.0.2.1) are IPv4 addresses to every firewall.
_MAPPED = IPv6Network("::ffff:0:0/96")
_WITH_PORT = re.compile(r"^(\[.*\]:\d+|\d+\.\d+\.\d+\.\d+:\d+)$")
# Octal to some programs, decimal to others: `192.0.2.010`.
_LEADING_ZERO = re.compile(r"(^|\.)0\d")
_LOOKS_NUMERIC = re.compile(r"^[0-9a-fA-F:.\[\]/%]*[:.][0-9a-fA-F:.\[\]/%]*$")


@dataclass(frozen=True, slots=True)
class Address:
    """A single address, or a network, in canonical form.

    `text` is what fail2ban calls it. `network` is the same as a value; a single address is a network of one.
    """

    text: str
    network: IPNetwork

    @property
    def is_network(self) -> bool:
        """Whether this is more than one address."""
        return self.network.num_addresses > 1

    def contains(self, other: Address) -> bool:
        """Whether every address of the other one is also in this one."""
        return _is_within(other.network, self.network)


def parse_address(text: str) -> Address:
    """Return the address or network that a person wrote, or raise `InvalidInput` saying what is wrong with it.

    Brackets around IPv6 are taken off, `::ffff:192.0.2.1` becomes `192.0.2.1`, the host bits of a network are
    cleared and a network of one address becomes that address.
    """
    written = text.strip()
    if not written:
        raise InvalidInput(phrase("an address is empty"))
    if _WITH_PORT.match(written):
        raise InvalidInput(
            phrase("{written!r} has a port", written=written),
            phrase("bans are for whole addresses: leave the port out"),
        )
    if "%" in written:
        raise InvalidInput(
            phrase("{written!r} has a zone", written=written),
            phrase("fail2ban knows no zones: leave out the % and what follows"),
        )
    try:
        network = ip_network(_without_brackets(written), strict=False)
    except ValueError:
        raise InvalidInput(phrase("{written!r} is not an address", written=written), _advice(written)) from None
    return _canonical(network)


def covering_ids(address: Address) -> tuple[str, ...]:
    """Return every id that would cover this one, itself first, then ever larger networks.

    The whole internet (`/0`) is the last.
    """
    network = address.network
    lengths = range(network.prefixlen - 1, -1, -1)
    return (address.text, *(str(network.supernet(new_prefix=length)) for length in lengths))


def allowing_entries(address: Address, entries: tuple[str, ...]) -> tuple[str, ...]:
    """Return the entries of an allow list that cover this address; names among them are not looked up."""
    return tuple(entry for entry in entries if (parsed := _try_parse(entry)) and parsed.contains(address))


def _try_parse(text: str) -> Address | None:
    try:
        return parse_address(text)
    except InvalidInput:
        return None


def _without_brackets(written: str) -> str:
    if not written.startswith("["):
        return written
    address, bracket, rest = written[1:].partition("]")
    # `[2001:db8::1]` and `[2001:db8::]/32`, but not `[192.0.2.1]` and not a bracket that is never closed.
    if bracket and ":" in address and (not rest or rest.startswith("/")):
        return address + rest
    return written


def _canonical(network: IPNetwork) -> Address:
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        network = IPv4Network((int(network.network_address) & 0xFFFF_FFFF, network.prefixlen - 96))
    single = network.num_addresses == 1
    return Address(str(network.network_address) if single else str(network), network)


def _is_within(inner: IPNetwork, outer: IPNetwork) -> bool:
    if isinstance(inner, IPv4Network):
        return isinstance(outer, IPv4Network) and inner.subnet_of(outer)
    return isinstance(outer, IPv6Network) and inner.subnet_of(outer)


def _advice(written: str) -> Phrase:
    if "-" in written and written.replace("-", "").replace(".", "").isdigit():
        return phrase("write a range as a network, such as 192.0.2.0/24")
    if not _LOOKS_NUMERIC.match(written):
        return phrase("fail2ban would ban this text and no address: give the address itself")
    if _LEADING_ZERO.search(written):
        return phrase("leave out the leading zeros")
    return phrase("expected something like 192.0.2.1, 192.0.2.0/24, 2001:db8::1 or 2001:db8::/32")
