"""Build what the overview shows from a snapshot: pure, no I/O."""

from __future__ import annotations

from datetime import datetime

from bangui.domain.bans import Ban
from bangui.domain.daemon import Presence
from bangui.domain.jails import JailCounters
from bangui.domain.snapshot import Snapshot
from bangui.services.latest_bans import latest_bans
from bangui.web.bans_query import BANS_PATH
from bangui.web.contexts import BanRow, EmptyReason, JailRow, LatestBans, OverviewView, Totals, UnlistedJail
from bangui.web.day import build_day
from bangui.web.history_query import address_path
from bangui.web.jails_words import jail_path
from bangui.web.keys import row_key
from bangui.web.totals import build_tiles

OVERVIEW_PATH = "/"
REGIONS_PATH = "/regions/overview"
# As many as stand beside the jails of an ordinary host; all of them have a page of their own.
LISTED = 12


def build_overview(snapshot: Snapshot, *, state: str, now: datetime) -> OverviewView:
    """Return the view of a snapshot."""
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
        jails=tuple(JailRow(row_key(jail.name), jail, jail_path(jail.name)) for jail in snapshot.jails),
        day=build_day(snapshot.record) if snapshot.record else None,
        bans=_latest(snapshot),
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


def _latest(snapshot: Snapshot) -> LatestBans:
    rows = tuple(_ban_row(ban) for ban in latest_bans(snapshot, LISTED))
    unlisted = tuple(UnlistedJail(jail.jail, jail.total) for jail in snapshot.bans if not jail.complete)
    return LatestBans(rows, BANS_PATH, unlisted, None if rows else _why_empty(snapshot, unlisted))


def _ban_row(ban: Ban) -> BanRow:
    key = row_key(ban.jail, ban.id, str(ban.banned_at.timestamp()))
    return BanRow(key, ban.id, address_path(ban.id), ban.jail, jail_path(ban.jail), ban.banned_at, ban.ends_at)


def _why_empty(snapshot: Snapshot, unlisted: tuple[UnlistedJail, ...]) -> EmptyReason:
    if not has_numbers(snapshot):
        return EmptyReason.NOTHING_KNOWN
    if not snapshot.jails:
        return EmptyReason.NO_JAIL
    if unlisted:
        return EmptyReason.UNLISTED
    return EmptyReason.NO_BAN if any(jail.total_failed for jail in snapshot.jails) else EmptyReason.NO_FAILURE
