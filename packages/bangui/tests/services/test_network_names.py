from __future__ import annotations

from pathlib import Path

from bangui.domain.places import NOWHERE, IPNetwork, Network, Place
from bangui.services.network_names import NetworkNames
from packages.bangui.tests.filled_history import FilledHistory, FixedPlaces


class CountingPlaces(FixedPlaces):
    def __init__(self, place: Place | None = None) -> None:
        self.asked: list[str] = []
        self._place = place

    def find(self, network: IPNetwork) -> Place:
        self.asked.append(str(network))
        return self._place or super().find(network)


def test_a_network_is_named_by_an_address_in_it_and_looked_up_once() -> None:
    places = CountingPlaces()
    names = NetworkNames(places)
    assert [names.name(64_500, id) for id in ("203.0.113.7", "203.0.113.9")] == ["EVIL-NET", "EVIL-NET"]
    assert places.asked == ["203.0.113.7/32"]


def test_an_address_that_has_moved_does_not_name_its_old_network() -> None:
    names = NetworkNames(FixedPlaces())
    assert names.name(7, "203.0.113.7") is None
    assert names.name(64_500, "203.0.113.7") == "EVIL-NET"


def test_what_nobody_can_name_is_not_asked_for_ever() -> None:
    places = CountingPlaces(NOWHERE)
    names = NetworkNames(places)
    assert {names.name(7, f"203.0.113.{last}") for last in range(100)} == {None}
    assert len(places.asked) < 10


def test_without_a_number_an_address_or_a_name_there_is_none() -> None:
    names = NetworkNames(CountingPlaces(Place(None, Network(7, ""))))
    assert names.name(None, "203.0.113.7") is None
    assert names.name(7, "no address") is None
    assert names.name(7, "203.0.113.7") is None


def test_a_number_alone_is_named_by_what_the_history_knows(tmp_path: Path) -> None:
    history = FilledHistory(tmp_path / "history.sqlite3")
    history.record()
    names = NetworkNames(FixedPlaces())
    with history.open() as reader:
        assert names.name_by_number(64_501, reader) == "EXAMPLE-SIX"
        assert names.name_by_number(1, reader) is None
