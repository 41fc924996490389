"""The port through which everything reaches a host."""

from __future__ import annotations

from typing import Protocol, TypeVar

from bangui.domain.operations import Operation

R = TypeVar("R")


class Gateway(Protocol):
    """One host that performs operations, one after another or many at once.

    `perform` raises `DaemonAway` when the daemon gave no answer and `OperationRefused` when it said no. Every
    operation ends within a time limit of the gateway's own.
    """

    @property
    def host(self) -> str:
        """The name of the host in every value that comes from here."""
        ...

    async def perform(self, operation: Operation[R]) -> R:
        """Perform the operation and return its answer."""
        ...

    async def aclose(self) -> None:
        """Give back what is held open; the gateway may be used again afterwards."""
        ...
