"""The commands that run until they are told to end: they build the parts, and own every task.

`serve` and `demo` start in this order:

    1. the listening socket (a port that is taken is told before anything else happens)
    2. for `demo`: the private fail2ban and its made-up traffic
    3. the connection to fail2ban, and the poll loop of the live state
    4. the history, and whoever writes it; the accounts beside it
    5. the first poll, so that the first page has numbers (a daemon that is away delays it by a moment only)
    6. the web server

SIGINT and SIGTERM cancel the main task, which undoes it all: the poll loop ends first, and with it every stream of
events, so that the web server finds nothing to wait for; then the server, the collector, the connection, the demo, and
the socket. A second Ctrl-C does not wait for that.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from aiofail2ban import Fail2BanClient, Fail2BanError
from bangui.adapters.daemon_start import DaemonStart
from bangui.adapters.fail2ban import Fail2BanGateway
from bangui.adapters.logs import keep_quiet
from bangui.adapters.recorded_bans import RecordedBans
from bangui.cli.parts import Follow
from bangui.domain.collection import CollectorState
from bangui.domain.errors import BanGUIError
from bangui.domain.history_ports import Progress
from bangui.runtime.loops import let_signals_cancel, run_loop, run_service, say
from bangui.services.live import LiveState

if TYPE_CHECKING:
    from aiofail2ban.testing import Fail2BanInstallation
    from bangui.web.server import PageServer


class Polling:
    """A daemon that is asked again and again: its client, the gateway over it, and the live state with its task."""

    def __init__(
        self, client: Fail2BanClient, gateway: Fail2BanGateway, live: LiveState, task: asyncio.Task[None]
    ) -> None:
        self.client = client
        self.gateway = gateway
        self.live = live
        self.task = task


def watch(socket_path: str, timeout: float, follow: Follow) -> int:
    """Follow a daemon until interrupted; returns an exit status."""
    keep_quiet()
    return run_loop(_follow(socket_path, timeout, follow))


async def _follow(socket_path: str, timeout: float, follow: Follow) -> int:
    async with _polling(socket_path, timeout) as polling:
        return await follow(polling.gateway, polling.live)


def serve(options: Namespace) -> int:
    """Serve the pages of this machine's fail2ban until interrupted; returns an exit status."""
    _import_pages()
    return run_service(options, _serve_pages(options))


def demo(options: Namespace) -> int:
    """Serve the pages of a private fail2ban until interrupted; returns an exit status."""
    options.host = "127.0.0.1"
    return run_service(options, _serve_pages(options, is_demo=True))


def _import_pages() -> None:
    """Import the pages before the loop runs, from when on cycles are looked for (`run_loop`): half a second of work."""
    for name in ("bangui.runtime.console", "bangui.web.server"):
        import_module(name)


def collect(options: Namespace, progress: Progress) -> CollectorState:
    """Collect the history without pages: until interrupted, or with `options.once` until all has been read."""
    state = CollectorState(socket.gethostname())
    with suppress(KeyboardInterrupt, asyncio.CancelledError):
        state = run_loop(_collect(options, progress))
    return state


async def _collect(options: Namespace, progress: Progress) -> CollectorState:
    from bangui.runtime.recording import collect_only

    host = socket.gethostname()
    async with Fail2BanClient(options.socket, timeout=options.timeout) as client:
        return await collect_only(options, client, Fail2BanGateway(host, client, client.aclose), progress)


async def _serve_pages(options: Namespace, *, is_demo: bool = False) -> None:
    """Serve the pages of a fail2ban until cancelled; for the demo it is a private one."""
    from bangui.runtime.access import way_in
    from bangui.runtime.console import open_services
    from bangui.runtime.settings import web_settings
    from bangui.web import create_app
    from bangui.web.server import PageServer, listen, url_of

    let_signals_cancel()
    async with AsyncExitStack() as stack:
        settings = web_settings(options)
        listener = stack.enter_context(listen(options.host, options.port))
        if is_demo:
            await stack.enter_async_context(_running_demo(options))
        polling = await stack.enter_async_context(_polling(options.socket, options.timeout))
        services = await stack.enter_async_context(
            open_services(options, polling, settings.trusted_proxies, is_demo=is_demo)
        )
        await _first_poll(polling.live)
        url = url_of(listener, settings.base_path)
        link = await way_in(services, url)
        app = create_app(polling.live, settings, services)
        server = PageServer(app, lambda: say(_welcome(options, url, link, is_demo=is_demo)))
        await _serve_until_cancelled(server, listener, polling.task)


def _welcome(options: Namespace, url: str, link: str | None, *, is_demo: bool) -> str:
    """Return what is printed when the first page can be had; the link is for whoever reads it here, and nobody else."""
    if options.json:
        return json.dumps({"url": url} | ({"link": link} if link else {}))
    if link is None:
        return f"BanGUI is on {url} (Ctrl-C ends it)"
    if is_demo:
        return f"BanGUI is on {link} (Ctrl-C ends it)"
    return f"BanGUI is on {url} (Ctrl-C ends it)\nMake the first account, within an hour: {link}"


@asynccontextmanager
async def _polling(socket_path: str, timeout: float) -> AsyncIterator[Polling]:
    """A gateway and a live state whose poll loop runs in a task of its own until the block ends."""
    host = socket.gethostname()
    async with Fail2BanClient(socket_path, timeout=timeout) as client:
        find_start = DaemonStart(socket_path).find
        gateway = Fail2BanGateway(host, client, client.aclose, database=RecordedBans(host), find_start=find_start)
        live = LiveState(gateway)
        async with asyncio.TaskGroup() as group:
            task = group.create_task(live.run())
            try:
                yield Polling(client, gateway, live, task)
            finally:
                task.cancel()


@asynccontextmanager
async def _running_demo(options: Namespace) -> AsyncIterator[None]:
    """A private fail2ban under made-up attacks; its socket and its folder become those of the options."""
    from bangui.demo import Demo

    root = options.fail2ban or os.environ.get("BANGUI_FAIL2BAN")
    async with Demo(_unpacked_fail2ban(root) if root else None) as running:
        say(running.banner)
        options.socket = running.socket_path
        options.data = str(running.directory / "bangui")
        options.history = str(running.directory / "bangui" / "history.sqlite3")
        async with asyncio.TaskGroup() as group:
            traffic = group.create_task(running.run())
            try:
                yield
            finally:
                traffic.cancel()


def _unpacked_fail2ban(root: str) -> Fail2BanInstallation:
    from aiofail2ban.testing import Fail2BanInstallation

    # Modules that this fail2ban wants and Python may lack lie beside the unpacked packages.
    extra = Path(root).resolve().parent / "_python"
    try:
        return Fail2BanInstallation.from_root(Path(root), extra_python_folders=[extra] if extra.is_dir() else [])
    except Fail2BanError as error:
        raise BanGUIError(str(error), error.hint) from error


async def _first_poll(live: LiveState) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(1.0):
            async for snapshot in live.subscribe():
                if snapshot.revision:
                    return


async def _serve_until_cancelled(server: PageServer, listener: socket.socket, polling: asyncio.Task[None]) -> None:
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(server.serve(sockets=[listener]))
        try:
            await asyncio.shield(serving)
        finally:
            polling.cancel()
            server.should_exit = True
            await serving
