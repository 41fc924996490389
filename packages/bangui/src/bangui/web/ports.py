"""What the pages need from the rest of the product, and no more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from bangui.domain.snapshot import Snapshot


class LiveSource(Protocol):
    """The newest known state of a host, held in memory: reading it never asks the daemon."""

    @property
    def snapshot(self) -> Snapshot:
        """The newest snapshot."""

    def subscribe(self) -> AsyncIterator[Snapshot]:
        """Yield each new snapshot; a slow reader gets the newest one and never a backlog. Ends at shutdown."""
