"""Which bans would hurt the person who asks for them.

The rules only warn: whoever means it can insist. What must be protected is handed in, because this module looks at
nothing by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Network, IPv6Network

from bangui.domain.addresses import Address, IPNetwork
from bangui.domain.phrases import Phrase, phrase

# Wider than what one organisation usually holds: a ban that hits bystanders by the ten thousand.
_WIDEST_IPV4 = 16
_WIDEST_IPV6 = 32

_LOOPBACK: tuple[IPNetwork, ...] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
_UNSPECIFIED: tuple[IPNetwork, ...] = (IPv4Network("0.0.0.0/32"), IPv6Network("::/128"))
# Not `ipaddress.is_private`, which counts the networks of documentation as well.
_PRIVATE: tuple[IPNetwork, ...] = (
    IPv4Network("10.0.0.0/8"),
    IPv4Network("100.64.0.0/10"),
    IPv4Network("169.254.0.0/16"),
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.168.0.0/16"),
    IPv6Network("fc00::/7"),
    IPv6Network("fe80::/10"),
)


class Standing(Enum):
    """What a protected address is to the person who asks."""

    VIEWER = "viewer"
    LOGIN = "login"
    MACHINE = "machine"
    GATEWAY = "gateway"
    DNS = "dns"
    ATTACHED = "attached"
    PROXY = "proxy"


_WHO = {
    Standing.VIEWER: phrase("your own address"),
    Standing.LOGIN: phrase("the address that you are logged in from"),
    Standing.MACHINE: phrase("an address of this machine"),
    Standing.GATEWAY: phrase("this machine's gateway"),
    Standing.DNS: phrase("a DNS server of this machine"),
    Standing.ATTACHED: phrase("a network that this machine is attached to"),
    Standing.PROXY: phrase("a known proxy"),
}


class DangerKind(Enum):
    """What is dangerous about a ban."""

    INTERNET = "internet"
    """`subject` is the family: IPv4 or IPv6."""
    WIDE = "wide"
    """`subject` is the number of addresses."""
    LOOPBACK = "loopback"
    NOBODY = "nobody"
    """No address that anybody can have."""
    PRIVATE = "private"
    """`subject` is the private network that it is in, or touches."""
    IS = "is"
    """It is the protected address `subject`."""
    CONTAINS = "contains"
    BELONGS = "belongs"


@dataclass(frozen=True, slots=True)
class Protected:
    """An address or network that must stay reachable; `name` says whose it is where that is known: `Cloudflare`."""

    address: Address
    standing: Standing
    name: str = ""


@dataclass(frozen=True, slots=True)
class Danger:
    """One reason against a ban; `standing` and `name` are those of the protected address that it is about."""

    kind: DangerKind
    subject: str = ""
    standing: Standing | None = None
    name: str = ""


class Dangers:
    """The rules together with what is protected, made ready for lists of ten thousand targets."""

    def __init__(self, protected: Iterable[Protected] = ()) -> None:
        self._protected = [(*_span(one.address.network), one) for one in protected]

    def of(self, target: Address) -> tuple[Danger, ...]:
        """Return what is dangerous about banning the target; empty when there is nothing to say against it.

        Of many protected addresses of one kind that a network contains only the first is told.
        """
        network, found = target.network, []
        if network.prefixlen == 0:
            found.append(Danger(DangerKind.INTERNET, "IPv4" if network.version == 4 else "IPv6"))
        elif _is_very_wide(network):
            found.append(Danger(DangerKind.WIDE, _how_many(network)))
        if any(_overlap(network, loopback) for loopback in _LOOPBACK):
            found.append(Danger(DangerKind.LOOPBACK))
        if network in _UNSPECIFIED:
            found.append(Danger(DangerKind.NOBODY))
        if network.prefixlen:
            found += [Danger(DangerKind.PRIVATE, str(one)) for one in _PRIVATE if _overlap(network, one)]
        return (*found, *self._touched(target))

    def _touched(self, target: Address) -> list[Danger]:
        version, first, last = _span(target.network)
        found: dict[tuple[DangerKind, Standing, str], Danger] = {}
        for family, start, end, one in self._protected:
            if family != version or end < first or start > last:
                continue
            kind = DangerKind.BELONGS if start < first or end > last else DangerKind.CONTAINS
            if (start, end) == (first, last):
                kind = DangerKind.IS
            danger = Danger(kind, one.address.text, one.standing, one.name)
            found.setdefault((kind, one.standing, one.name), danger)
        return list(found.values())


def dangers(target: Address, protected: Iterable[Protected] = ()) -> tuple[Danger, ...]:
    """Return what is dangerous about banning one target."""
    return Dangers(protected).of(target)


def danger_in_words(danger: Danger) -> Phrase:
    """Return a danger as it completes `because ...`: `it is your own address`."""
    subject, who = danger.subject, _who(danger)
    return {
        DangerKind.INTERNET: phrase("it is the whole {family} internet", family=subject),
        DangerKind.WIDE: phrase("it is a network of {number} addresses", number=subject),
        DangerKind.LOOPBACK: phrase("it would cut this machine off from itself (loopback)"),
        DangerKind.NOBODY: phrase("it is no address that anybody can have"),
        DangerKind.PRIVATE: phrase("it is in a private network ({network})", network=subject),
        DangerKind.IS: phrase("it is {who}", who=who),
        DangerKind.CONTAINS: phrase("it contains {address}, {who}", address=subject, who=who),
        DangerKind.BELONGS: phrase("it belongs to {network}, {who}", network=subject, who=who),
    }[danger.kind]


def _who(danger: Danger) -> str:
    if danger.standing is None:
        return ""
    who = _WHO[danger.standing]
    return phrase("{who} ({name})", who=who, name=danger.name) if danger.name else who


def _is_very_wide(network: IPNetwork) -> bool:
    return network.prefixlen < (_WIDEST_IPV4 if network.version == 4 else _WIDEST_IPV6)


def _how_many(network: IPNetwork) -> str:
    return f"{network.num_addresses:,}" if network.version == 4 else f"2^{128 - network.prefixlen}"


def _overlap(one: IPNetwork, other: IPNetwork) -> bool:
    return one.version == other.version and one.overlaps(other)


def _span(network: IPNetwork) -> tuple[int, int, int]:
    """Return the family of a network, its first and its last address as numbers."""
    return network.version, int(network.network_address), int(network.broadcast_address)
