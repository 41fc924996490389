"""How often the live state asks the daemon, and how long it waits; all in seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """The rhythm of the polls; the defaults suit a person who looks on."""

    interval: float = 1.0
    """Between two polls of a daemon that is well, while nobody looks on."""
    watched: float = 0.4
    """The same while somebody looks on: a ban must be on their screen within a second."""
    starting: float = 0.25
    """Between two polls while its jails have not arrived."""
    away_first: float = 0.25
    """Before the first new try when the daemon is gone; doubled each time, up to `away_longest`."""
    away_longest: float = 2.0
    deadline: float = 15.0
    """For one poll as a whole; each command has a shorter limit of its own in the gateway."""
    empty_start: float = 5.0
    """How long a daemon without jails counts as starting; after that it simply has none."""
    settle: float = 12.0
    """From a change to a second look: fail2ban may prolong a ban up to 10 s after it began, and no counter tells."""
    refresh: float = 60.0
    """Between two looks at a list although no counter moved."""
