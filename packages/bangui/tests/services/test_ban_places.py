from __future__ import annotations

from bangui.domain.places import NOWHERE, DataSource, IPNetwork, Network, Place
from bangui.services.ban_places import BanPlaces
from packages.bangui.tests.web.scripted import HOSTILE_IDS


class CountingFinder:
    """Knows one country for each first byte of an address, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.date = "2026-11-01"

    def find(self, network: IPNetwork) -> Place:
        self.asked.append(str(network))
        return Place("DE", Network(1, "one")) if network.network_address.packed[0] < 100 else NOWHERE

    def sources(self) -> tuple[DataSource, ...]:
        return (DataSource("country", "made up", self.date, "none", "nobody"),)


def test_an_id_is_looked_up_once_and_equal_places_are_one_value() -> None:
    finder = CountingFinder()
    places = BanPlaces(finder)
    assert places.of("10.0.0.1") is places.of("10.0.0.2") is places.of("10.0.0.1")
    assert finder.asked == ["10.0.0.1/32", "10.0.0.2/32"]
    assert places.countries == {"DE"}


def test_an_id_that_is_no_address_is_nowhere_and_nobody_is_asked() -> None:
    finder = CountingFinder()
    places = BanPlaces(finder)
    assert {places.of(id) for id in HOSTILE_IDS} == {NOWHERE}
    assert finder.asked == []
    assert places.countries == frozenset()


def test_other_data_is_asked_anew() -> None:
    finder = CountingFinder()
    places = BanPlaces(finder)
    assert places.forget_old_data()
    places.of("10.0.0.1")
    assert not places.forget_old_data()
    finder.date = "2026-11-02"
    assert places.forget_old_data()
    places.of("10.0.0.1")
    assert len(finder.asked) == 2


def test_ids_that_are_no_longer_banned_are_forgotten_once_they_are_many() -> None:
    finder = CountingFinder()
    places = BanPlaces(finder)
    ids = [f"10.{number // 256}.{number % 256}.1" for number in range(5_100)]
    for id in ids:
        places.of(id)
    places.forget_others(100, iter(ids[:100]))
    places.of(ids[200])
    assert len(finder.asked) == 5_100
    places.forget_others(10, iter(ids[:10]))
    places.of(ids[0])
    assert len(finder.asked) == 5_100
    places.of(ids[200])
    assert len(finder.asked) == 5_101


def test_a_look_at_a_list_teaches_some_of_the_others_and_then_the_rest() -> None:
    finder = CountingFinder()
    times = iter(range(1_000))
    places = BanPlaces(finder, clock=lambda: float(next(times)))
    ids = [f"10.0.{number // 256}.{number % 256}" for number in range(150)]
    for _ in range(3):
        places.learn_some(ids)
    assert sorted(finder.asked) == sorted(f"{id}/32" for id in ids)
