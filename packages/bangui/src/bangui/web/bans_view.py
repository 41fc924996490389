"""Build what the page of the bans in force shows of a search and its answer: pure, no I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from bangui.domain.filter_words import ORIGIN_WORDS
from bangui.domain.places import Network
from bangui.domain.snapshot import Snapshot
from bangui.services.ban_matching import BanFilter
from bangui.services.ban_order import BanKey, BanOrder
from bangui.services.ban_search import FoundBan, FoundBans
from bangui.web.ban_values import ban_value
from bangui.web.bans_contexts import BansForm, BansRow, BansView, EmptyBans
from bangui.web.bans_query import (
    BANS_PATH,
    NEW_BAN_PATH,
    AskedBans,
    BansQuery,
    bans_path,
    filter_fields,
    page_after,
    page_before,
    sorted_by,
)
from bangui.web.contexts import UnlistedJail
from bangui.web.country_words import country_name
from bangui.web.event_words import ORIGIN_NAMES, asker_of
from bangui.web.history_contexts import Chip, Head, NetworkLink
from bangui.web.history_filters import network_text
from bangui.web.history_query import HistoryQuery, address_path, history_path
from bangui.web.history_view import choices_of
from bangui.web.keys import row_key
from bangui.web.language import LazyText, lazy
from bangui.web.language import gettext as _
from bangui.web.overview import has_numbers

_COLUMNS: tuple[tuple[str, LazyText, BanKey], ...] = (
    ("address", lazy("Address"), BanKey.ADDRESS),
    ("jail", lazy("Jail"), BanKey.JAIL),
    ("country", lazy("Country"), BanKey.COUNTRY),
    ("network", lazy("Network"), BanKey.NETWORK),
    ("since", lazy("Banned"), BanKey.TIME),
    ("ends", lazy("Ends"), BanKey.LEFT),
)
_SELDOM = ("network", "origin")


@dataclass(frozen=True, slots=True)
class Moment:
    """When and for whom a page is made. `state` names what it shows; `credits` say where its places come from."""

    state: str
    now: datetime
    may_ban: bool
    credits: tuple[str, ...] = ()


def build_bans(
    snapshot: Snapshot, query: BansQuery, asked: AskedBans, found: FoundBans | None, moment: Moment
) -> BansView:
    """Return the view of a search; `found` is None where nothing was searched for."""
    found = found or FoundBans((), 1, 0, None, None, ())
    rows = tuple(_row(one, query) for one in found.bans)
    empty = None if rows else _why_empty(snapshot, query, asked, found)
    return BansView(
        state=moment.state,
        now=moment.now,
        was_asked=snapshot.revision > 0,
        taken_at=snapshot.taken_at if has_numbers(snapshot) else None,
        daemon=snapshot.daemon,
        may_ban=moment.may_ban,
        query=query,
        form=_form(snapshot, query, asked, found),
        chips=tuple(_chips(query, asked.filter, _network_names(found))),
        heads=tuple(_heads(query, asked.order)),
        rows=rows,
        total=sum(jail.currently_banned for jail in snapshot.jails),
        matching=found.matching,
        first=found.first,
        last=found.last,
        every=filter_fields(query),
        path=bans_path(query),
        first_path=bans_path(query.first_page) if query != query.first_page else None,
        previous_path=bans_path(page_before(query, found.previous)) if found.previous else None,
        next_path=bans_path(page_after(query, found.next)) if found.next else None,
        clear_path=BANS_PATH,
        new_path=_new_path(query),
        history_path=_history_path(query),
        every_jail_path=bans_path(replace(query.first_page, jail="")),
        unlisted=tuple(UnlistedJail(jail.jail, jail.total) for jail in found.unlisted),
        empty=empty,
        credits=moment.credits if rows else (),
    )


def _row(found: FoundBan, query: BansQuery) -> BansRow:
    ban, place, base = found.ban, found.place, query.first_page
    return BansRow(
        key=row_key(ban.jail, ban.id, str(ban.banned_at.timestamp())),
        value=ban_value(ban.jail, ban.id),
        id=ban.id,
        id_path=address_path(ban.id),
        jail=ban.jail,
        jail_path=bans_path(replace(base, jail=ban.jail)),
        country=place.country,
        country_path=bans_path(replace(base, country=place.country)) if place.country else None,
        network=_network_link(place.network, base) if place.network else None,
        banned_at=ban.banned_at,
        ends_at=ban.ends_at,
        by=asker_of(found.asked.origin, found.asked.author) if found.asked else "",
        reason=found.asked.reason if found.asked else "",
    )


def _network_link(network: Network, base: BansQuery) -> NetworkLink:
    return NetworkLink(network.number, network.name or None, bans_path(replace(base, network=f"AS{network.number}")))


def _form(snapshot: Snapshot, query: BansQuery, asked: AskedBans, found: FoundBans) -> BansForm:
    countries = sorted(((code, country_name(code)) for code in found.countries), key=lambda choice: choice[1])
    return BansForm(
        query=query,
        jails=choices_of([(jail.name, jail.name) for jail in snapshot.jails], query.jail),
        countries=choices_of(countries, query.country.upper()),
        origins=choices_of(
            [(word, ORIGIN_NAMES[origin]) for word, origin in ORIGIN_WORDS.items()], query.origin.lower()
        ),
        problems=asked.problems,
        is_wide=any(getattr(query, name) or name in asked.problems for name in _SELDOM),
    )


def _heads(query: BansQuery, order: BanOrder) -> Iterator[Head]:
    for look, name, key in _COLUMNS:
        if key is order.key:
            turned = sorted_by(query, replace(order, is_descending=not order.is_descending))
            yield Head(str(name), bans_path(turned), "descending" if order.is_descending else "ascending", look)
        else:
            yield Head(str(name), bans_path(sorted_by(query, BanOrder(key, key is BanKey.TIME))), look=look)


def _chips(query: BansQuery, filter: BanFilter, networks: Mapping[int, str]) -> Iterator[Chip]:
    """Yield a chip for each filter in force; what was not understood is no filter."""
    for name, text, field in _chip_texts(query, filter, networks):
        yield Chip(name, text, bans_path(replace(query.first_page, **{field: ""})))


def _chip_texts(query: BansQuery, filter: BanFilter, networks: Mapping[int, str]) -> Iterator[tuple[str, str, str]]:
    if filter.text:
        yield _("Contains"), filter.text, "q"
    for address in filter.within:
        field = "q" if address is filter.within[0] and not filter.text and query.q else "address"
        yield (_("Within") if address.is_network else _("Address")), address.text, field
    if filter.jail:
        yield _("Jail"), filter.jail, "jail"
    if filter.countries:
        yield _("Country"), ", ".join(map(country_name, filter.countries)), "country"
    if filter.networks:
        yield _("Network"), ", ".join(network_text(number, networks) for number in filter.networks), "network"
    if filter.origins:
        yield _("Asked by"), ", ".join(ORIGIN_NAMES[origin] for origin in filter.origins), "origin"


def _network_names(found: FoundBans) -> Mapping[int, str]:
    return {network.number: network.name for one in found.bans if (network := one.place.network)}


def _new_path(query: BansQuery) -> str:
    """Return the address of the form for a ban, which leads back here."""
    return NEW_BAN_PATH if query == BansQuery() else f"{NEW_BAN_PATH}?{urlencode({'back': bans_path(query)})}"


def _history_path(query: BansQuery) -> str:
    """Return the address of the same search in the history, as far as it can be searched for there."""
    return history_path(
        HistoryQuery(q=query.address or query.q, jail=query.jail, country=query.country, network=query.network)
    )


def _why_empty(snapshot: Snapshot, query: BansQuery, asked: AskedBans, found: FoundBans) -> EmptyBans:
    if asked.problems:
        return EmptyBans.WRONG_FIELD
    if not has_numbers(snapshot):
        return EmptyBans.NOTHING_KNOWN
    if not snapshot.jails:
        return EmptyBans.NO_JAIL
    if query.jail and query.jail not in {jail.name for jail in snapshot.jails}:
        return EmptyBans.UNKNOWN_JAIL
    if found.matching:
        return EmptyBans.PAGE_GONE
    if query.is_filtered or found.unlisted:
        return _why_nothing_matches(asked, found)
    return EmptyBans.NO_BAN if any(jail.total_failed for jail in snapshot.jails) else EmptyBans.NO_FAILURE


def _why_nothing_matches(asked: AskedBans, found: FoundBans) -> EmptyBans:
    if asked.filter.origins and not found.has_origins:
        return EmptyBans.UNKNOWN_ORIGINS
    return EmptyBans.UNLISTED if found.unlisted else EmptyBans.NO_MATCH
