from __future__ import annotations

from itertools import pairwise
from types import MappingProxyType

import pytest

from bangui.domain.history_ports import StoreError, StoreTrouble
from bangui.domain.history_queries import Metric
from bangui.services.country_counts import CountryCounts, CountryLeaders, PlaceCount
from bangui.web.map_contexts import MapView
from bangui.web.map_query import MapQuery
from bangui.web.map_view import MapFacts, MapSurroundings, build_map, class_bounds
from bangui.web.world import Outline, World
from packages.bangui.tests.web.scripted import NOW

WORLD = World(
    100,
    50,
    MappingProxyType(
        {"DE": Outline("M1 1l2 0 0 2z", None), "FR": Outline("M5 5l2 0 0 2z", None), "MT": Outline("", (9, 9))}
    ),
)
COUNTS = CountryCounts((PlaceCount("DE", 60), PlaceCount("MT", 30), PlaceCount("QQ", 5)), 5)


def view(query: MapQuery | None = None, facts: MapFacts | None = None, *, has_bans_page: bool = True) -> MapView:
    return build_map(query or MapQuery(), facts or MapFacts(COUNTS), MapSurroundings(NOW, WORLD, has_bans_page))


@pytest.mark.parametrize(
    ("largest", "bounds"),
    [(0, ()), (1, (1,)), (4, (1, 2)), (10, (1, 2, 5, 10)), (20, (1, 2, 5, 10, 20)), (900, (1, 5, 20, 50, 200))],
)
def test_classes_begin_at_numbers_that_a_person_would_choose(largest: int, bounds: tuple[int, ...]) -> None:
    assert class_bounds(largest) == bounds


def test_classes_cover_every_number_once() -> None:
    for largest in (1, 7, 99, 12_345, 10**9):
        bounds = class_bounds(largest)
        assert bounds[0] == 1
        assert bounds[-1] <= largest
        assert len(bounds) <= 5
        assert all(low < high for low, high in pairwise(bounds))


def test_the_table_tells_every_country_with_its_share_and_its_class() -> None:
    shown = view()
    assert [(row.code, row.count, row.share, row.level) for row in shown.rows] == [
        ("DE", 60, 0.6, 5),
        ("MT", 30, 0.3, 5),
        ("QQ", 5, 0.05, 3),
    ]
    assert (shown.unknown, shown.total) == (5, 100)
    assert [(one.low, one.high) for one in shown.classes] == [(1, 1), (2, 4), (5, 9), (10, 19), (20, None)]


def test_the_map_says_the_same_as_the_table() -> None:
    shown = view()
    levels = {row.code: (row.level, row.count, row.path) for row in shown.rows}
    assert {shape.code: (shape.level, shape.count, shape.path) for shape in shown.shapes} == {
        "FR": (0, 0, None),
        "DE": levels["DE"],
        "MT": levels["MT"],
    }


def test_a_small_country_is_a_dot_where_there_is_something_to_count() -> None:
    assert {shape.code: shape.dot for shape in view().shapes} == {"DE": None, "FR": None, "MT": (9, 9)}
    assert not any(shape.dot for shape in view(facts=MapFacts()).shapes)


def test_what_is_chosen_is_drawn_last() -> None:
    assert [shape.code for shape in view(MapQuery(country="FR")).shapes][-1] == "FR"
    assert [shape.is_chosen for shape in view(MapQuery(country="DE")).shapes] == [False, False, True]


def test_a_chosen_country_leads_to_its_events_and_bans() -> None:
    leaders = CountryLeaders((PlaceCount("203.0.113.7", 9),), (PlaceCount("203.0.113.0/24", 12),))
    chosen = view(MapQuery("24h", Metric.FAILURES, "DE"), MapFacts(COUNTS, leaders)).chosen
    assert chosen is not None
    assert (chosen.count, chosen.share) == (60, 0.6)
    assert chosen.history_path == "/history?kind=failure&country=DE&since=24h"
    assert chosen.bans_path == "/bans?country=DE"
    assert chosen.clear_path == "/map?range=24h&by=failures"
    assert [(one.id, one.path, one.count) for one in chosen.addresses] == [
        ("203.0.113.7", "/address?id=203.0.113.7", 9)
    ]
    assert [one.count for one in chosen.subnets] == [12]


def test_a_chosen_country_without_anything_is_shown_all_the_same() -> None:
    chosen = view(MapQuery(country="FR")).chosen
    assert chosen is not None
    assert (chosen.count, chosen.share, chosen.addresses) == (0, 0.0, ())


def test_there_is_no_way_to_a_page_that_is_not_there() -> None:
    chosen = view(MapQuery(country="DE"), has_bans_page=False).chosen
    assert chosen is not None
    assert chosen.bans_path is None


def test_the_switches_keep_everything_else() -> None:
    shown = view(MapQuery("30d", Metric.BANS, "DE"))
    assert [choice.path for choice in shown.ranges if choice.is_chosen] == ["/map?range=30d&country=DE"]
    assert [choice.path for choice in shown.metrics if not choice.is_chosen] == [
        "/map?range=30d&by=failures&country=DE"
    ]


def test_trouble_is_told() -> None:
    trouble = StoreError("it is away", "wait", trouble=StoreTrouble.AWAY)
    shown = view(facts=MapFacts(trouble=trouble))
    assert shown.trouble is not None
    assert (shown.trouble.text, shown.rows, shown.credits) == ("it is away", (), ())
