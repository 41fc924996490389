"""The filters in force in words, each with the address of the same view without it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bangui.domain.history_queries import Filter
from bangui.web.country_words import country_name
from bangui.web.event_words import ORIGIN_NAMES, kind_name
from bangui.web.history_contexts import Chip
from bangui.web.history_query import RANGES, HistoryQuery, history_path
from bangui.web.language import gettext as _
from bangui.web.language import pgettext


def chips_of(query: HistoryQuery, filter: Filter, networks: Mapping[int, str]) -> tuple[Chip, ...]:
    """Return a chip for each filter in force; `networks` are names of networks that are known."""
    base = query.first_page
    return tuple(
        Chip(name, text, history_path(replace(base, **dict.fromkeys(fields, ""))))
        for name, text, fields in _texts(query, filter, networks)
    )


def _texts(
    query: HistoryQuery, filter: Filter, networks: Mapping[int, str]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the name, the text and the fields of each filter; what was not understood is no filter."""
    yield from _id_texts(query, filter)
    if filter.kinds:
        yield _("Kind"), _joined(map(kind_name, filter.kinds)), ("kind",)
    if filter.jails:
        yield _("Jail"), _joined(filter.jails), ("jail",)
    if filter.countries:
        yield _("Country"), _joined(map(country_name, filter.countries)), ("country",)
    if filter.networks:
        yield _("Network"), _joined(network_text(number, networks) for number in filter.networks), ("network",)
    if filter.origins:
        yield _("Asked by"), _joined(ORIGIN_NAMES[origin] for origin in filter.origins), ("origin",)
    if filter.text:
        yield _("Lines with"), filter.text, ("words",)
    if filter.since is not None or filter.until is not None:
        yield _time(query, filter)


def _id_texts(query: HistoryQuery, filter: Filter) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    if filter.within:
        yield (_("Within") if filter.within.is_network else _("Address")), filter.within.text, ("q",)
    if filter.prefix:
        yield _("Begins with"), filter.prefix, ("q",)
    if filter.id is not None:
        yield _("Exactly"), filter.id, ("id",) if query.id else ("q",)


def _time(query: HistoryQuery, filter: Filter) -> tuple[str, str, tuple[str, ...]]:
    fields = ("since", "until")
    if filter.until is None:
        if query.since in RANGES:
            return pgettext("time", "Last"), RANGES[query.since], fields
        return pgettext("time", "Since"), query.since, fields
    if filter.since is None:
        return pgettext("time", "Until"), query.until, fields
    return _("Time"), f"{query.since} – {query.until}", fields


def network_text(number: int, names: Mapping[int, str]) -> str:
    """Return a network in words: `AS4134 CHINANET`; its name is hostile."""
    name = names.get(number)
    return f"AS{number} {name}" if name else f"AS{number}"


def _joined(words: Iterator[str] | tuple[str, ...] | map[str]) -> str:
    return ", ".join(words)
