"""Fixtures for tests of typed commands on real daemons."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import count

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.action import Action
from aiofail2ban.jail import Jail
from aiofail2ban.testing import Fail2BanProcess

_numbers = count(1)


@pytest.fixture
async def client(module_daemon: Fail2BanProcess) -> AsyncIterator[Fail2BanClient]:
    """A client of a daemon that the tests of the module share, of every version in turn."""
    async with Fail2BanClient(module_daemon.socket_path, timeout=20.0) as client:
        yield client


@pytest.fixture
async def jail(client: Fail2BanClient) -> AsyncIterator[Jail]:
    """A jail of its own for each test; it has no settings and does not run."""
    jail = await client.add_jail(f"jail-{next(_numbers)}", "polling")
    yield jail
    if jail.name in (await client.status()).jail_names:
        await jail.stop()


@pytest.fixture
async def action(jail: Jail) -> Action:
    """An action without commands in a jail of its own."""
    return await jail.add_action("noop")
