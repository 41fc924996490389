"""What every part of the server's commands stands on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from ._capabilities import Capabilities
from ._command import Command, T
from .errors import Fail2BanCommandError


class ServerHandle(ABC):
    """Something that sends commands to one daemon, and what that daemon was found to lack."""

    def __init__(self) -> None:
        self.capabilities = Capabilities()

    @abstractmethod
    async def execute(self, command: Command[T]) -> T:
        """Send a typed command and return its parsed reply."""

    async def execute_each(self, commands: Sequence[Command[T]]) -> list[T | Fail2BanCommandError]:
        """Send typed commands and return for each, in order, its parsed reply or the error that the daemon gave.

        One after the other here; whoever can have several in flight sends them at once. Raises what else goes wrong.
        """
        outcomes: list[T | Fail2BanCommandError] = []
        for command in commands:
            try:
                value: T = await self.execute(command)
                outcomes.append(value)
            except Fail2BanCommandError as error:
                outcomes.append(error)
        return outcomes
