from __future__ import annotations

import struct
from pathlib import Path

import pytest

from bangui.adapters.surroundings import attached_networks, dns_servers, gateways


def number(address: str) -> str:
    """Return an IPv4 address as the kernel of this machine writes it."""
    (value,) = struct.unpack("=I", bytes(map(int, address.split("."))))
    return f"{value:08X}"


def route(destination: str, gateway: str, flags: int, mask: str) -> str:
    return f"eth0\t{number(destination)}\t{number(gateway)}\t{flags:04X}\t0\t0\t0\t{number(mask)}\t0\t0\t0   "


@pytest.fixture
def proc_net(tmp_path: Path) -> Path:
    (tmp_path / "route").write_text(
        "\n".join(
            [
                "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT   ",
                route("0.0.0.0", "192.0.2.1", 3, "0.0.0.0"),
                route("192.0.2.0", "0.0.0.0", 1, "255.255.255.0"),
                route("198.51.100.7", "0.0.0.0", 5, "255.255.255.255"),
                route("203.0.113.0", "192.0.2.254", 3, "255.255.255.0"),
                route("198.18.0.0", "0.0.0.0", 0x201, "255.254.0.0"),
                "eth0\tnonsense",
                "eth0\tx y z 1 0 0 0 0 0 0 0",
            ]
        )
    )
    zero = "0" * 32
    (tmp_path / "ipv6_route").write_text(
        "\n".join(
            [
                f"20010db8{'0' * 24} 40 {zero} 00 {zero} 00000100 00000001 00000000 00000001     eth0",
                f"fe80{'0' * 28} 40 {zero} 00 {zero} 00000100 00000001 00000000 00000001     eth0",
                f"{zero} 00 {zero} 00 fe80{'0' * 27}1 00000400 00000003 00000000 00000003     eth0",
                f"{zero} 00 {zero} 00 {zero} ffffffff 00000001 00000000 00200200       lo",
                f"20010db9{'0' * 24} 80 {zero} 00 {zero} 00000100 00000001 00000000 00000001     eth0",
                "nonsense",
            ]
        )
    )
    return tmp_path


def test_every_router_is_a_gateway(proc_net: Path) -> None:
    assert [one.text for one in gateways(proc_net)] == ["192.0.2.1", "192.0.2.254", "fe80::1"]


def test_networks_without_a_router_are_attached(proc_net: Path) -> None:
    assert [one.text for one in attached_networks(proc_net)] == ["192.0.2.0/24", "2001:db8::/64"]


def test_dns_servers_are_those_behind_the_local_resolver_too(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/resolv.conf").write_text(
        "# nameserver 192.0.2.9\nsearch example.org\nnameserver 127.0.0.53\n"
        "nameserver 192.0.2.53 # here\noptions edns0\n"
    )
    (tmp_path / "run/systemd/resolve").mkdir(parents=True)
    (tmp_path / "run/systemd/resolve/resolv.conf").write_text(
        "nameserver 192.0.2.53\nnameserver fe80::1%eth0\nnameserver 2001:db8::53\nnameserver example.org\n"
    )
    assert [one.text for one in dns_servers(tmp_path)] == ["192.0.2.53", "fe80::1", "2001:db8::53"]


def test_without_the_files_there_is_nothing_to_tell(tmp_path: Path) -> None:
    assert (gateways(tmp_path), attached_networks(tmp_path), dns_servers(tmp_path)) == ((), (), ())


def test_this_machine_tells_something_or_nothing_but_never_fails() -> None:
    assert all(not one.network.is_loopback for one in (*gateways(), *attached_networks(), *dns_servers()))
