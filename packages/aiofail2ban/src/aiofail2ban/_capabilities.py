"""What this daemon was found to lack.

A feature is tried, and remembered as missing once the daemon refused it. Version numbers are never looked at: an
unknown newer daemon, or an older one with a patch, simply works.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Protocol

from ._command import Command, T


class Feature(Enum):
    """What not every daemon has, and what is used instead."""

    STATISTICS = auto()
    """`stats`, since 1.1.0; else one `status JAIL short` for each jail."""
    STATUS_OF_ALL = auto()
    """`status --all`, since 1.1.0; else one `status JAIL` for each jail."""
    BANNED = auto()
    """`banned`, since 0.10.6 and 0.11.2; else the list in each jail's status."""
    MANY_IDS = auto()
    """Several ids in one `banip` or `unbanip`, since 0.10.5; else one command each."""


class Capabilities:
    """The features that are known to be missing; nothing is known at first."""

    def __init__(self) -> None:
        self._missing: set[Feature] = set()

    def lack(self, feature: Feature) -> bool:
        """Whether the daemon has refused `feature` before."""
        return feature in self._missing

    def note_missing(self, feature: Feature) -> None:
        """Remember that the daemon refused `feature`."""
        self._missing.add(feature)

    def forget(self) -> None:
        """Know nothing again: another daemon may be at the other end."""
        self._missing.clear()


class Executor(Protocol):
    """What a handle needs of the client that made it."""

    capabilities: Capabilities

    async def execute(self, command: Command[T]) -> T:
        """Send one command and return its parsed reply."""
        ...
