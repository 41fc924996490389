"""Observations for tests, in few words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bangui.domain.history import BanNote, Batch, EventKind, Observation, Origin, Source

START = 1_700_000_000_000
"""A Tuesday in November 2023, on a whole second."""
SECOND = 1_000
HOUR = 3_600_000
DAY = 24 * HOUR
HOST = "here"
JAIL = "sshd"
ADDRESS = "203.0.113.7"


def seen(kind: EventKind, time: int, id: str = ADDRESS, jail: str = JAIL) -> Observation:
    """Return what the log tells."""
    return Observation(HOST, jail, id, kind, time, Source.LOG)


def failure(time: int, id: str = ADDRESS, jail: str = JAIL) -> Observation:
    """Return a failure."""
    return seen(EventKind.FAILURE, time, id, jail)


def logged_ban(time: int, id: str = ADDRESS, jail: str = JAIL) -> Observation:
    """Return a ban as the log tells it."""
    return seen(EventKind.BAN, time, id, jail)


def ban(time: int, id: str = ADDRESS, jail: str = JAIL, lines: Iterable[str] = ()) -> Observation:
    """Return a ban as fail2ban's database tells it: in whole seconds, and for ten minutes."""
    observation = replace(seen(EventKind.BAN, time // SECOND * SECOND, id, jail), source=Source.DATABASE)
    return replace(observation, duration=600, count=1, failures=5, lines=tuple(lines))


def note(time: int, id: str = ADDRESS, jail: str = JAIL) -> BanNote:
    """Return a note about a ban."""
    return BanNote(HOST, jail, id, time, Origin.HAND, "ann", "scans for holes")


def batch(*observations: Observation, notes: Iterable[BanNote] = ()) -> Batch:
    """Return a batch."""
    return Batch(HOST, observations, notes=tuple(notes))
