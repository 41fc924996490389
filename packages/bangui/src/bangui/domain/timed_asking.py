"""What is kept in mind of timed bans around the moment in which they are asked for: pure, for service and commands.

They are kept before anything is sent (`begun`), so that a ban that was made is ended whatever happens to us, and put
right when it is known what came of it (`confirmed`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Protocol

from bangui.domain.outcomes import BanResult
from bangui.domain.timed_bans import SETTLE, TimedBan, TimedKey


@dataclass(frozen=True, slots=True)
class Wanted:
    """Until when bans are wanted (Unix milliseconds), by whom and why."""

    ends: int
    author: str
    reason: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Where and when bans are asked for; `ban_time` is the jail's in seconds, None for ever."""

    host: str
    jail: str
    now: int
    ban_time: int | None
    daemon: str = ""


class Answer(Protocol):
    """What came of one id."""

    @property
    def id(self) -> str:
        """The id."""
        ...

    @property
    def result(self) -> BanResult:
        """What happened to it."""
        ...


def begun(ids: Sequence[str], known: Mapping[TimedKey, TimedBan], wanted: Wanted, asking: Asking) -> list[TimedBan]:
    """Return what is kept of ids that are about to be banned; one that is kept already gets the new end."""
    now = asking.now
    new = TimedBan(
        asking.host,
        asking.jail,
        "",
        ends=wanted.ends,
        asked=now,
        look_at=min(now + SETTLE, wanted.ends),
        lets_go=None if asking.ban_time is None else now + asking.ban_time * 1000,
        daemon=asking.daemon,
        author=wanted.author,
        reason=wanted.reason,
    )
    return [
        replace(old, ends=new.ends, look_at=min(old.look_at, now + SETTLE), author=new.author, reason=new.reason)
        if (old := known.get(TimedKey(asking.jail, id)))
        else replace(new, id=id)
        for id in ids
    ]


def confirmed(
    jail: str,
    outcome: Sequence[Answer],
    known: Mapping[TimedKey, TimedBan],
    new: AbstractSet[str],
    now: int,
) -> tuple[list[TimedBan], list[TimedKey]]:
    """Return what is kept of ids that were asked for, and what is forgotten; `new` are those not kept before."""
    moved, failed = [], []
    for one in outcome:
        ban = known.get(TimedKey(jail, one.id))
        if ban is None:
            continue
        if one.result is BanResult.FAILED and one.id in new:
            failed.append(ban.key)
        elif one.result is BanResult.ALREADY_BANNED and one.id in new:
            # Somebody else's: it is looked at right away, and left alone if it lasts long enough.
            moved.append(replace(ban, start=None, lets_go=None, is_expected=False, look_at=now))
        elif one.result is BanResult.BANNED and one.id not in new:
            look_at = min(now + SETTLE, ban.ends)
            moved.append(replace(ban, start=None, is_expected=True, asked=now, look_at=look_at))
    return moved, failed
