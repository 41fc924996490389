"""What somebody wants banned, checked before anything is sent; what would come of it; and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bangui.domain.addresses import parse_address
from bangui.domain.bans import Ban
from bangui.domain.errors import BanGUIError, InvalidInput
from bangui.domain.jails import JailRule
from bangui.domain.outcomes import BanResult
from bangui.domain.phrases import phrase
from bangui.domain.safety import Danger
from bangui.domain.timed_bans import LONGEST, SHORTEST

MOST_IDS = 10_000
MOST_BANS = 30_000
"""Ids times jails: some minutes of work for the daemon."""
LONGEST_REASON = 500
# So many bytes a stored name may have; longer ones are no names that anybody gives a jail.
_LONGEST_JAIL = 200


@dataclass(frozen=True, slots=True)
class BanWish:
    """Ids in canonical form to ban in jails. `seconds` is a duration of their own; None leaves it to each jail."""

    ids: tuple[str, ...]
    jails: tuple[str, ...]
    reason: str = ""
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class ReviewedId:
    """An id before it is banned: what speaks against it, its bans in the jails, and the jails that allow it."""

    id: str
    dangers: tuple[Danger, ...] = ()
    bans: tuple[Ban, ...] = ()
    allowed_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """What a wish would do. `rules` are those of its jails, in its order."""

    wish: BanWish
    ids: tuple[ReviewedId, ...]
    rules: tuple[JailRule, ...]

    @property
    def dangerous(self) -> tuple[ReviewedId, ...]:
        """The ids that something speaks against."""
        return tuple(one for one in self.ids if one.dangers)


@dataclass(frozen=True, slots=True)
class BanChange:
    """What came of one ban in one jail."""

    jail: str
    id: str
    result: BanResult
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class BanReport:
    """What came of a wish. `stopped_by` is why not everything was tried; then `changes` holds what was."""

    wish: BanWish
    changes: tuple[BanChange, ...]
    stopped_by: BanGUIError | None = None

    def with_result(self, result: BanResult) -> tuple[BanChange, ...]:
        """Return the changes that came out like this."""
        return tuple(one for one in self.changes if one.result is result)


@dataclass(frozen=True, slots=True)
class UnbanChange:
    """What came of one unban, in `jail` or everywhere (None): as `UnbannedId` has it."""

    jail: str | None
    id: str
    jails: tuple[str, ...]
    lifted: int
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class UnbanReport:
    """What came of unbans. `stopped_by` is why not everything was tried.

    `timed` counts the bans among them that had a duration of their own.
    """

    changes: tuple[UnbanChange, ...]
    stopped_by: BanGUIError | None = None
    timed: int = 0

    @property
    def lifted(self) -> int:
        """How many bans were lifted."""
        return sum(one.lifted for one in self.changes)

    @property
    def bans(self) -> tuple[tuple[str, str], ...]:
        """The jail and the id of each ban that was lifted by its own name."""
        return tuple((jail, one.id) for one in self.changes for jail in one.jails)

    @property
    def failed(self) -> tuple[UnbanChange, ...]:
        """The changes that did not work."""
        return tuple(one for one in self.changes if one.problem)


def make_wish(ids: Iterable[str], jails: Iterable[str], reason: str = "", seconds: int | None = None) -> BanWish:
    """Return a wish, or raise `InvalidInput` for what cannot be meant. The jails are checked when it is reviewed."""
    canonical = tuple(dict.fromkeys(parse_address(id).text for id in ids))
    names = tuple(dict.fromkeys(name for name in jails if name))
    if not canonical:
        raise InvalidInput(phrase("no address to ban"), phrase("give at least one"))
    if len(canonical) > MOST_IDS:
        raise InvalidInput(phrase("more than {number} addresses at once", number=f"{MOST_IDS:,}"))
    if not names:
        raise InvalidInput(phrase("no jail to ban in"), phrase("choose at least one"))
    if len(canonical) * len(names) > MOST_BANS:
        raise InvalidInput(
            phrase("more than {number} bans at once", number=f"{MOST_BANS:,}"), phrase("choose fewer jails")
        )
    if seconds is not None:
        checked_seconds(seconds, names)
    return BanWish(canonical, names, clean_reason(reason), seconds)


def clean_reason(reason: str) -> str:
    """Return a reason as it is noted, or raise `InvalidInput` for one that is too long."""
    words = " ".join(reason.split())
    if len(words) > LONGEST_REASON:
        raise InvalidInput(
            phrase("the reason is longer than {number} characters", number=LONGEST_REASON),
            phrase("say it in fewer words"),
        )
    return words


def checked_seconds(seconds: int, jails: Iterable[str]) -> int:
    """Return a duration of its own for bans in jails, or raise `InvalidInput` where it cannot be kept to."""
    if not SHORTEST <= seconds <= LONGEST:
        raise InvalidInput(
            phrase("a duration of its own is between 1m and 100y"), phrase("leave it out to ban as the jail does")
        )
    if any(len(jail) > _LONGEST_JAIL for jail in jails):
        raise InvalidInput(phrase("the name of the jail is too long for a duration of its own"))
    return seconds
