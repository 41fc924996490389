from __future__ import annotations

import pytest

from bangui.domain.errors import InvalidInput
from bangui.domain.history_queries import Metric
from bangui.web.map_query import MapQuery, map_path, read_map_query


@pytest.mark.parametrize(
    ("query", "path"),
    [
        (MapQuery(), "/map"),
        (MapQuery("24h"), "/map?range=24h"),
        (MapQuery(metric=Metric.FAILURES, country="DE"), "/map?by=failures&country=DE"),
        (MapQuery("1y", Metric.FAILURES, "US"), "/map?range=1y&by=failures&country=US"),
    ],
)
def test_an_address_and_what_it_shows_belong_together(query: MapQuery, path: str) -> None:
    assert map_path(query) == path
    parameters = dict(part.split("=") for part in path.partition("?")[2].split("&") if part)
    assert read_map_query(parameters) == query


def test_a_country_is_written_in_any_case() -> None:
    assert read_map_query({"country": " de "}).country == "DE"


@pytest.mark.parametrize(
    "parameters",
    [{"range": "2h"}, {"by": "unbans"}, {"country": "Germany"}, {"country": "<b"}, {"range": "x" * 10_000}],
)
def test_what_makes_no_sense_is_a_mistake(parameters: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_map_query(parameters)
    assert len(str(caught.value)) < 200
