"""What decides about a ban in a jail."""

from __future__ import annotations

from collections.abc import Sequence

from ._commands import settings
from ._jail_handle import JailHandle
from .types import Duration


class JailSettings(JailHandle):
    """Times, numbers of failures, and the increment of ban times.

    Nothing that is set here is saved; the next reload overwrites it with what the configuration says.
    """

    async def get_bantime(self) -> int:
        """Return how many seconds a ban lasts, -1 for ever. All versions."""
        return await self._executor.execute(settings.get_bantime(self.name))

    async def set_bantime(self, duration: Duration) -> int:
        """Set how long later bans last, in seconds or as a text such as `1h 30m`, -1 for ever. All versions."""
        return await self._executor.execute(settings.set_bantime(self.name, duration))

    async def get_findtime(self) -> float:
        """Return within how many seconds failures count together. All versions."""
        return await self._executor.execute(settings.get_findtime(self.name))

    async def set_findtime(self, duration: Duration) -> float:
        """Set within which time failures count together, in seconds or as a text such as `10m`. All versions."""
        return await self._executor.execute(settings.set_findtime(self.name, duration))

    async def get_maxretry(self) -> int:
        """Return how many failures lead to a ban. All versions."""
        return await self._executor.execute(settings.get_maxretry(self.name))

    async def set_maxretry(self, count: int) -> int:
        """Set how many failures lead to a ban, at least 1. All versions."""
        return await self._executor.execute(settings.set_maxretry(self.name, count))

    async def get_maxmatches(self) -> int:
        """Return how many log lines are kept with an id. Since 0.10.5."""
        return await self._executor.execute(settings.get_maxmatches(self.name))

    async def set_maxmatches(self, count: int) -> int:
        """Set how many log lines are kept with an id. Since 0.10.5."""
        return await self._executor.execute(settings.set_maxmatches(self.name, count))

    async def get_bantime_increment(self) -> bool:
        """Return whether the ban time grows with each ban of an id. Since 0.11.1."""
        return await self._executor.execute(settings.get_increment(self.name))

    async def set_bantime_increment(self, is_on: bool) -> bool:
        """Set whether the ban time grows with each ban of an id; needs fail2ban's database. Since 0.11.1."""
        return await self._executor.execute(settings.set_increment(self.name, is_on))

    async def get_bantime_factor(self) -> str | None:
        """Return the factor of growing ban times as the daemon keeps it, a Python expression; None for 1. Since 0.11.1.

        The configuration may hold something like `2.0 / 2.885385`.
        """
        return await self._executor.execute(settings.get_factor(self.name))

    async def set_bantime_factor(self, factor: float | None) -> str | None:
        """Set the factor of growing ban times, a number greater than 0; None removes it. Since 0.11.1."""
        return await self._executor.execute(settings.set_factor(self.name, factor))

    async def get_bantime_formula(self) -> str | None:
        """Return the formula of growing ban times, a Python expression; None for doubling. Since 0.11.1."""
        return await self._executor.execute(settings.get_formula(self.name))

    async def set_bantime_formula(self, formula: str | None) -> str | None:
        """Set the formula of growing ban times; None removes it, so that they double. Since 0.11.1.

        The daemon evaluates it as Python, as root, so only arithmetic is let through: numbers, `ban.Time` (seconds),
        `ban.Count` (earlier bans), `banFactor`, + - * / // % ** <<, `A if B < C else D`, `math.exp` and the like.
        Anything else raises `ValueError`. It is sent, and comes back, in Python's own spelling. Multipliers, where
        there are any, are used in its place.
        """
        return await self._executor.execute(settings.set_formula(self.name, formula))

    async def get_bantime_multipliers(self) -> tuple[int, ...]:
        """Return by what the ban time is multiplied at the first, second ... ban; empty for none. Since 0.11.1."""
        return await self._executor.execute(settings.get_multipliers(self.name))

    async def set_bantime_multipliers(self, multipliers: Sequence[int]) -> tuple[int, ...]:
        """Set by what the ban time is multiplied at the first, second ... ban; the last one stays. Since 0.11.1.

        Whole numbers of at least 1; an empty list removes them.
        """
        await self._executor.execute(settings.set_multipliers(self.name, multipliers))
        return tuple(multipliers)

    async def get_bantime_maxtime(self) -> float | None:
        """Return the seconds beyond which a ban time does not grow, None for no limit. Since 0.11.1."""
        return await self._executor.execute(settings.get_maxtime(self.name))

    async def set_bantime_maxtime(self, duration: Duration | None) -> float | None:
        """Set beyond what a ban time does not grow, in seconds or as a text such as `5w`; None for no limit.

        Since 0.11.1.
        """
        return await self._executor.execute(settings.set_maxtime(self.name, duration))

    async def get_bantime_rndtime(self) -> float | None:
        """Return how many random seconds are added to a grown ban time at most, None for none. Since 0.11.1."""
        return await self._executor.execute(settings.get_rndtime(self.name))

    async def set_bantime_rndtime(self, duration: Duration | None) -> float | None:
        """Set how much is added at random to a grown ban time at most, also beyond `maxtime`. Since 0.11.1."""
        return await self._executor.execute(settings.set_rndtime(self.name, duration))

    async def get_bantime_overalljails(self) -> bool:
        """Return whether earlier bans in other jails count too. Since 0.11.1.

        True also when somebody had set it to the text `false`, because the daemon takes every text for true.
        """
        return await self._executor.execute(settings.get_overalljails(self.name))

    async def set_bantime_overalljails(self, is_on: bool) -> bool:
        """Set whether earlier bans in other jails count too. Since 0.11.1."""
        return await self._executor.execute(settings.set_overalljails(self.name, is_on))
