from __future__ import annotations

from pathlib import Path

from bangui.adapters.machine import own_addresses

FIB_TRIE = """\
Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 192.0.2.0/24 2 0 2
        |-- 192.0.2.0
           /24 link UNICAST
        |-- 192.0.2.7
           /32 host LOCAL
        |-- 192.0.2.255
           /32 link BROADCAST
     +-- 127.0.0.0/8 2 0 2
        |-- 127.0.0.1
           /32 host LOCAL
Local:
        |-- 192.0.2.7
           /32 host LOCAL
"""
IF_INET6 = """\
20010db8000000000000000000000007 02 40 00 80     eth0
00000000000000000000000000000001 01 80 10 80       lo
"""


def test_the_addresses_of_the_interfaces_are_read_from_the_kernel_without_loopback(tmp_path: Path) -> None:
    (tmp_path / "fib_trie").write_text(FIB_TRIE)
    (tmp_path / "if_inet6").write_text(IF_INET6)
    assert [address.text for address in own_addresses(tmp_path)] == ["192.0.2.7", "2001:db8::7"]


def test_a_kernel_that_tells_nothing_is_no_error(tmp_path: Path) -> None:
    assert own_addresses(tmp_path) == ()


def test_this_machine_can_be_read() -> None:
    assert all(not address.is_network for address in own_addresses())
