"""The address that a request came from, in one form for throttles, logs and lists."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network


def client_address(text: str | None) -> str | None:
    """Return an address in canonical form; None where there is none, or what is none.

    IPv4 written as IPv6 is IPv4, and a zone (`fe80::1%eth0`) is left out: fail2ban and firewalls know none.
    """
    try:
        address = ip_address((text or "").partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return str(address)


def own_block(address: str | None) -> str:
    """Return what one visitor has for sure: an IPv4 address, or a /64 of IPv6, in which anybody takes new addresses."""
    return _block(address, 64)


def site_block(address: str | None) -> str | None:
    """Return the /48 of an IPv6 address, which one customer may have as a whole; None for all others."""
    return _block(address, 48) if address is not None and ":" in address else None


def _block(address: str | None, length: int) -> str:
    if address is None:
        return "here"
    return str(ip_network((address, length), strict=False)) if ":" in address else address
