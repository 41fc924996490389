from __future__ import annotations

import ipaddress
import random
from collections import Counter

from bangui.demo.programs import IPV4_ONLY
from bangui.demo.world import Attacker, World


def test_the_same_seed_makes_the_same_world() -> None:
    def drawn(seed: int) -> list[object]:
        world = World(random.Random(seed))
        return [world.staff, *(world.attacker() for _ in range(50)), *(world.user("sshd") for _ in range(50))]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_few_networks_attack_most() -> None:
    world = World(random.Random(3))
    counts = Counter(world.address(ipv4=True).rpartition(".")[0].rpartition(".")[0] for _ in range(5000))
    busiest = sum(count for _, count in counts.most_common(len(counts) // 10))
    assert busiest > 5000 * 0.4


def test_addresses_are_of_both_kinds_public_and_never_of_the_staff() -> None:
    world = World(random.Random(4))
    staff = {person.address for person in world.staff}
    drawn = {world.address() for _ in range(3000)}
    assert {ipaddress.ip_address(text).version for text in drawn} == {4, 6}
    assert all(ipaddress.ip_address(text).is_global for text in drawn | staff)
    assert not drawn & staff


def test_one_server_has_all_its_addresses_in_one_ipv6_network() -> None:
    world = World(random.Random(5))
    for _ in range(50):
        networks = {
            ipaddress.ip_network((address, 64), strict=False) for address in world.addresses_of_one_ipv6_network(6)
        }
        assert len(networks) == 1


def test_every_jail_gets_its_attackers() -> None:
    world = World(random.Random(6))
    assert len({world.attacker().jail for _ in range(2000)}) == 11


def test_an_attacker_tries_another_door_now_and_then_but_none_that_it_cannot_reach() -> None:
    world = World(random.Random(7))
    attacker = Attacker("2001:db8::1", "sshd", persistence=1.0)
    seen = set()
    for _ in range(500):
        world.reconsider(attacker)
        seen.add(attacker.jail)
    assert len(seen) > 4
    assert not seen & IPV4_ONLY
