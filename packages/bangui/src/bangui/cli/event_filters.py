"""From options to what the history is asked."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from typing import TypeVar

from bangui.cli.history_options import SORT_KEYS
from bangui.domain.errors import InvalidInput
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import Filter, Order, SortKey
from bangui.domain.moments import parse_moment
from bangui.domain.search_terms import narrowed
from bangui.services.history import require_jails

T = TypeVar("T")


def filters_of(options: Namespace, reader: HistoryReader, now: datetime) -> tuple[Filter, ...]:
    """Return one filter for each address, network or beginning that was asked for, or one for all."""
    filter = period_of(options, reader, now)
    if not options.terms:
        return (filter,)
    return tuple(narrowed(filter, term) for term in dict.fromkeys(options.terms))


def period_of(options: Namespace, reader: HistoryReader, now: datetime) -> Filter:
    """Return the filter of all options but the addresses, after a look at what can be checked."""
    since = _moment("--since", options.since, now)
    until = _moment("--until", options.until, now)
    if since is not None and until is not None and until <= since:
        raise _empty_period(options.since, options.until)
    require_jails(reader, options.jail)
    return Filter(
        since=since,
        until=until,
        jails=_unique(options.jail),
        kinds=_unique(getattr(options, "kind", ())),
        origins=_unique(getattr(options, "origin", ())),
        countries=_unique(getattr(options, "country", ())),
        networks=_unique(getattr(options, "network", ())),
        text=_words(getattr(options, "text", None)),
    )


def order_of(options: Namespace) -> Order:
    """Return the order: the newest first, or ascending by anything else, unless it is to be the other way round."""
    key = SORT_KEYS[options.sort]
    return Order(key, (key is SortKey.TIME) is not options.reverse)


def _moment(option: str, text: str | None, now: datetime) -> int | None:
    if text is None:
        return None
    try:
        return parse_moment(text, now)
    except InvalidInput as error:
        raise InvalidInput(f"{option}: {error.message}", error.hint) from None


def _empty_period(since: str, until: str) -> InvalidInput:
    if since == until:
        return InvalidInput(
            f"there is no time between {since} and {until}", "a day ends with the beginning of the next"
        )
    return InvalidInput(f"--until {until} is before --since {since}", "exchange them")


def _unique(values: list[T] | tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))


def _words(text: str | None) -> str | None:
    if text is not None and not text.strip():
        raise InvalidInput("--text: there is no word to look for", "such as --text 'invalid user'")
    return text
