from __future__ import annotations

from ipaddress import ip_network

from bangui.adapters.machine import own_addresses
from bangui.domain.addresses import parse_address
from bangui.domain.safety import Dangers, Standing
from bangui.runtime.protection import protected_here, surroundings


def test_everybody_knows_the_large_proxies() -> None:
    found = Dangers(surroundings()).of(parse_address("104.16.1.1"))
    assert [(danger.standing, danger.name) for danger in found] == [(Standing.PROXY, "Cloudflare")]


def test_the_proxies_of_the_settings_are_protected_too() -> None:
    found = Dangers(protected_here([ip_network("198.51.100.7/32")])).of(parse_address("198.51.100.7"))
    assert [(danger.standing, danger.name) for danger in found] == [(Standing.PROXY, "")]


def test_this_machine_protects_its_own_addresses() -> None:
    protected = protected_here()
    assert {one.text for one in own_addresses()} <= {
        one.address.text for one in protected if one.standing is Standing.MACHINE
    }
