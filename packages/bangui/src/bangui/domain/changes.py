"""What happened between two snapshots of a host, as events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bangui.domain.bans import Ban, JailBans
from bangui.domain.snapshot import Snapshot

# The daemon's socket cuts times off to whole seconds, its database rounds them; a list may come from either.
_ROUNDING = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Banned:
    """A ban that was not there before; it carries its own time."""

    ban: Ban


@dataclass(frozen=True, slots=True)
class Unbanned:
    """A ban that is there no more, by its end or by hand, noticed at that time."""

    ban: Ban
    noticed_at: datetime


@dataclass(frozen=True, slots=True)
class Prolonged:
    """A ban that ends at another time than before (fail2ban lets bans of repeated offenders grow)."""

    ban: Ban
    noticed_at: datetime


@dataclass(frozen=True, slots=True)
class Recounted:
    """A jail with too many bans to list has other numbers than before."""

    jail: str
    before: int
    after: int
    noticed_at: datetime


@dataclass(frozen=True, slots=True)
class JailsChanged:
    """Jails that came and jails that went."""

    started: tuple[str, ...]
    stopped: tuple[str, ...]
    noticed_at: datetime


Change = Banned | Unbanned | Prolonged | Recounted | JailsChanged


def changes_between(before: Snapshot, after: Snapshot) -> list[Change]:
    """Return what happened, jail by jail, the oldest first within each.

    Both snapshots must be of a daemon that is up: one that starts has no jails yet, and that is no change.
    """
    found: list[Change] = []
    names_before = {jail.name for jail in before.jails}
    names_after = {jail.name for jail in after.jails}
    if names_before != names_after:
        started, stopped = sorted(names_after - names_before), sorted(names_before - names_after)
        found.append(JailsChanged(tuple(started), tuple(stopped), after.taken_at))
    lists_before = {bans.jail: bans for bans in before.bans}
    for bans in after.bans:
        known = lists_before.get(bans.jail)
        if known is None:
            known = JailBans(bans.jail, (), 0, True, bans.read_at)
        if known.bans is not bans.bans or known.total != bans.total:
            found.extend(_changes_in_jail(known, bans))
    return found


def _changes_in_jail(before: JailBans, after: JailBans) -> Iterator[Change]:
    if not before.complete or not after.complete:
        if before.total != after.total:
            yield Recounted(after.jail, before.total, after.total, after.read_at)
        return
    known = {ban.id: ban for ban in before.bans}
    current = {ban.id: ban for ban in after.bans}
    for id, ban in known.items():
        if id not in current:
            yield Unbanned(ban, after.read_at)
    for id, ban in reversed(current.items()):
        earlier = known.get(id)
        if earlier is None:
            yield Banned(ban)
        elif abs(earlier.banned_at - ban.banned_at) > _ROUNDING:
            yield Unbanned(earlier, after.read_at)
            yield Banned(ban)
        elif earlier.duration != ban.duration:
            yield Prolonged(ban, after.read_at)
