"""Use case: what does the history know about an address, a network or a banned text?

Every question is a small one: a fixed number of bans, and the few ids around that were banned most. So an address
that was banned ten thousand times is told as quickly as one that was banned once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_network

from bangui.domain.addresses import Address, covering_ids, parse_address
from bangui.domain.errors import InvalidInput
from bangui.domain.history import Event, EventKind
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import Dimension, Filter, IdSummary, Search, Top
from bangui.domain.places import IPNetwork, PlaceFinder
from bangui.domain.story import Story, Surroundings, ToldBan

_OTHERS = 5
_UNBANS = 500
# Below this an IPv6 network is larger than any that is ever announced.
_LARGEST_AROUND = {4: 8, 6: 19}


FEW = 5
"""So many bans say enough about most addresses."""


def tell_story(reader: HistoryReader, places: PlaceFinder, text: str, bans: int = FEW) -> Story:
    """Return what the history knows, with so many bans; a text that is no address is looked for as it stands."""
    try:
        address = parse_address(text)
    except InvalidInput:
        return _story_of_id(reader, text, bans)
    if address.is_network:
        return _story_of_network(reader, places, address, bans)
    return _story_of_address(reader, places, address, bans)


def _story_of_id(reader: HistoryReader, id: str, limit: int) -> Story:
    bans, has_more = _bans(reader, Filter(id=id), limit)
    return Story(id, reader.id_summary(id), tuple(reader.id_jails(id)), bans, has_more)


def _story_of_address(reader: HistoryReader, places: PlaceFinder, address: Address, limit: int) -> Story:
    bans, has_more = _bans(reader, Filter(id=address.text), limit)
    summary = reader.id_summary(address.text)
    country, network = _place(places, address.network, summary)
    subnet = parse_address(f"{address.text}/{24 if address.network.version == 4 else 48}")
    return Story(
        address.text,
        summary,
        tuple(reader.id_jails(address.text)),
        bans,
        has_more,
        around=_banned_around(reader, address),
        subnet=_surroundings(reader, subnet.text, Filter(within=subnet), address.text),
        system=_surroundings(reader, f"AS{network}", Filter(networks=(network,)), address.text) if network else None,
        country=country,
        network=network,
    )


def _story_of_network(reader: HistoryReader, places: PlaceFinder, address: Address, limit: int) -> Story:
    filter = Filter(within=address)
    bans, has_more = _bans(reader, filter, limit)
    summary = reader.id_summary(address.text)
    country, network = _place(places, address.network, summary)
    return Story(
        address.text,
        summary,
        tuple(reader.id_jails(address.text)) if summary else (),
        bans,
        has_more,
        around=_banned_around(reader, address),
        inside=_surroundings(reader, address.text, filter, None),
        system=_surroundings(reader, f"AS{network}", Filter(networks=(network,)), None) if network else None,
        country=country,
        network=network,
    )


def _place(places: PlaceFinder, network: IPNetwork, summary: IdSummary | None) -> tuple[str | None, int | None]:
    """Return where it is: as it was recorded, else as the tables say today."""
    if summary and (summary.country or summary.network):
        return summary.country, summary.network
    today = places.find(network)
    return today.country, today.network.number if today.network else None


def _bans(reader: HistoryReader, filter: Filter, limit: int) -> tuple[tuple[ToldBan, ...], bool]:
    """Return the newest bans that the filter lets through, and whether there are more."""
    page = reader.search(Search(_only(filter, EventKind.BAN), limit=limit))
    bans = page.events
    if not bans:
        return (), False
    lines = reader.lines([ban.number for ban in bans if ban.line_count])
    ends = _ends(reader, filter, bans)
    told = [
        ToldBan(ban, lines.get(ban.number, ()), reader.settings_at(ban.host, ban.jail, ban.time), ends.get(ban.number))
        for ban in bans
    ]
    return tuple(told), page.next is not None


def _only(filter: Filter, kind: EventKind) -> Filter:
    return replace(filter, kinds=(kind,))


def _ends(reader: HistoryReader, filter: Filter, bans: Sequence[Event]) -> dict[int, int]:
    """Return when each ban ended, by its number: with the first unban of its id after it and before its next ban."""
    since_then = replace(_only(filter, EventKind.UNBAN), since=min(ban.time for ban in bans))
    unbans = reader.search(Search(since_then, limit=_UNBANS)).events
    ends: dict[int, int] = {}
    next_ban: dict[tuple[str, str, str], int] = {}
    for ban in bans:
        who = (ban.host, ban.jail, ban.id)
        later = [
            unban.time
            for unban in unbans
            if (unban.host, unban.jail, unban.id) == who and ban.time <= unban.time <= next_ban.get(who, unban.time)
        ]
        if later:
            ends[ban.number] = min(later)
        next_ban[who] = ban.time
    return ends


def _banned_around(reader: HistoryReader, address: Address) -> tuple[IdSummary, ...]:
    shortest = _LARGEST_AROUND[address.network.version]
    around = []
    for id in covering_ids(address)[1:]:
        if ip_network(id).prefixlen < shortest:
            break
        summary = reader.id_summary(id)
        if summary and summary.bans:
            around.append(summary)
    return tuple(around)


def _surroundings(reader: HistoryReader, name: str, filter: Filter, without: str | None) -> Surroundings:
    top = reader.top(Top(Dimension.ADDRESS, filter=filter, limit=_OTHERS + 1))
    others = [row for row in top if row.key != without]
    return Surroundings(name, reader.count(_only(filter, EventKind.BAN)), tuple(others[:_OTHERS]))
