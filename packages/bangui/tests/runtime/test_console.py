from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient
from bangui.adapters.fail2ban import Fail2BanGateway
from bangui.domain.retention import RetentionWords
from bangui.runtime.console import open_services
from bangui.runtime.service import Polling
from bangui.services.live import LiveState
from bangui.web import Services


@asynccontextmanager
async def services_in(folder: Path, *, is_demo: bool = False) -> AsyncIterator[Services]:
    """Open the services of a host whose daemon is away."""
    place = str(folder / "none.sock")
    options = Namespace(
        socket=place,
        data=str(folder),
        history=str(folder / "history.sqlite3"),
        retention=RetentionWords("forever", "forever", "5G"),
    )
    async with Fail2BanClient(place) as client:
        gateway = Fail2BanGateway("here", client, client.aclose)
        live = LiveState(gateway)
        async with asyncio.TaskGroup() as group:
            polling = Polling(client, gateway, live, group.create_task(live.run()))
            async with open_services(options, polling, (), is_demo=is_demo) as services:
                yield services
            polling.task.cancel()


@pytest.mark.parametrize("is_demo", [False, True])
async def test_every_service_is_there_also_while_the_daemon_is_away(tmp_path: Path, is_demo: bool) -> None:
    async with services_in(tmp_path, is_demo=is_demo) as services:
        assert (services.entry is not None) is is_demo
        missing = [name for name in services.__dataclass_fields__ if getattr(services, name) is None]
        assert missing == ([] if is_demo else ["entry"])


async def test_what_they_keep_is_there_the_next_time(tmp_path: Path) -> None:
    async with services_in(tmp_path, is_demo=True) as services:
        assert services.access is not None
        assert await services.access.has_accounts()
    async with services_in(tmp_path) as services:
        assert services.access is not None
        assert await services.access.has_accounts()
