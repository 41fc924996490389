"""Build the numbers at the head of the overview, each with what it counts and where that is listed."""

from __future__ import annotations

from collections.abc import Iterator

from bangui.domain.last_day import LastDay, Period
from bangui.domain.moments import milliseconds_of
from bangui.web.bans_query import BANS_PATH
from bangui.web.chart_query import minute
from bangui.web.contexts import Tile, Totals
from bangui.web.history_query import HistoryQuery, history_path
from bangui.web.language import gettext as _


def build_tiles(totals: Totals | None, day: LastDay | None) -> tuple[Tile, ...]:
    """Return what is counted now, and what was recorded today and this week; None means that it is not known."""
    now = (
        Tile(
            "banned",
            _("Banned now"),
            _("addresses kept out"),
            None if totals is None else totals.currently_banned,
            BANS_PATH,
        ),
        Tile(
            "failing",
            _("Failing now"),
            _("may be banned next"),
            None if totals is None else totals.currently_failed,
            "#jails",
        ),
    )
    return (*now, *(_since_start(totals) if day is None else _recorded(day)))


def _since_start(totals: Totals | None) -> Iterator[Tile]:
    since = _("since fail2ban started")
    yield Tile("bans", _("Bans in all"), since, None if totals is None else totals.total_banned, "#jails")
    yield Tile("failures", _("Failures in all"), since, None if totals is None else totals.total_failed, "#jails")


def _recorded(day: LastDay) -> Iterator[Tile]:
    yield _bans("bans-today", _("Bans today"), day.today)
    yield _failures("failures-today", _("Failures today"), day.today)
    yield _bans("bans-week", _("Bans this week"), day.week)
    yield _failures("failures-week", _("Failures this week"), day.week)


def _bans(key: str, label: str, period: Period) -> Tile:
    change = change_in_words(period.bans, period.bans_before)
    return Tile(key, label, change, period.bans, _path("ban", period), period.since)


def _failures(key: str, label: str, period: Period) -> Tile:
    change = change_in_words(period.failures, period.failures_before)
    return Tile(key, label, change, period.failures, _path("failure", period), period.since)


def _path(kind: str, period: Period) -> str:
    return history_path(HistoryQuery(kind=kind, since=minute(milliseconds_of(period.since))))


def change_in_words(now: int, before: int | None) -> str:
    """Return how a number compares with the one of the same time a week before."""
    if before is None:
        return _("no record of the week before")
    if before == 0:
        return _("none a week before") if now else _("as a week before")
    percent = round(100 * (now - before) / before)
    if percent == 0:
        return _("as a week before")
    if percent >= 200:
        return _("%(times)s times a week before") % {"times": f"{now / before:.0f}"}
    text = _("%(percent)s %% more than a week before") if percent > 0 else _("%(percent)s %% fewer than a week before")
    return text % {"percent": abs(percent)}
