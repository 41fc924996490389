"""The address of a map: over which time, of what, and which country everything else is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from urllib.parse import urlencode

from bangui.domain.errors import InvalidInput
from bangui.domain.filter_words import parse_countries
from bangui.domain.history_queries import Metric
from bangui.domain.phrases import phrase

MAP_PATH = "/map"

MAP_RANGES: Mapping[str, timedelta] = MappingProxyType(
    {"24h": timedelta(hours=24), "7d": timedelta(days=7), "30d": timedelta(days=30), "1y": timedelta(days=365)}
)
USUAL_RANGE = "7d"


@dataclass(frozen=True, slots=True)
class MapQuery:
    """What a map shows; `country` is a code in upper case, empty where none is chosen."""

    range: str = USUAL_RANGE
    metric: Metric = Metric.BANS
    country: str = ""


def read_map_query(parameters: Mapping[str, str]) -> MapQuery:
    """Return what a URL asks for, or raise `InvalidInput`."""
    range = parameters.get("range") or USUAL_RANGE
    if range not in MAP_RANGES:
        raise _unknown(range, MAP_RANGES)
    by = parameters.get("by") or Metric.BANS.value
    metrics = {metric.value: metric for metric in Metric}
    if by not in metrics:
        raise _unknown(by, metrics)
    country = parameters.get("country", "").strip()
    return MapQuery(range, metrics[by], parse_countries(country)[0] if country else "")


def _unknown(word: str, known: Mapping[str, object]) -> InvalidInput:
    return InvalidInput(
        phrase("{word!r} is not known", word=word[:100]), phrase("expected one of {choices}", choices=", ".join(known))
    )


def map_path(query: MapQuery) -> str:
    """Return the address of a map."""
    values = {
        "range": query.range if query.range != USUAL_RANGE else "",
        "by": query.metric.value if query.metric is not Metric.BANS else "",
        "country": query.country,
    }
    parameters = urlencode({name: value for name, value in values.items() if value})
    return f"{MAP_PATH}?{parameters}" if parameters else MAP_PATH
