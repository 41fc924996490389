from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bangui.adapters.machine import login_addresses, own_addresses

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


def make_process(proc: Path, pid: int, parent: int, environ: bytes) -> None:
    folder = proc / str(pid)
    folder.mkdir()
    (folder / "status").write_text(f"Name:\tbash\nPid:\t{pid}\nPPid:\t{parent}\nUid:\t0\n")
    (folder / "environ").write_bytes(environ)


def test_the_address_of_a_login_is_found_behind_sudo(tmp_path: Path) -> None:
    make_process(tmp_path, 40, 30, b"PATH=/bin\0SUDO_USER=eve\0")
    make_process(tmp_path, 30, 20, b"")
    make_process(tmp_path, 20, 1, b"HOME=/home/eve\0SSH_CONNECTION=203.0.113.50 51234 198.51.100.1 22\0")
    make_process(tmp_path, 1, 0, b"")
    assert [address.text for address in login_addresses(40, tmp_path)] == ["203.0.113.50"]


def test_mapped_and_zoned_addresses_of_a_login_are_canonical(tmp_path: Path) -> None:
    make_process(
        tmp_path, 9, 0, b"SSH_CLIENT=::ffff:203.0.113.50 51234 22\0SSH_CONNECTION=fe80::1%eth0 1 fe80::2%eth0 22\0"
    )
    assert [address.text for address in login_addresses(9, tmp_path)] == ["203.0.113.50", "fe80::1"]


def test_nonsense_in_an_environment_and_a_circle_of_parents_are_no_errors(tmp_path: Path) -> None:
    make_process(tmp_path, 5, 6, b"SSH_CLIENT=\xff\xfe 1 2\0NOT_SSH_CLIENT=192.0.2.1\0SSH_CLIENT=")
    make_process(tmp_path, 6, 5, b"SSH_CONNECTION=hello there")
    assert login_addresses(5, tmp_path) == ()
    assert login_addresses(7, tmp_path) == ()


def test_a_real_process_finds_the_login_of_its_parent() -> None:
    script = "from bangui.adapters.machine import login_addresses; print([a.text for a in login_addresses()])"
    shell = 'env -u SSH_CONNECTION "$0" -c "$1"; exit $?'
    environment = {**os.environ, "SSH_CONNECTION": "203.0.113.77 1 2 3"}
    done = subprocess.run(
        ["/bin/sh", "-c", shell, sys.executable, script],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert "203.0.113.77" in done.stdout
