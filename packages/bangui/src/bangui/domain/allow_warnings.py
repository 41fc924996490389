"""What somebody should know before they change an allow list; whoever means it can insist."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

from bangui.domain.addresses import Address, parse_address
from bangui.domain.allow_list import AllowView, address_of

# Wider than what one organisation usually holds.
_WIDEST = {4: 16, 6: 32}
_LOOPBACK = (parse_address("127.0.0.0/8"), parse_address("::1"))


class AllowWarning(Enum):
    """What speaks against allowing a network."""

    EVERYTHING = "everything"
    """Nobody would be banned any more."""
    WIDE = "wide"
    """It holds more addresses than anybody knows."""


class RemovalWarning(Enum):
    """What speaks against taking an entry away."""

    OWN_ADDRESS = "own address"
    """Whoever asks could be banned afterwards."""
    LOOPBACK = "loopback"
    """The machine could be banned by itself."""


def allow_warning(address: Address) -> AllowWarning | None:
    """Return what speaks against allowing this; nothing does where it is the machine itself."""
    if address.network.is_loopback:
        return None
    if address.network.prefixlen == 0:
        return AllowWarning.EVERYTHING
    return AllowWarning.WIDE if address.network.prefixlen < _WIDEST[address.network.version] else None


def removal_warnings(
    view: AllowView, entry: str, jails: Collection[str] = (), viewer: str | None = None
) -> tuple[RemovalWarning, ...]:
    """Return what speaks against taking an entry out of jails, of all of them where none is named.

    It is not the last word that protects the viewer where another entry of the same jail does.
    """
    address = address_of(entry)
    if address is None:
        return ()
    found = []
    own = address_of(viewer or "")
    if own is not None and address.contains(own) and _leaves_bare(view, entry, own, jails or view.jails):
        found.append(RemovalWarning.OWN_ADDRESS)
    if any(address.contains(loopback) or loopback.contains(address) for loopback in _LOOPBACK):
        found.append(RemovalWarning.LOOPBACK)
    return tuple(found)


def _leaves_bare(view: AllowView, entry: str, own: Address, jails: Collection[str]) -> bool:
    losing = {jail for line in view.lines if line.entry == entry for jail in line.jails} & set(jails)
    covered = {
        jail
        for line in view.lines
        if line.entry != entry and (other := address_of(line.entry)) is not None and other.contains(own)
        for jail in line.jails
    }
    return bool(losing - covered)
