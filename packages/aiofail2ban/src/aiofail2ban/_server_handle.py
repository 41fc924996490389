"""What every part of the server's commands stands on."""

from __future__ import annotations

from abc import ABC, abstractmethod

from ._capabilities import Capabilities
from ._command import Command, T


class ServerHandle(ABC):
    """Something that sends commands to one daemon, and what that daemon was found to lack."""

    def __init__(self) -> None:
        self.capabilities = Capabilities()

    @abstractmethod
    async def execute(self, command: Command[T]) -> T:
        """Send a typed command and return its parsed reply."""
