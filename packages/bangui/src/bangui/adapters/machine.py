"""What this machine knows about itself, read from the kernel's own files; nothing is asked of the network."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from bangui.domain.addresses import Address, parse_address
from bangui.domain.errors import InvalidInput

_PROC = Path("/proc")
_PROC_NET = Path("/proc/net")
# What sshd tells its children: the client's address, its port, and more.
_SSH_CLIENT = re.compile(rb"(?:^|\0)SSH_(?:CONNECTION|CLIENT)=([^ \0%]+)")
_PARENT = re.compile(r"^PPid:\s+(\d+)$", re.MULTILINE)
# Deeper than shells, terminal multiplexers and sudo nest; ends the walk whatever the kernel says.
_MAX_ANCESTORS = 64
# Two lines of the routing trie: the address, then what it is.
_LOCAL_IPV4 = re.compile(r"\|-- (\d+\.\d+\.\d+\.\d+)\n\s+/32 host LOCAL")


def own_addresses(proc_net: Path = _PROC_NET) -> tuple[Address, ...]:
    """Return the addresses of this machine's interfaces, loopback left out; empty where the kernel does not tell."""
    texts = [*_ipv4(proc_net / "fib_trie"), *_ipv6(proc_net / "if_inet6")]
    addresses = (parse_address(text) for text in dict.fromkeys(texts))
    return tuple(address for address in addresses if not address.network.is_loopback)


def login_addresses(pid: int | None = None, proc: Path = _PROC) -> tuple[Address, ...]:
    """Return the addresses from which the person at the keyboard is logged in over SSH; empty for a local one.

    sshd tells them to its children in the environment. sudo takes that away, so every ancestor of the process `pid`
    (this one by default) is asked, as far as their environments may be read.
    """
    found: dict[str, Address] = {}
    for ancestor in _ancestors(os.getpid() if pid is None else pid, proc):
        for match in _SSH_CLIENT.finditer(_read_bytes(ancestor / "environ")):
            try:
                address = parse_address(match[1].decode("ascii", "replace"))
            except InvalidInput:
                continue
            found.setdefault(address.text, address)
    return tuple(found.values())


def _ancestors(pid: int, proc: Path) -> Iterator[Path]:
    """Yield the folders of a process, its parent, and so on."""
    for _ in range(_MAX_ANCESTORS):
        folder = proc / str(pid)
        yield folder
        parent = _PARENT.search(_read(folder / "status"))
        if parent is None or parent[1] == "0":
            return
        pid = int(parent[1])


def _ipv4(path: Path) -> list[str]:
    return _LOCAL_IPV4.findall(_read(path))


def _ipv6(path: Path) -> list[str]:
    # Each line begins with the address as 32 hexadecimal digits.
    digits = [line[:32] for line in _read(path).splitlines() if len(line) > 32]
    return [":".join(text[start : start + 4] for start in range(0, 32, 4)) for text in digits]


def _read(path: Path) -> str:
    return _read_bytes(path).decode("ascii", "replace")


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
