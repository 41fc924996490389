from __future__ import annotations

from collections import Counter

from bangui.domain.addresses import parse_address
from bangui.domain.errors import InvalidInput
from bench.history.world import make_visitors

DAYS = 100


def test_every_id_is_there_once() -> None:
    visitors = make_visitors(5_000, DAYS)

    assert len({visitor.id for visitor in visitors}) == 5_000


def test_most_ids_are_addresses_of_either_family() -> None:
    versions: Counter[int | None] = Counter()
    for visitor in make_visitors(5_000, DAYS):
        try:
            versions[parse_address(visitor.id).network.version] += 1
        except InvalidInput:
            versions[None] += 1

    assert versions[4] > 0.85 * 5_000
    assert versions[6] > 0.04 * 5_000
    assert 0 < versions[None] < 0.01 * 5_000


def test_few_networks_hold_most_addresses() -> None:
    networks = Counter(visitor.network for visitor in make_visitors(5_000, DAYS))
    sizes = sorted(networks.values(), reverse=True)

    assert sum(sizes[: len(sizes) // 10]) > 0.4 * 5_000


def test_everybody_comes_within_the_time_and_the_busiest_stay_longest() -> None:
    visitors = make_visitors(5_000, DAYS)
    stays = [visitor.last - visitor.first for visitor in visitors]

    assert all(0 <= visitor.first <= visitor.last < DAYS for visitor in visitors)
    assert min(stays[:5]) > 10 > sorted(stays)[2_500]
