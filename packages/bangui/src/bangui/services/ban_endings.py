"""How a ban that the history tells of has ended, or will."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bangui.domain.moments import milliseconds_of
from bangui.domain.story import ToldBan

# The daemon counts whole seconds, and unbans a moment after the end.
_ROUNDING = 2_000


class Ending(Enum):
    """What has become of a ban."""

    RUNS = "runs"
    """It has an end, which has not come."""
    OVER = "over"
    """Its time has run out."""
    LIFTED = "lifted"
    """It ended before its time."""
    UNKNOWN = "unknown"
    """It has no end, or none that anybody told, and nobody saw it lifted."""


@dataclass(frozen=True, slots=True)
class EndOfBan:
    """How a ban ended; `at` (Unix milliseconds) is when it ended or will, None where nobody knows."""

    ending: Ending
    at: int | None = None


def end_of(told: ToldBan, now: datetime) -> EndOfBan:
    """Return how a ban has ended by now."""
    ends = told.event.ends
    if told.unbanned is not None:
        is_over = ends is not None and told.unbanned >= ends - _ROUNDING
        return EndOfBan(Ending.OVER if is_over else Ending.LIFTED, told.unbanned)
    if ends is None:
        return EndOfBan(Ending.UNKNOWN)
    return EndOfBan(Ending.OVER if ends <= milliseconds_of(now) else Ending.RUNS, ends)
