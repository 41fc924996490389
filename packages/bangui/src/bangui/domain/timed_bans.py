"""Bans with a duration of their own, which fail2ban does not have: BanGUI ends them, or keeps them up, in time.

fail2ban bans for as long as the jail says. Where somebody wants less, BanGUI lifts the ban when the time is over.
Where they want more, it asks for the same ban again shortly before fail2ban would end it: fail2ban then makes the ban
in force longer by the jail's ban time, without letting anybody in between. The last time it asks so that the ban ends
by itself when it shall.

A ban belongs to BanGUI only as long as it is the one that was asked for. One that began at another time, or ends
later than BanGUI left it, was wanted by somebody else since, and is never lifted; one that is gone before its time was
lifted by somebody, and does not come back. A daemon or a jail that was started anew forgets what it had made longer, so
there (and only there) a missing ban is asked for again.

Times are Unix times in milliseconds. `decide` is pure and says the next step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple, Protocol

SHORTEST = 60
"""The shortest duration of its own that makes sense, in seconds."""
LONGEST = 100 * 365 * 86_400

SETTLE = 15_000
"""How long fail2ban may take until a new ban has its final end (it grows for repeated offenders)."""
PATIENCE = 60_000
"""How long a ban must be missing until it counts as lifted."""
RESTORING = 20_000
"""How long a daemon that was started anew may take until its bans are back."""
LOOK_EVERY = 300_000
"""How often each ban is looked at, so that one that somebody lifts is missed before the jail bans anew."""
ABSENT = 30_000
"""How long to wait for a jail that is not there."""
GIVEN_UP = 30 * 86_400_000
"""How long after its time a ban is kept in mind whose jail never came back."""

# The daemon tells whole seconds, and rounds them.
_SAME_START = 1_000
_SAME_END = 2_000
# So close to its time a ban may end by itself: lifting it would make fail2ban forget that it was there.
_CLOSE_ENOUGH = 5_000
# A ban that was asked for begins within this time.
_LONGEST_WAIT = 60_000
_LOOK_AGAIN = 10_000
_LONGEST_MARGIN = 60_000
_SHORTEST_MARGIN = 2_000


class TimedKey(NamedTuple):
    """What a timed ban is known by."""

    jail: str
    id: str


@dataclass(frozen=True, slots=True)
class TimedBan:
    """A ban that shall end at `ends`.

    `asked` is when BanGUI last asked fail2ban for it. `start` and `lets_go` are when it began and when fail2ban would
    end it, as last seen (None: not seen yet; never). While `is_expected`, what fail2ban makes of the asking has not
    been seen yet, and `lets_go` is a guess. `missed` is since when it is missing. `look_at` is when to look again.
    `daemon` (empty: unknown) and `counted` are the instance of the daemon and the jail's count of bans when it was
    seen: both tell whether the daemon, or the jail, was started anew.
    """

    host: str
    jail: str
    id: str
    ends: int
    asked: int
    look_at: int
    start: int | None = None
    lets_go: int | None = None
    is_expected: bool = True
    missed: int | None = None
    daemon: str = ""
    counted: int = 0
    author: str = ""
    reason: str = ""

    @property
    def key(self) -> TimedKey:
        """What it is known by, on its host."""
        return TimedKey(self.jail, self.id)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the host shows of a timed ban at a moment: its start and its end where it is there (`is_there`).

    `ban_time` is the jail's, in milliseconds, None for ever.
    """

    is_there: bool
    ban_time: int | None
    start: int = 0
    ends: int | None = None
    daemon: str = ""
    counted: int = 0


class Step(Enum):
    """What to do about a timed ban now."""

    WAIT = "wait"
    LIFT = "lift"
    ASK = "ask"
    """Ask for the ban again."""
    FORGET = "forget"


def decide(ban: TimedBan, seen: Seen, now: int) -> tuple[Step, TimedBan]:
    """Return the next step, and the ban as it is known now, with the time of the next look."""
    if not seen.is_there:
        return _missing(ban, seen, now)
    is_ours = _is_ours(ban, seen)
    if not is_ours and (seen.ends is None or seen.ends >= ban.ends):
        return Step.FORGET, ban
    known = replace(
        ban,
        start=seen.start,
        lets_go=seen.ends,
        is_expected=False,
        missed=None,
        daemon=seen.daemon,
        counted=seen.counted,
    )
    if now >= ban.ends:
        ends_itself = seen.ends is not None and seen.ends <= now + _CLOSE_ENOUGH
        return Step.FORGET if ends_itself or not is_ours else Step.LIFT, known
    ask_at = _ask_at(known, seen.ban_time)
    if ask_at is not None and now >= ask_at:
        return Step.ASK, known
    looks = (now + LOOK_EVERY, ban.ends, *(() if ask_at is None else (ask_at,)))
    return Step.WAIT, replace(known, look_at=min(looks))


def asked_again(ban: TimedBan, seen: Seen, now: int) -> TimedBan:
    """Return a ban that was just asked for."""
    lets_go = None if seen.ban_time is None else now + seen.ban_time
    expected = replace(
        ban,
        asked=now,
        start=ban.start if seen.is_there else None,
        lets_go=lets_go,
        is_expected=True,
        missed=None,
        daemon=seen.daemon,
        counted=seen.counted,
    )
    ask_at = _ask_at(expected, seen.ban_time)
    looks = [now + SETTLE, ban.ends, *([] if ask_at is None else [ask_at])]
    return replace(expected, look_at=max(now + 1_000, min(looks)))


def without_jail(ban: TimedBan, now: int) -> tuple[Step, TimedBan]:
    """Return the next step for a ban whose jail is not there: it may come back, and its bans with it."""
    last = max(ban.ends, ban.lets_go or 0) + GIVEN_UP
    return (Step.FORGET, ban) if now >= last else (Step.WAIT, replace(ban, look_at=now + ABSENT))


def _is_ours(ban: TimedBan, seen: Seen) -> bool:
    """Whether the ban that is there is the one that BanGUI asked for, and nobody has renewed since."""
    is_known = ban.start is not None and abs(seen.start - ban.start) <= _SAME_START
    is_new = ban.is_expected and ban.asked - _SAME_START <= seen.start <= ban.asked + _LONGEST_WAIT
    if not is_known and not is_new:
        return False
    if ban.is_expected:
        return True
    if ban.lets_go is None:
        return True
    if seen.ends is None:
        return seen.ban_time is None
    # A jail whose ban time was changed ends its bans at other times, and nobody asked for that.
    follows_jail = seen.ban_time is not None and abs(seen.ends - seen.start - seen.ban_time) <= _SAME_END
    return seen.ends <= ban.lets_go + _SAME_END or follows_jail


def _ask_at(ban: TimedBan, ban_time: int | None) -> int | None:
    """Return when to ask for a ban again so that it holds until its time; None where it holds anyway."""
    if ban.lets_go is None or ban.lets_go >= ban.ends - _SAME_END:
        return None
    span = 2 * _LONGEST_MARGIN if ban_time is None else ban_time
    margin = min(_LONGEST_MARGIN, max(_SHORTEST_MARGIN, span // 10))
    latest = ban.lets_go - margin
    # Asked for just then, it ends by itself when it shall.
    return latest if ban_time is None else min(latest, ban.ends - ban_time)


def _missing(ban: TimedBan, seen: Seen, now: int) -> tuple[Step, TimedBan]:
    is_past = ban.lets_go is not None and now >= ban.lets_go
    if now >= ban.ends and is_past:
        return Step.FORGET, ban
    # What was missing before fail2ban would have ended it did not end by itself.
    is_over = is_past and (ban.missed is None or ban.missed >= (ban.lets_go or 0))
    is_new_daemon = ban.daemon not in {"", seen.daemon} or seen.counted < ban.counted
    first = now if ban.missed is None else ban.missed
    patience = RESTORING if is_new_daemon else PATIENCE
    was_never_asked = ban.start is None and not ban.is_expected
    if not is_over and not was_never_asked and now < first + patience:
        return Step.WAIT, replace(ban, missed=first, look_at=now + _LOOK_AGAIN)
    if now < ban.ends and (is_over or is_new_daemon or was_never_asked):
        return Step.ASK, ban
    return Step.FORGET, ban


class TimedBanStore(Protocol):
    """Keeps timed bans; its functions block, and raise `StoreError`."""

    def put(self, bans: Sequence[TimedBan]) -> None:
        """Keep these bans, each in place of the one of the same host, jail and id."""
        ...

    def move(self, steps: Sequence[tuple[TimedBan, TimedBan | None]]) -> None:
        """Put another value in the place of each ban, or forget it; what was put there meanwhile stays."""
        ...

    def forget(self, host: str, keys: Sequence[TimedKey]) -> None:
        """Forget bans."""
        ...

    def find(self, host: str, keys: Sequence[TimedKey]) -> Mapping[TimedKey, TimedBan]:
        """Return those of the bans that are kept."""
        ...

    def due(self, host: str, now: int, at_most: int) -> Sequence[TimedBan]:
        """Return bans to look at now, the longest overdue first."""
        ...

    def next_look(self, host: str) -> int | None:
        """Return when the next ban is to be looked at; None where there is none."""
        ...

    def watch(self, host: str, now: int) -> None:
        """Note that somebody looks after the bans of a host."""
        ...

    def last_watch(self, host: str) -> int | None:
        """Return when somebody last did."""
        ...
