"""How attempts to log in are slowed down: pure arithmetic over a level and the time of the last attempt.

Strategy:

    Every attempt is charged before the password is looked at and given back when it was right, so that a thousand
    attempts at once are a thousand charges. A refused attempt is not looked at, changes nothing and tells nothing.
    Each charge has a rule. Where any of them says wait, the attempt is refused for so long, never for good: the longest
    wait counts from the last attempt that was looked at.
    Nobody can keep an owner out: a browser in which an account was logged in before has a charge of its own and none of
    those that others can raise. From elsewhere an owner waits at most `ACCOUNT.longest` for the next chance, and the
    command line does not ask at all.

Time is that of the wall clock, in milliseconds, because charges outlive the process. The clock may step: attempts that
seem to lie in the future by more than `_FUTURE` are void, those by less count as made now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Protocol

from bangui.domain.client_addresses import own_block, site_block

FORGOTTEN_AFTER: Final = 48 * 3_600_000
"""Attempts older than this are void."""
_FUTURE: Final = 3_600_000
# An attempt gets lighter while a few others are made; half an attempt is rounded up.
_ROUNDING: Final = 0.5
# 2 to the power of this is far beyond the longest wait of any rule.
_LARGEST_EXPONENT: Final = 40.0
# Accounts share so many charges: enough that two rarely meet, few enough to keep, and too few to tell a name from.
_ACCOUNT_KEYS: Final = 1 << 16


class ThrottleKind(IntEnum):
    """Whose attempts are counted together; stored by number."""

    ADDRESS = 1
    SITE = 2
    """A /48 of IPv6."""
    ACCOUNT = 3
    """A name, whether there is such an account or not."""
    EVERYBODY = 4
    DEVICE = 5
    """A browser in which this account was logged in before."""
    CODE = 6
    """The codes of an account whose password was right."""
    CONFIRMATION = 7
    """The password of an account that is logged in, asked for again."""


@dataclass(frozen=True, slots=True)
class Attempts:
    """How many attempts there were, counted less the older they are, and when the last one was."""

    level: float
    last: int


class ThrottleRule(Protocol):
    """Says how long to wait after which attempts."""

    def wait(self, attempts: Attempts | None, now: int) -> int:
        """Return for how many milliseconds the next attempt is refused; 0 for not at all."""
        ...

    def charged(self, attempts: Attempts | None, now: int) -> Attempts:
        """Return the attempts with one more."""
        ...


@dataclass(frozen=True, slots=True)
class GrowingDelay:
    """The first `free` attempts wait for nothing, each further one twice as long as the one before; in seconds."""

    free: int
    first: float
    longest: float
    halving: float
    """After how long an attempt counts half."""

    def wait(self, attempts: Attempts | None, now: int) -> int:
        """Return for how many milliseconds the next attempt is refused."""
        since = _since(attempts, now)
        if attempts is None or since is None or attempts.level < self.free - _ROUNDING:
            return 0
        exponent = min(max(attempts.level - self.free, 0.0), _LARGEST_EXPONENT)
        delay: float = min(self.first * 2.0**exponent, self.longest)
        return max(0, round(delay * 1000) - since)

    def charged(self, attempts: Attempts | None, now: int) -> Attempts:
        """Return the attempts with one more."""
        since = _since(attempts, now)
        left = 0.0 if attempts is None or since is None else attempts.level * 0.5 ** (since / (self.halving * 1000))
        return Attempts(left + 1.0, now)


@dataclass(frozen=True, slots=True)
class SteadyRate:
    """`burst` attempts at once, and one more `every` so many seconds."""

    burst: int
    every: float

    def wait(self, attempts: Attempts | None, now: int) -> int:
        """Return for how many milliseconds the next attempt is refused."""
        over = self._left(attempts, now) - (self.burst - 1)
        return max(0, round(over * self.every * 1000))

    def charged(self, attempts: Attempts | None, now: int) -> Attempts:
        """Return the attempts with one more."""
        return Attempts(self._left(attempts, now) + 1.0, now)

    def _left(self, attempts: Attempts | None, now: int) -> float:
        since = _since(attempts, now)
        if attempts is None or since is None:
            return 0.0
        return max(0.0, attempts.level - since / (self.every * 1000))


@dataclass(frozen=True, slots=True)
class Charge:
    """One thing that an attempt is charged to."""

    kind: ThrottleKind
    key: str
    rule: ThrottleRule


@dataclass(frozen=True, slots=True)
class Refusal:
    """Which charge says wait, and for how many milliseconds."""

    kind: ThrottleKind
    wait: int


ADDRESS = GrowingDelay(free=5, first=1, longest=900, halving=21_600)
SITE = GrowingDelay(free=25, first=1, longest=900, halving=21_600)
ACCOUNT = GrowingDelay(free=10, first=1, longest=60, halving=21_600)
EVERYBODY = SteadyRate(burst=100, every=2)
OWN = GrowingDelay(free=5, first=1, longest=900, halving=21_600)
"""For what nobody else can raise: a browser that is known, the codes and the confirmations of an account."""


def password_charges(address: str | None, name: str, device: str | None = None) -> tuple[Charge, ...]:
    """Return what an attempt to log in with a password is charged to; `device` is a browser that is known."""
    if device is not None:
        return (Charge(ThrottleKind.DEVICE, device, OWN),)
    return (
        *_of_address(address),
        Charge(ThrottleKind.ACCOUNT, account_key(name), ACCOUNT),
        Charge(ThrottleKind.EVERYBODY, "", EVERYBODY),
    )


def code_charges(address: str | None, user_id: str, device: str | None = None) -> tuple[Charge, ...]:
    """Return what a one-time code is charged to."""
    if device is not None:
        return (Charge(ThrottleKind.DEVICE, device, OWN),)
    return (*_of_address(address), Charge(ThrottleKind.CODE, user_id, OWN))


def confirmation_charges(user_id: str) -> tuple[Charge, ...]:
    """Return what a password is charged to that is asked for again."""
    return (Charge(ThrottleKind.CONFIRMATION, user_id, OWN),)


def setup_charges(address: str | None) -> tuple[Charge, ...]:
    """Return what a link that makes the first administrator is charged to."""
    return _of_address(address)


def account_key(name: str) -> str:
    """Return what the attempts at a name are counted by: nothing that tells what somebody has typed."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
    return f"{int.from_bytes(digest[:8], 'big') % _ACCOUNT_KEYS:04x}"


def refusal(charges: Sequence[tuple[Charge, Attempts | None]], now: int) -> Refusal | None:
    """Return the longest wait; None where the attempt may be made."""
    waits = [Refusal(charge.kind, charge.rule.wait(attempts, now)) for charge, attempts in charges]
    longest = max(waits, key=lambda one: one.wait, default=None)
    return longest if longest is not None and longest.wait > 0 else None


def given_back(attempts: Attempts) -> Attempts:
    """Return the attempts without one that was no failure."""
    return Attempts(max(0.0, attempts.level - 1.0), attempts.last)


def _of_address(address: str | None) -> tuple[Charge, ...]:
    own = Charge(ThrottleKind.ADDRESS, own_block(address), ADDRESS)
    site = site_block(address)
    return (own,) if site is None else (own, Charge(ThrottleKind.SITE, site, SITE))


def _since(attempts: Attempts | None, now: int) -> int | None:
    """Return how long ago the last attempt was; None where there is none that counts."""
    if attempts is None or not -_FUTURE <= now - attempts.last <= FORGOTTEN_AFTER:
        return None
    return max(0, now - attempts.last)
