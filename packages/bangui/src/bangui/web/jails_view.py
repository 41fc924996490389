"""Build the list of jails: pure, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bangui.domain.daemon import Presence
from bangui.domain.errors import BanGUIError
from bangui.domain.jails import JailCounters, JailRule
from bangui.domain.moments import moment_of
from bangui.domain.snapshot import Snapshot
from bangui.services.jail_days import HOURS, JailDay
from bangui.web.charts import bars_of
from bangui.web.history_query import HistoryQuery
from bangui.web.jail_colours import JailColours
from bangui.web.jails_contexts import JailListRow, JailsView, Spark
from bangui.web.jails_words import bans_path, jail_path
from bangui.web.keys import row_key
from bangui.web.language import said
from bangui.web.words import sentence

_NO_DAY = JailDay((0,) * HOURS, (0,) * HOURS)


@dataclass(frozen=True, slots=True)
class JailsFacts:
    """What is known about all jails; `days` is None where the history did not say. `trouble` is the daemon's."""

    snapshot: Snapshot
    rules: Mapping[str, JailRule] = field(default_factory=dict)
    paused: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, JailDay] | None = None
    trouble: BanGUIError | None = None
    is_open: bool = False


def build_jails(facts: JailsFacts, now: datetime) -> JailsView:
    """Return the view of all jails."""
    snapshot = facts.snapshot
    colours = JailColours(jail.name for jail in snapshot.jails)
    was_read = snapshot.daemon.presence is Presence.UP or bool(snapshot.jails)
    return JailsView(
        now,
        snapshot.taken_at if was_read else None,
        tuple(_row(facts, jail, colours.tone(jail.name), now) for jail in snapshot.jails),
        facts.is_open,
        problem=sentence(facts.trouble.message) if facts.trouble else "",
        hint=sentence(facts.trouble.hint) if facts.trouble else "",
    )


def _row(facts: JailsFacts, jail: JailCounters, tone: int, now: datetime) -> JailListRow:
    rule, paused = facts.rules.get(jail.name), facts.paused.get(jail.name)
    return JailListRow(
        row_key("jail", jail.name),
        jail,
        jail_path(jail.name),
        bans_path(jail.name),
        f"{jail_path(jail.name)}#failing",
        said(rule.in_words()) if rule else None,
        moment_of(paused) if paused is not None else None,
        tone,
        None if facts.days is None else _spark(facts.days.get(jail.name, _NO_DAY), jail.name, now),
    )


def _spark(day: JailDay, jail: str, now: datetime) -> Spark:
    hour = now.replace(minute=0, second=0, microsecond=0)
    starts = [hour - timedelta(hours=HOURS - 1 - place) for place in range(HOURS)]
    bars = bars_of(day.failures, starts, now, HistoryQuery(kind="failure", jail=jail))
    return Spark(bars, sum(day.failures), sum(day.bans))
