"""The address of a view of the history: what was typed, what it means, and what cannot be meant.

The URL is the state, in the words of the command line: `/history?q=203.0.113.0/24&kind=ban&since=24h`. What cannot be
understood is no error page: the form comes back as it was typed, with the field in question marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from types import MappingProxyType
from urllib.parse import urlencode

from bangui.domain.addresses import parse_address
from bangui.domain.errors import InvalidInput
from bangui.domain.filter_words import parse_countries, parse_kinds, parse_networks, parse_origins
from bangui.domain.history_queries import Filter, Order, SortKey
from bangui.domain.kept_ids import LONGEST_ID, kept_id
from bangui.domain.moments import parse_moment
from bangui.domain.phrases import phrase
from bangui.domain.search_terms import narrowed
from bangui.web.language import LazyTable, lazy_in

HISTORY_PATH = "/history"
EXPORT_PATH = "/history/export"
ADDRESS_PATH = "/address"

_LONGEST = MappingProxyType({"q": LONGEST_ID, "id": LONGEST_ID, "jail": 200, "words": 300, "after": 4_000})
_LONGEST_OTHER = 60
_AS_IT_IS = frozenset({"id", "jail"})
_A_WORD = re.compile(r"[^\W_]")

RANGES: Mapping[str, str] = LazyTable(
    {
        "1h": lazy_in("range", "1 h"),
        "24h": lazy_in("range", "24 h"),
        "7d": lazy_in("range", "7 d"),
        "30d": lazy_in("range", "30 d"),
        "1y": lazy_in("range", "1 y"),
        "": lazy_in("range", "All"),
    }
)
"""The lengths of time that one click chooses, back from now."""


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """The fields of a search as they were typed; empty asks for nothing.

    `q` is what a person types: an address, a network, a beginning. `id` is exactly one id, as links say it.
    `after` is where the page before has ended. It only means something in the very same list, so `at` (Unix seconds)
    goes with it: `24h` means the 24 hours before the first page was made, however long somebody reads it.
    """

    q: str = ""
    id: str = ""
    kind: str = ""
    jail: str = ""
    country: str = ""
    network: str = ""
    since: str = ""
    until: str = ""
    origin: str = ""
    words: str = ""
    sort: str = ""
    order: str = ""
    after: str = ""
    at: str = ""

    @property
    def first_page(self) -> HistoryQuery:
        """The same list from its beginning."""
        return replace(self, after="", at="")

    @property
    def filters(self) -> HistoryQuery:
        """The same without order and place, which leave nothing out."""
        return replace(self.first_page, sort="", order="")

    @property
    def is_filtered(self) -> bool:
        """Whether some events are left out."""
        return self.filters != _EVERYTHING


_EVERYTHING = HistoryQuery()
_FIELDS = tuple(field.name for field in fields(HistoryQuery))


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What cannot be meant, and what could be."""

    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query means; what it does not say well is in `problems`, by the field."""

    filter: Filter
    order: Order
    problems: Mapping[str, FieldProblem]


def read_query(parameters: Mapping[str, str]) -> HistoryQuery:
    """Return the fields that a URL has; `range` is what the buttons of the form say, and takes the place of a time."""
    values = {name: parameters.get(name, "") for name in _FIELDS}
    query = HistoryQuery(**{name: value if name in _AS_IT_IS else value.strip() for name, value in values.items()})
    if "range" in parameters:
        return replace(query, since=parameters["range"].strip(), until="")
    return query


def is_untidy(parameters: Mapping[str, str]) -> bool:
    """Whether a URL comes from a form and not from a link: it names fields that are empty, or a range."""
    query = read_query(parameters)
    return "range" in parameters or any(not getattr(query, name) for name in _FIELDS if name in parameters)


def history_path(query: HistoryQuery, base: str = HISTORY_PATH, **more: str) -> str:
    """Return the address that shows this view."""
    values = {name: getattr(query, name) for name in _FIELDS} | more
    # A lone surrogate cannot travel in a URL, and the history keeps none.
    parameters = urlencode({name: value for name, value in values.items() if value}, errors="replace", safe=":/,")
    return f"{base}?{parameters}" if parameters else base


def address_path(id: str) -> str | None:
    """Return the address of an id's own page; None for the empty id, which no URL can ask for."""
    kept = kept_id(id)
    return f"{ADDRESS_PATH}?{urlencode({'id': kept}, safe=':/')}" if kept.strip() else None


def next_page(query: HistoryQuery, after: str, now: datetime) -> HistoryQuery:
    """Return the query of the page that follows; `now` is the moment that the times of the query were told from."""
    has_times = bool(query.since or query.until)
    return replace(query, after=after, at=str(int(now.timestamp())) if has_times else "")


def told_at(query: HistoryQuery, now: datetime) -> datetime:
    """Return the moment that the times of a query are told from, in whole seconds."""
    if query.after and query.at.isascii() and query.at.isdecimal() and len(query.at) <= 11:
        return datetime.fromtimestamp(int(query.at), UTC)
    return now.replace(microsecond=0)


def query_of_id(id: str) -> HistoryQuery:
    """Return the query for the events of an id: an address or a network means what lies in it, all else itself."""
    try:
        return HistoryQuery(q=parse_address(id).text)
    except InvalidInput:
        return HistoryQuery(id=id)


def understand(query: HistoryQuery, now: datetime) -> Asked:
    """Return what a query means, its times being told from `now`."""
    problems: dict[str, FieldProblem] = dict(_too_long(query))
    usable = replace(query, **dict.fromkeys(problems, ""))
    filter = Filter(jails=(usable.jail,) if usable.jail else ())
    for name in _FIELDS:
        text = getattr(usable, name)
        try:
            filter = _narrow(filter, name, text, now) if text else filter
        except InvalidInput as error:
            problems[name] = FieldProblem(error.message, error.hint)
    if filter.since is not None and filter.until is not None and filter.until <= filter.since:
        problems["until"] = FieldProblem(
            phrase("this is not after the beginning"), phrase("a day ends with the beginning of the next")
        )
    order = _order(usable, problems)
    return Asked(filter, order, problems)


def _too_long(query: HistoryQuery) -> Iterator[tuple[str, FieldProblem]]:
    for name in _FIELDS:
        longest = _LONGEST.get(name, _LONGEST_OTHER)
        if len(getattr(query, name)) > longest:
            yield (
                name,
                FieldProblem(
                    phrase("this is too long"), phrase("at most {longest} characters fit here", longest=longest)
                ),
            )


def _order(query: HistoryQuery, problems: dict[str, FieldProblem]) -> Order:
    if query.sort not in _SORT_WORDS or query.order not in _ORDER_WORDS:
        problems["sort"] = FieldProblem(
            phrase("a list cannot be sorted like that"),
            phrase("expected one of {choices}", choices=", ".join(SORT_KEYS)),
        )
        return Order()
    key = SORT_KEYS.get(query.sort, SortKey.TIME)
    return Order(key, is_descending=query.order == "desc" if query.order else key is SortKey.TIME)


def sorted_by(query: HistoryQuery, order: Order) -> HistoryQuery:
    """Return the query with another order, from the beginning; what is usual is left out of the address."""
    usual = order.is_descending == (order.key is SortKey.TIME)
    direction = "" if usual else "desc" if order.is_descending else "asc"
    return replace(query.first_page, sort="" if order.key is SortKey.TIME else order.key.value, order=direction)


def _narrow(filter: Filter, name: str, text: str, now: datetime) -> Filter:
    match name:
        case "q":
            return narrowed(filter, text)
        case "kind":
            return replace(filter, kinds=parse_kinds(text))
        case "country":
            return replace(filter, countries=parse_countries(text))
        case "network":
            return replace(filter, networks=parse_networks(text))
        case "since" | "until":
            moment = parse_moment(text, now)
            return replace(filter, since=moment) if name == "since" else replace(filter, until=moment)
        case "origin":
            return replace(filter, origins=parse_origins(text))
        case "id" | "words":
            return replace(filter, id=text) if name == "id" else replace(filter, text=_words(text))
    return filter


def _words(text: str) -> str:
    if not _A_WORD.search(text):
        raise InvalidInput(phrase("there is no word to look for"), phrase("such as: invalid user oracle"))
    return text


SORT_KEYS: Mapping[str, SortKey] = MappingProxyType({key.value: key for key in SortKey})
_SORT_WORDS = frozenset({"", *SORT_KEYS})
_ORDER_WORDS = frozenset({"", "asc", "desc"})
