"""The address of a view of the bans in force: what was typed, what it means, and what cannot be meant.

The URL is the state: `/bans?q=203.0.113.0/24&jail=sshd&sort=left`. The forms that change all bans that match carry the
same fields (`filter_fields`), and whoever takes them reads them with `read_bans_query` and `understand_bans` too, so
that both mean the same bans.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from urllib.parse import urlencode

from bangui.domain.addresses import parse_address
from bangui.domain.errors import InvalidInput
from bangui.domain.filter_words import parse_countries, parse_networks, parse_origins
from bangui.domain.kept_ids import LONGEST_ID
from bangui.services.ban_matching import BanFilter
from bangui.services.ban_order import BanKey, BanOrder, BanPlace
from bangui.web.errors import WebError
from bangui.web.history_query import FieldProblem
from bangui.web.language import gettext as _
from bangui.web.language import said
from bangui.web.url_words import LONGEST_PLACE, damaged_place, decode_values, encode_values

BANS_PATH = "/bans"
BANS_REGIONS_PATH = "/regions/bans"
NEW_BAN_PATH = "/bans/new"

_LONGEST = MappingProxyType({"q": LONGEST_ID, "jail": 300, "after": LONGEST_PLACE, "before": LONGEST_PLACE})
_LONGEST_OTHER = 60
# A place's texts only order bans that are alike in all else, so their beginnings are enough; without a limit an
# attacker's long id on the edge of a page would make an address that nothing accepts.
_LONGEST_IN_PLACE = 64


@dataclass(frozen=True, slots=True)
class BansQuery:
    """The fields of a search as they were typed; empty asks for nothing.

    `q` is what a person types: an address, a network, or a part of an id or of a jail's name. `address` can only be
    one of the first two, as links say it. `after` and `before` are the edges of the page before or after this one.
    """

    q: str = ""
    jail: str = ""
    country: str = ""
    network: str = ""
    origin: str = ""
    address: str = ""
    sort: str = ""
    order: str = ""
    after: str = ""
    before: str = ""

    @property
    def first_page(self) -> BansQuery:
        """The same list from its beginning."""
        return replace(self, after="", before="")

    @property
    def filters(self) -> BansQuery:
        """The same without order and place, which leave nothing out."""
        return replace(self.first_page, sort="", order="")

    @property
    def is_filtered(self) -> bool:
        """Whether some bans are left out."""
        return self.filters != _EVERYTHING


_EVERYTHING = BansQuery()
_FIELDS = tuple(field.name for field in fields(BansQuery))
FILTER_FIELDS = ("q", "jail", "country", "network", "origin", "address")


@dataclass(frozen=True, slots=True)
class AskedBans:
    """What a query means; what it does not say well is in `problems`, by the field."""

    filter: BanFilter
    order: BanOrder
    problems: Mapping[str, FieldProblem]
    after: BanPlace | None = None
    before: BanPlace | None = None


def read_bans_query(values: Mapping[str, str]) -> BansQuery:
    """Return the fields that a URL or a form has."""
    found = {name: values.get(name, "") for name in _FIELDS}
    return BansQuery(**{name: value if name == "jail" else value.strip() for name, value in found.items()})


def is_untidy(parameters: Mapping[str, str]) -> bool:
    """Whether a URL comes from a form and not from a link: it names fields that are empty."""
    query = read_bans_query(parameters)
    return any(not getattr(query, name) for name in _FIELDS if name in parameters)


def bans_path(query: BansQuery) -> str:
    """Return the address that shows this view."""
    values = {name: value for name in _FIELDS if (value := getattr(query, name))}
    # A lone surrogate cannot travel in a URL; such a jail's link leads to an empty view instead of an error here.
    parameters = urlencode(values, errors="replace", safe=":/,")
    return f"{BANS_PATH}?{parameters}" if parameters else BANS_PATH


def filter_fields(query: BansQuery) -> tuple[tuple[str, str], ...]:
    """Return the fields that say which bans are meant, with their values, as a form has to carry them."""
    return tuple((name, value) for name in FILTER_FIELDS if (value := getattr(query, name)))


def understand_bans(query: BansQuery) -> AskedBans:
    """Return what a query means; raises WebError where the place of a page is damaged."""
    problems: dict[str, FieldProblem] = dict(_too_long(query))
    usable = replace(query, **dict.fromkeys(problems, ""))
    filter = BanFilter(jail=usable.jail or None)
    for name in FILTER_FIELDS:
        text = getattr(usable, name)
        try:
            filter = _narrow(filter, name, text) if text else filter
        except InvalidInput as error:
            problems[name] = FieldProblem(said(error.message), said(error.hint))
    order = _order(usable, problems)
    if problems:
        return AskedBans(filter, order, problems)
    return AskedBans(filter, order, problems, *(_place(word, order.key) for word in (query.after, query.before)))


def _too_long(query: BansQuery) -> Iterator[tuple[str, FieldProblem]]:
    for name in _FIELDS:
        longest = _LONGEST.get(name, _LONGEST_OTHER)
        if len(getattr(query, name)) > longest:
            hint = _("at most %(number)s characters fit here") % {"number": longest}
            yield name, FieldProblem(_("this is too long"), hint)


def _narrow(filter: BanFilter, name: str, text: str) -> BanFilter:
    match name:
        case "q":
            return _narrow_by_term(filter, text)
        case "address":
            return replace(filter, within=(*filter.within, parse_address(text)))
        case "country":
            return replace(filter, countries=parse_countries(text))
        case "network":
            return replace(filter, networks=parse_networks(text))
        case "origin":
            return replace(filter, origins=parse_origins(text))
    return filter


def _narrow_by_term(filter: BanFilter, term: str) -> BanFilter:
    try:
        return replace(filter, within=(*filter.within, parse_address(term)))
    except InvalidInput:
        return replace(filter, text=term)


def _order(query: BansQuery, problems: dict[str, FieldProblem]) -> BanOrder:
    if query.sort not in _SORT_WORDS or query.order not in _ORDER_WORDS:
        hint = _("expected one of %(words)s") % {"words": ", ".join(_KEYS)}
        problems["sort"] = FieldProblem(_("a list cannot be sorted like that"), hint)
        return BanOrder()
    key = _KEYS.get(query.sort, BanKey.TIME)
    return BanOrder(key, is_descending=query.order == "desc" if query.order else key is BanKey.TIME)


def sorted_by(query: BansQuery, order: BanOrder) -> BansQuery:
    """Return the query with another order, from the beginning; what is usual is left out of the address."""
    usual = order.is_descending == (order.key is BanKey.TIME)
    direction = "" if usual else "desc" if order.is_descending else "asc"
    return replace(query.first_page, sort="" if order.key is BanKey.TIME else order.key.value, order=direction)


def page_after(query: BansQuery, place: BanPlace) -> BansQuery:
    """Return the query of the page that follows a place."""
    return replace(query.first_page, after=_encode_place(place))


def page_before(query: BansQuery, place: BanPlace) -> BansQuery:
    """Return the query of the page that ends before a place."""
    return replace(query.first_page, before=_encode_place(place))


def _encode_place(place: BanPlace) -> str:
    value = place.value[:_LONGEST_IN_PLACE] if isinstance(place.value, str) else place.value
    return encode_values([value, place.newness, place.jail[:_LONGEST_IN_PLACE], place.id[:_LONGEST_IN_PLACE]])


def _place(word: str, key: BanKey) -> BanPlace | None:
    if not word:
        return None
    match decode_values(word):
        case [value, int() | float() as newness, str() as jail, str() as id] if _is_value_of(value, key):
            return BanPlace(value, newness, jail, id)
    raise WebError(damaged_place())


def _is_value_of(value: str | float, key: BanKey) -> bool:
    return isinstance(value, str) == (key in _KEYS_WITH_TEXT)


_KEYS: Mapping[str, BanKey] = MappingProxyType({key.value: key for key in BanKey})
_KEYS_WITH_TEXT = frozenset({BanKey.ADDRESS, BanKey.JAIL, BanKey.COUNTRY})
_SORT_WORDS = frozenset({"", *_KEYS})
_ORDER_WORDS = frozenset({"", "asc", "desc"})
