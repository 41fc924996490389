"""Several typed commands at once, over the asyncio client and over a handle that sends one after the other."""

import asyncio

import pytest

from aiofail2ban import (
    Command,
    Fail2BanClient,
    Fail2BanCommandError,
    Fail2BanConnectionError,
    ServerCommands,
)
from aiofail2ban._command import T
from aiofail2ban._commands import server
from aiofail2ban.testing import FakeServer, RawReply


class OneAtATime(ServerCommands):
    """Sends through a client, but only what `execute` is asked for."""

    def __init__(self, client: Fail2BanClient) -> None:
        super().__init__()
        self._client = client

    async def execute(self, command: Command[T]) -> T:
        return await self._client.execute(command)


def answer(command: list[object]) -> object:
    if command == ["echo", "refused"]:
        raise ValueError("not today")
    return command[1:]


@pytest.mark.parametrize("is_pipelined", [True, False], ids=["client", "one at a time"])
async def test_each_command_gets_its_own_value_or_its_own_error(is_pipelined: bool) -> None:
    async with FakeServer(answer) as fake, Fail2BanClient(fake.socket_path) as client:
        handle: ServerCommands = client if is_pipelined else OneAtATime(client)
        outcomes = await handle.execute_each([server.echo((word,)) for word in ("one", "refused", "three")])
        assert outcomes[0] == ["one"]
        assert isinstance(outcomes[1], Fail2BanCommandError)
        assert outcomes[1].message == "not today"
        assert outcomes[2] == ["three"]


async def test_nothing_is_sent_for_no_commands() -> None:
    async with FakeServer(answer) as fake, Fail2BanClient(fake.socket_path) as client:
        assert await client.execute_each([]) == []
        assert fake.commands == []


async def test_a_lost_connection_ends_all_of_them() -> None:
    async def close(_: list[object]) -> object:
        return RawReply(b"", then_close=True)

    async with FakeServer(close) as fake, Fail2BanClient(fake.socket_path) as client:
        with pytest.raises(Fail2BanConnectionError):
            await client.execute_each([server.echo(("one",)), server.echo(("two",))])


async def test_a_cancelled_group_leaves_the_connection_to_others() -> None:
    async def stall(command: list[object]) -> object:
        if command == ["echo", "slow"]:
            await asyncio.sleep(0.2)
        return command[1:]

    async with FakeServer(stall) as fake, Fail2BanClient(fake.socket_path) as client:
        group = asyncio.ensure_future(client.execute_each([server.echo(("slow",)), server.echo(("two",))]))
        await asyncio.sleep(0.05)
        group.cancel()
        with pytest.raises(asyncio.CancelledError):
            await group
        assert await client.echo("mine") == ["mine"]
        assert fake.connections == 1
