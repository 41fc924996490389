"""The daemon goes and comes back while many callers share one client."""

from __future__ import annotations

import asyncio
import itertools
import socket
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient, Fail2BanConnectionError, RemoteObject, _connecting, _transport
from aiofail2ban.testing import Fail2BanProcess

pytestmark = [pytest.mark.daemon, pytest.mark.slow]

RESTARTS = 10
CALLERS = 16
LIMIT = 5.0


@dataclass(slots=True)
class Caller:
    """Sends one command after another and judges every outcome."""

    number: int
    client: Fail2BanClient
    answered: int = 0
    interruptions: list[str] = field(default_factory=list)
    wrong: list[object] = field(default_factory=list)

    async def run(self) -> None:
        for turn in itertools.count():
            try:
                async with asyncio.timeout(LIMIT + 1):
                    await self._call(f"{self.number}-{turn}")
            except Fail2BanConnectionError as error:
                self.interruptions.append(str(error))
                # A missing socket fails at once; a caller in its right mind does not call again that soon.
                await asyncio.sleep(0.002)

    async def _call(self, name: str) -> None:
        # Both answers name the caller: one command that only reads, and one that might change something.
        if self.answered % 2:
            command = ["echo", name]
            own: tuple[int, object] = (0, [name])
        else:
            command = ["set", name, "idle", "on"]
            own = (1, RemoteObject("fail2ban.exceptions", "UnknownJailException", (name,)))
        reply = await self.client.send(command)
        if reply == own:
            self.answered += 1
        else:
            self.wrong.append((command, reply))


class CountedConnections:
    """Remembers every socket that the client makes, and the most that were open together."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._connect = _transport.connect
        self._sockets: list[socket.socket] = []
        self.most = 0
        monkeypatch.setattr(_connecting, "connect", self.connect)

    def connect(self, path: str) -> socket.socket:
        self._sockets.append(self._connect(path))
        self.most = max(self.most, self.open)
        return self._sockets[-1]

    @property
    def open(self) -> int:
        return sum(sock.fileno() >= 0 for sock in self._sockets)


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def until_all_answered(callers: list[Caller]) -> None:
    before = [caller.answered for caller in callers]
    async with asyncio.timeout(LIMIT):
        while any(caller.answered < seen + 4 for caller, seen in zip(callers, before, strict=True)):
            await asyncio.sleep(0.005)


async def test_every_call_survives_ten_restarts_or_ends_in_a_clear_error(
    daemon: Fail2BanProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections = CountedConnections(monkeypatch)
    client = Fail2BanClient(daemon.socket_path, timeout=LIMIT)
    callers = [Caller(number, client) for number in range(CALLERS)]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(caller.run()) for caller in callers]
        await until_all_answered(callers)
        before = descriptors()
        for number in range(RESTARTS):
            if number % 2:
                daemon.kill()
                await daemon.start()
            else:
                await daemon.restart()
            await until_all_answered(callers)
        assert descriptors() == before
        for task in tasks:
            task.cancel()

    assert [caller.wrong for caller in callers] == [[]] * CALLERS
    interruptions = {message for caller in callers for message in caller.interruptions}
    assert interruptions
    assert all(message.endswith(f" (socket: {client.socket_path})") for message in interruptions)
    assert connections.most <= 2
    assert connections.open == 1
    await client.aclose()
    assert connections.open == 0
