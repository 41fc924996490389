"""What the pages need from the rest of the product, and no more."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator
from typing import Protocol, TypeVar

from bangui.domain.history_ports import HistoryReader
from bangui.domain.places import PlaceFinder
from bangui.domain.snapshot import Snapshot

T = TypeVar("T")


class LiveSource(Protocol):
    """The newest known state of a host, held in memory: reading it never asks the daemon."""

    @property
    def snapshot(self) -> Snapshot:
        """The newest snapshot."""

    def subscribe(self, *, is_eager: bool = False) -> AsyncGenerator[Snapshot, None]:
        """Yield each new snapshot; a slow reader gets the newest one and never a backlog. Ends at shutdown.

        While somebody eager reads, news arrive sooner.
        """

    async def catch_up(self) -> None:
        """Wait, but not for long, until the newest snapshot is from after this call."""


class HistorySource(Protocol):
    """Lends the history to questions, which block: they are asked in threads, few at a time, none for ever."""

    @property
    def places(self) -> PlaceFinder:
        """Where addresses are."""

    async def ask(self, question: Callable[[HistoryReader], T]) -> T:
        """Return the answer to a question; raises `StoreError`, also when it takes too long."""

    def stream(
        self, question: Callable[[HistoryReader], Iterator[T]], at_once: int = ...
    ) -> AsyncGenerator[list[T], None]:
        """Yield the answer in parts; raises `StoreError`, also when too many streams are open."""
