"""Is the daemon there?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Presence(Enum):
    """How much of the daemon there is to talk to."""

    UP = "up"
    """It answers, and its jails are there."""
    STARTING = "starting"
    """It answers, but its configuration has not arrived yet (or it was never asked before)."""
    AWAY = "away"
    """It does not answer; every number shown is the last one known."""


@dataclass(frozen=True, slots=True)
class DaemonState:
    """The daemon as last seen.

    `since` (aware, UTC) is when it was seen to enter this presence. `started_at` (aware, UTC) is when its process was
    started, None while it is away and where nobody knows. `problem` and `hint` are set while it is away: what
    happened, and what a person can do.
    """

    host: str
    presence: Presence
    version: str | None
    since: datetime
    problem: str | None = None
    hint: str | None = None
    started_at: datetime | None = None
