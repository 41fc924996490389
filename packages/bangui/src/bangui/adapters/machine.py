"""What this machine knows about itself, read from the kernel's own files; nothing is asked of the network."""

from __future__ import annotations

import re
from pathlib import Path

from bangui.domain.addresses import Address, parse_address

_PROC_NET = Path("/proc/net")
# Two lines of the routing trie: the address, then what it is.
_LOCAL_IPV4 = re.compile(r"\|-- (\d+\.\d+\.\d+\.\d+)\n\s+/32 host LOCAL")


def own_addresses(proc_net: Path = _PROC_NET) -> tuple[Address, ...]:
    """Return the addresses of this machine's interfaces, loopback left out; empty where the kernel does not tell."""
    texts = [*_ipv4(proc_net / "fib_trie"), *_ipv6(proc_net / "if_inet6")]
    addresses = (parse_address(text) for text in dict.fromkeys(texts))
    return tuple(address for address in addresses if not address.network.is_loopback)


def _ipv4(path: Path) -> list[str]:
    return _LOCAL_IPV4.findall(_read(path))


def _ipv6(path: Path) -> list[str]:
    # Each line begins with the address as 32 hexadecimal digits.
    digits = [line[:32] for line in _read(path).splitlines() if len(line) > 32]
    return [":".join(text[start : start + 4] for start in range(0, 32, 4)) for text in digits]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
