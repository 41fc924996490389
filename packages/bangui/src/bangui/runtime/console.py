"""The services behind the pages, opened for as long as these are served.

What they keep is in one database, that of the history. While it cannot be opened nobody is let in, and the pages that
stand on it say what is wrong.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from typing import TYPE_CHECKING

from bangui.adapters.reloading import ReloadingGateway
from bangui.adapters.sql.kept_answers import SqlKeptAnswers
from bangui.adapters.watched_logs import DaemonLogs
from bangui.runtime.access import access_over, demo_entry
from bangui.runtime.banning import ServedHost, banning
from bangui.runtime.keepers import keeping
from bangui.runtime.kept_settings import retention_settings
from bangui.runtime.late import LateDatabase
from bangui.runtime.recording import recording
from bangui.services.kept_answers import KeptAnswers
from bangui.web import Services

if TYPE_CHECKING:
    from bangui.domain.addresses import IPNetwork
    from bangui.runtime.service import Polling


@asynccontextmanager
async def open_services(
    options: Namespace, polling: Polling, proxies: Sequence[IPNetwork], *, is_demo: bool = False
) -> AsyncIterator[Services]:
    """Lend the services of one host until the block ends; `proxies` are those whose word counts."""
    live, gateway = polling.live, polling.gateway
    host = ServedHost(gateway, live, options.socket)
    async with AsyncExitStack() as stack:
        database = stack.enter_context(closing(LateDatabase(options.history)))
        access, retention = access_over(database), retention_settings(options, database)
        history = await stack.enter_async_context(recording(options, polling.client, gateway, live, retention.current))
        places = history.places if history else None
        yield Services(
            access=access,
            entry=await demo_entry(access) if is_demo else None,
            history=history,
            gateway=ReloadingGateway(gateway, polling.client),
            logs=DaemonLogs(polling.client, lambda: [jail.name for jail in live.snapshot.jails]),
            allow_list=await stack.enter_async_context(keeping(database, gateway, live, access.trail)),
            bans=await stack.enter_async_context(banning(database, host, access.trail, places=places, proxies=proxies)),
            retention=retention,
            answers=KeptAnswers(SqlKeptAnswers(database.engine)),
        )
