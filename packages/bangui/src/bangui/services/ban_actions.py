"""Use cases of people who ban and unban by hand: nothing dangerous by mistake, everything written down.

A wish is reviewed before anything is sent. What somebody does not insist on is refused as a whole, so that "nothing was
banned" is always true then. Changes go out in slices (`services.bans`), with a result for each id; where the daemon
goes away in between, the report says what was done and what stopped it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bangui.domain.accounts import Actor
from bangui.domain.ban_wishes import (
    MOST_IDS,
    BanChange,
    BanReport,
    BanWish,
    Review,
    UnbanChange,
    UnbanReport,
)
from bangui.domain.bans import Ban
from bangui.domain.durations import duration_in_words
from bangui.domain.errors import BanGUIError, DangerousBan, InvalidInput, UnknownJail
from bangui.domain.gateway import Gateway
from bangui.domain.history import Origin
from bangui.domain.history_ports import StoreError
from bangui.domain.jails import JailRule
from bangui.domain.moments import milliseconds_of, moment_of
from bangui.domain.operations import BanIds, UnbanIds
from bangui.domain.outcomes import BanResult
from bangui.domain.phrases import phrase
from bangui.domain.safety import danger_in_words
from bangui.domain.timed_asking import Wanted
from bangui.domain.timed_bans import TimedKey
from bangui.services.ban_records import BanRecords
from bangui.services.ban_reviews import BanReviews
from bangui.services.bans import SLICE
from bangui.services.timed_bans import TimedBans

LIST = 10
"""From so many ids on they are taken for a list that was imported."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class BanActions:
    """Bans and unbans on one host. Without `timed` no ban can have a duration of its own."""

    def __init__(
        self,
        gateway: Gateway,
        reviews: BanReviews,
        records: BanRecords,
        timed: TimedBans | None = None,
        *,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._gateway = gateway
        self._reviews = reviews
        self._records = records
        self._timed = timed
        self._now = now

    @property
    def knows_durations(self) -> bool:
        """Whether a ban can have a duration of its own."""
        return self._timed is not None

    async def with_own_ends(self, bans: Sequence[Ban]) -> tuple[Ban, ...]:
        """Return the bans, those with a duration of their own ending when that is over, as far as it is known."""
        if self._timed is None or not bans:
            return tuple(bans)
        try:
            known = await self._timed.find_all([TimedKey(ban.jail, ban.id) for ban in bans])
        except StoreError:
            return tuple(bans)
        ends = {key: moment_of(timed.ends) for key, timed in known.items()}
        return tuple(replace(ban, ends_at=ends.get(TimedKey(ban.jail, ban.id)) or ban.ends_at) for ban in bans)

    async def review(self, wish: BanWish, actor: Actor) -> Review:
        """Return what a wish would do, without doing any of it; raises `UnknownJail`."""
        return await self._reviews.review(wish, actor)

    async def ban(self, wish: BanWish, actor: Actor, *, insist: bool = False) -> BanReport:
        """Ban, and return what came of it; raises `DangerousBan`, having sent nothing, unless somebody insists."""
        if wish.seconds is not None and self._timed is None:
            raise InvalidInput(
                phrase("a ban can have no duration of its own here"),
                phrase("BanGUI keeps no history, and so would forget when to end it"),
            )
        rules = await self._reviews.rules(wish.jails)
        if not insist:
            await self._refuse_dangers(wish, actor)
        changes: list[BanChange] = []
        stopped_by: BanGUIError | None = None
        ends = None if wish.seconds is None else milliseconds_of(self._now()) + wish.seconds * 1000
        try:
            for rule in rules:
                for ids in _slices(wish.ids):
                    changes += await self._ban_slice(rule, ids, wish, actor, ends)
        except BanGUIError as error:
            stopped_by = error
        except asyncio.CancelledError:
            await self._records.banned(BanReport(wish, tuple(changes), _ended()), actor, _duration(wish))
            raise
        report = BanReport(wish, tuple(changes), stopped_by)
        if changes:
            await self._records.banned(report, actor, _duration(wish))
        if stopped_by is not None and not changes:
            raise stopped_by
        return report

    async def unban(self, bans: Iterable[tuple[str, str]], actor: Actor) -> UnbanReport:
        """Unban each (jail, id), and return what came of it."""
        by_jail: dict[str | None, dict[str, None]] = {}
        for jail, id in bans:
            by_jail.setdefault(jail, {})[id] = None
        return await self._unban({jail: tuple(ids) for jail, ids in by_jail.items()}, actor)

    async def unban_everywhere(self, ids: Iterable[str], actor: Actor) -> UnbanReport:
        """Unban ids in all jails; a network that is not banned lifts the bans of the addresses in it."""
        return await self._unban({None: tuple(dict.fromkeys(ids))}, actor)

    async def _refuse_dangers(self, wish: BanWish, actor: Actor) -> None:
        review = await self.review(wish, actor)
        if not review.dangerous:
            return
        first = review.dangerous[0]
        reasons = [danger_in_words(danger) for danger in first.dangers]
        await self._records.refused([one.id for one in review.dangerous], actor, "; ".join(reasons))
        raise DangerousBan(
            phrase("nothing was banned: {id} needs a second look, {reason}", id=first.id, reason=reasons[0]),
            phrase("insist, if you mean it"),
        )

    async def _ban_slice(
        self, rule: JailRule, ids: tuple[str, ...], wish: BanWish, actor: Actor, ends: int | None
    ) -> list[BanChange]:
        timed, jail = self._timed, rule.jail
        if timed is None:
            return await self._send(jail, ids, wish, actor)
        async with timed.lock:
            if ends is None:
                changes = await self._send(jail, ids, wish, actor)
                await timed.forget([TimedKey(jail, one.id) for one in changes if one.result is BanResult.BANNED])
                return changes
            new = await timed.begin(jail, ids, Wanted(ends, actor.name, wish.reason), rule.ban_time)
            changes = await self._send(jail, ids, wish, actor)
            await timed.confirm(jail, changes, new)
            return changes

    async def _send(self, jail: str, ids: tuple[str, ...], wish: BanWish, actor: Actor) -> list[BanChange]:
        asked = self._now()
        outcome = await self._gateway.perform(BanIds(jail, ids))
        banned = [one.id for one in outcome.ids if one.result is BanResult.BANNED]
        origin = Origin.IMPORT if len(wish.ids) >= LIST else Origin.HAND
        await self._records.note(jail, banned, asked, actor.name, (origin, wish.reason))
        return [BanChange(jail, one.id, one.result, one.problem) for one in outcome.ids]

    async def _unban(self, wanted: dict[str | None, tuple[str, ...]], actor: Actor) -> UnbanReport:
        count = sum(map(len, wanted.values()))
        if not count:
            raise InvalidInput(phrase("nothing to unban"), phrase("choose at least one ban"))
        if count > MOST_IDS:
            raise InvalidInput(phrase("more than {number} bans at once", number=f"{MOST_IDS:,}"))
        changes: list[UnbanChange] = []
        timed = 0
        stopped_by: BanGUIError | None = None
        try:
            for jail, ids in wanted.items():
                for part in _slices(ids):
                    done, forgotten = await self._unban_slice(jail, part)
                    changes += done
                    timed += forgotten
        except BanGUIError as error:
            stopped_by = error
        except asyncio.CancelledError:
            await self._records.unbanned(UnbanReport(tuple(changes), _ended()), actor)
            raise
        report = UnbanReport(tuple(changes), stopped_by, timed)
        if changes:
            await self._records.unbanned(report, actor)
        if stopped_by is not None and not changes:
            raise stopped_by
        return report

    async def _unban_slice(self, jail: str | None, ids: tuple[str, ...]) -> tuple[list[UnbanChange], int]:
        """Return what came of it, and how many of the bans had a duration of their own."""
        if self._timed is None:
            return await self._lift(jail, ids), 0
        async with self._timed.lock:
            changes = await self._lift(jail, ids)
            return changes, await self._timed.forget([TimedKey(name, one.id) for one in changes for name in one.jails])

    async def _lift(self, jail: str | None, ids: tuple[str, ...]) -> list[UnbanChange]:
        try:
            outcome = await self._gateway.perform(UnbanIds(ids, jail))
        except UnknownJail as error:
            # Stopped meanwhile: the bans of other jails are lifted all the same.
            return [UnbanChange(jail, id, (), 0, error.message) for id in ids]
        return [UnbanChange(jail, one.id, one.jails, one.lifted, one.problem) for one in outcome.ids]


def _ended() -> BanGUIError:
    return BanGUIError("BanGUI was ended meanwhile")


def _duration(wish: BanWish) -> str:
    return "as long as the jail bans" if wish.seconds is None else f"for {duration_in_words(wish.seconds)}"


def _slices(ids: Sequence[str]) -> Iterable[tuple[str, ...]]:
    return (tuple(ids[start : start + SLICE]) for start in range(0, len(ids), SLICE))
