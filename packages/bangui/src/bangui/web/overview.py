"""Build what the overview shows from a snapshot and a query: pure, no I/O."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bangui.domain.bans import Ban
from bangui.domain.daemon import Presence
from bangui.domain.jails import JailCounters
from bangui.domain.snapshot import Snapshot
from bangui.services.ban_window import BanWindow, find_window
from bangui.web.contexts import BanList, BanRow, EmptyReason, JailRow, OverviewView, Totals, UnlistedJail
from bangui.web.day import build_day
from bangui.web.history_query import HistoryQuery, address_path, history_path
from bangui.web.keys import row_key
from bangui.web.query import ViewQuery, view_path
from bangui.web.totals import build_tiles

OVERVIEW_PATH = "/"
REGIONS_PATH = "/regions/overview"


def build_overview(snapshot: Snapshot, query: ViewQuery, *, state: str, now: datetime, page_size: int) -> OverviewView:
    """Return the view of a snapshot that a query asks for."""
    window = find_window(snapshot, query.only, size=page_size, older_than=query.older, newer_than=query.newer)
    is_known = has_numbers(snapshot)
    totals = _totals(snapshot.jails)
    return OverviewView(
        state=state,
        now=now,
        was_asked=snapshot.revision > 0,
        taken_at=snapshot.taken_at if is_known else None,
        daemon=snapshot.daemon,
        totals=totals,
        tiles=build_tiles(totals if is_known else None, snapshot.record.day if snapshot.record else None),
        jails=tuple(_jail_row(jail, query) for jail in snapshot.jails),
        day=build_day(snapshot.record) if snapshot.record else None,
        bans=_ban_list(snapshot, query, window),
        query=query,
        path=view_path(query, OVERVIEW_PATH),
        clear_path=OVERVIEW_PATH,
        history_path=history_path(HistoryQuery(q=query.only.text, jail=query.only.jail or "")),
    )


def has_numbers(snapshot: Snapshot) -> bool:
    """Say whether anything was ever read: zeros of a daemon that never answered are not numbers."""
    return snapshot.daemon.presence is Presence.UP or bool(snapshot.jails)


def _totals(jails: tuple[JailCounters, ...]) -> Totals:
    return Totals(
        currently_banned=sum(jail.currently_banned for jail in jails),
        total_banned=sum(jail.total_banned for jail in jails),
        currently_failed=sum(jail.currently_failed for jail in jails),
        total_failed=sum(jail.total_failed for jail in jails),
    )


def _jail_path(query: ViewQuery, jail: str | None) -> str:
    """Choosing another jail keeps the search text and starts at the newest ban."""
    return view_path(ViewQuery(replace(query.only, jail=jail)))


def _jail_row(jail: JailCounters, query: ViewQuery) -> JailRow:
    is_chosen = query.only.jail == jail.name
    return JailRow(row_key(jail.name), jail, _jail_path(query, None if is_chosen else jail.name), is_chosen)


def _ban_row(ban: Ban, query: ViewQuery) -> BanRow:
    key = row_key(ban.jail, ban.id, str(ban.banned_at.timestamp()))
    return BanRow(key, ban.id, address_path(ban.id), ban.jail, _jail_path(query, ban.jail), ban.banned_at, ban.ends_at)


def _ban_list(snapshot: Snapshot, query: ViewQuery, window: BanWindow) -> BanList:
    newer_path = view_path(ViewQuery(query.only, newer=window.newer)) if window.newer else None
    older_path = view_path(ViewQuery(query.only, older=window.older)) if window.older else None
    return BanList(
        rows=tuple(_ban_row(ban, query) for ban in window.bans),
        first=window.before + 1,
        matching=window.matching,
        newest_path=view_path(ViewQuery(query.only)),
        every_jail_path=_jail_path(query, None),
        newer_path=newer_path,
        older_path=older_path,
        unlisted=tuple(UnlistedJail(jail.jail, jail.total) for jail in window.unlisted),
        empty=None if window.bans else _why_empty(snapshot, query, window),
    )


def _why_empty(snapshot: Snapshot, query: ViewQuery, window: BanWindow) -> EmptyReason:
    chosen = [jail for jail in snapshot.jails if query.only.jail in (None, jail.name)]
    if not has_numbers(snapshot):
        return EmptyReason.NOTHING_KNOWN
    if not snapshot.jails:
        return EmptyReason.NO_JAIL
    if not chosen:
        return EmptyReason.UNKNOWN_JAIL
    if window.unlisted and not window.matching:
        return EmptyReason.UNLISTED
    if window.matching:
        return EmptyReason.PAGE_GONE
    if query.only.text:
        return EmptyReason.NO_MATCH
    return EmptyReason.NO_BAN if any(jail.total_failed for jail in chosen) else EmptyReason.NO_FAILURE
