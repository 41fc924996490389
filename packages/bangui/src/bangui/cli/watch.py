"""`bangui watch`: bans and unbans as they happen, one line each."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from datetime import datetime

from bangui.cli.exit_codes import ExitCode
from bangui.cli.inert import inert
from bangui.cli.json_values import ban_value, counters_value, dump, time_value
from bangui.cli.parts import Follow, Live
from bangui.cli.screen import Screen
from bangui.cli.status import headline
from bangui.cli.times import clock, exact
from bangui.domain.bans import Ban
from bangui.domain.changes import Banned, Change, JailsChanged, Prolonged, Recounted, Unbanned, changes_between
from bangui.domain.daemon import Presence
from bangui.domain.durations import duration_in_words
from bangui.domain.errors import AwayReason, DaemonAway
from bangui.domain.gateway import Gateway
from bangui.domain.operations import ReadVersion
from bangui.domain.snapshot import Snapshot


def follower(options: Namespace, screen: Screen) -> Follow:
    """Return what `watch` does with a live state."""
    teller = _JsonTeller(screen) if options.json else _TextTeller(screen)

    async def follow(gateway: Gateway, live: Live) -> int:
        await _refuse_what_waiting_cannot_mend(gateway)
        await _follow(live, teller)
        return ExitCode.FINE

    return follow


async def _refuse_what_waiting_cannot_mend(gateway: Gateway) -> None:
    """Raise when this user may not open the socket; a daemon that is merely away may come."""
    try:
        await gateway.perform(ReadVersion())
    except DaemonAway as away:
        if away.reason in {AwayReason.DENIED, AwayReason.FOREIGN}:
            raise


async def _follow(live: Live, teller: _TextTeller | _JsonTeller) -> None:
    last_up: Snapshot | None = None
    is_away = False
    async for snapshot in live.subscribe():
        if snapshot.revision == 0 or snapshot.daemon.presence is Presence.STARTING:
            continue
        if snapshot.daemon.presence is Presence.AWAY:
            if not is_away:
                teller.away(snapshot)
            is_away = True
            continue
        if last_up is None or is_away:
            teller.here(snapshot, is_back=last_up is not None or is_away)
        if last_up is not None:
            for change in changes_between(last_up, snapshot):
                teller.change(change, snapshot.taken_at)
        last_up, is_away = snapshot, False


class _TextTeller:
    """Tells events in lines for people."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def here(self, snapshot: Snapshot, *, is_back: bool) -> None:
        line = headline(snapshot)
        self._line(snapshot.taken_at, snapshot.taken_at, ("back: " if is_back else "") + line, "bold")

    def away(self, snapshot: Snapshot) -> None:
        since = snapshot.daemon.since
        reason = inert(snapshot.daemon.problem or "")
        self._line(since, since, f"fail2ban is away: {reason}; waiting for it to come back", "red")

    def change(self, change: Change, now: datetime) -> None:
        moment, text = _in_words(change, now)
        self._line(moment, now, text)

    def _line(self, moment: datetime, now: datetime, text: str, style: str | None = None) -> None:
        time = clock(moment, now) if self._screen.is_terminal else exact(moment)
        self._screen.line(f"{self._screen.styled(time, 'dim')}  {self._screen.styled(text, style) if style else text}")
        self._screen.flush()


def _in_words(change: Change, now: datetime) -> tuple[datetime, str]:
    match change:
        case Banned(ban):
            return ban.banned_at, f"ban      {_where(ban)}  {_until(ban, now)}"
        case Unbanned(ban, noticed_at):
            return noticed_at, f"unban    {_where(ban)}"
        case Prolonged(ban, noticed_at):
            return noticed_at, f"prolong  {_where(ban)}  {_until(ban, now)}"
        case Recounted(jail, before, after, noticed_at):
            return noticed_at, f"count    {inert(jail)}  {after} bans ({after - before:+d}), too many to list"
        case JailsChanged(started, stopped, noticed_at):
            parts = [f"+{inert(name)}" for name in started] + [f"-{inert(name)}" for name in stopped]
            return noticed_at, f"jails    {' '.join(parts)}"


def _where(ban: Ban) -> str:
    return f"{inert(ban.jail)}  {inert(ban.id)}"


def _until(ban: Ban, now: datetime) -> str:
    if ban.ends_at is None or ban.duration is None:
        return "permanent"
    return f"until {clock(ban.ends_at, now)} ({duration_in_words(ban.duration)})"


class _JsonTeller:
    """Tells events as lines of JSON; the keys are documented in docs/cli.md."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def here(self, snapshot: Snapshot, *, is_back: bool) -> None:
        self._event(
            "back" if is_back else "start",
            snapshot.taken_at,
            {
                "host": snapshot.host,
                "version": snapshot.daemon.version,
                "jails": [counters_value(jail) for jail in snapshot.jails],
            },
        )

    def away(self, snapshot: Snapshot) -> None:
        daemon = snapshot.daemon
        self._event("away", daemon.since, {"host": daemon.host, "problem": daemon.problem, "hint": daemon.hint})

    def change(self, change: Change, now: datetime) -> None:
        for event, moment, fields in _as_events(change):
            self._event(event, moment, {**fields, "noticed_at": time_value(now)})

    def _event(self, event: str, moment: datetime, fields: dict[str, object]) -> None:
        self._screen.line(dump({"event": event, "time": time_value(moment), **fields}))
        self._screen.flush()


def _as_events(change: Change) -> Iterator[tuple[str, datetime, dict[str, object]]]:
    match change:
        case Banned(ban):
            yield "ban", ban.banned_at, ban_value(ban)
        case Unbanned(ban, noticed_at):
            yield "unban", noticed_at, ban_value(ban)
        case Prolonged(ban, noticed_at):
            yield "prolong", noticed_at, ban_value(ban)
        case Recounted(jail, before, after, noticed_at):
            yield "count", noticed_at, {"jail": jail, "before": before, "after": after}
        case JailsChanged(started, stopped, noticed_at):
            yield "jails", noticed_at, {"started": list(started), "stopped": list(stopped)}
