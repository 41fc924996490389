"""The composition root: the one place that knows every part, and owns every task.

`serve` and `demo` start in this order:

    1. the listening socket (a port that is taken is told before anything else happens)
    2. for `demo`: the private fail2ban and its made-up traffic
    3. the connection to fail2ban, and the poll loop of the live state
    4. the first poll, so that the first page has numbers (a daemon that is away delays it by a moment only)
    5. the web server

SIGINT and SIGTERM cancel the main task, which undoes it all: the poll loop ends first, and with it every stream of
events, so that the web server finds nothing to wait for; then the server, the connection, the demo, and the socket. A
second Ctrl-C does not wait for that.

What only some commands need is imported by the functions that need it: `bangui status` must be done in a blink, and
asyncio alone takes longer than that.
"""

from __future__ import annotations

import atexit
import gc
import os
import socket
import sys
from argparse import Namespace
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from bangui import __version__
from bangui.cli.main import run
from bangui.cli.parts import Follow, Parts
from bangui.domain.errors import BanGUIError

if TYPE_CHECKING:
    from asyncio import Task

    from aiofail2ban.testing import Fail2BanInstallation
    from bangui.domain.addresses import Address
    from bangui.domain.gateway import Gateway
    from bangui.services.live import LiveState
    from bangui.web.server import PageServer

T = TypeVar("T")


def main() -> int:
    """Run this process's command line and return its exit status; a short command ends the process right here."""
    code = run_command(sys.argv[1:])
    if "asyncio" not in sys.modules:
        # Taking the interpreter apart object by object would take longer than the answer did.
        atexit._run_exitfuncs()  # what a debugger, a profiler or a coverage tool has asked for
        with suppress(OSError):
            sys.stdout.flush()
        os._exit(code)
    return code


def run_command(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit status."""
    parts = Parts(
        open_gateway=_open_one_shot_gateway,
        run_once=_run_once,
        watch=_watch,
        serve=_serve,
        demo=_demo,
        own_addresses=_own_addresses,
        login_addresses=_login_addresses,
        now=_now,
    )
    return run(arguments, parts, os.environ)


def _now() -> datetime:
    return datetime.now(UTC)


def _own_addresses() -> tuple[Address, ...]:
    from bangui.adapters.machine import own_addresses

    return own_addresses()


def _login_addresses() -> tuple[Address, ...]:
    from bangui.adapters.machine import login_addresses

    return login_addresses()


def _open_one_shot_gateway(socket_path: str, timeout: float) -> Gateway:
    from bangui.adapters.fail2ban import Fail2BanGateway
    from bangui.adapters.oneshot import OneShotCommands

    commands = OneShotCommands(socket_path, timeout)
    return Fail2BanGateway(socket.gethostname(), commands, commands.aclose)


def _run_once(work: Coroutine[object, object, int]) -> int:
    from bangui.adapters.oneshot import finish

    return finish(work)


def _watch(socket_path: str, timeout: float, follow: Follow) -> int:
    from bangui.adapters.logs import keep_quiet

    keep_quiet()
    return _run_loop(_follow(socket_path, timeout, follow))


async def _follow(socket_path: str, timeout: float, follow: Follow) -> int:
    async with _polling(socket_path, timeout) as (gateway, live, _):
        return await follow(gateway, live)


def _serve(options: Namespace) -> int:
    return _run_service(options, _serve_pages(options))


def _demo(options: Namespace) -> int:
    options.host = "127.0.0.1"
    return _run_service(options, _serve_pages(options, is_demo=True))


def _run_service(options: Namespace, work: Coroutine[object, object, None]) -> int:
    """Run a service until it is asked to end, which is a good end."""
    from asyncio import CancelledError

    from bangui.adapters.logs import start_logging

    start_logging(is_verbose=options.verbose)
    with suppress(KeyboardInterrupt, CancelledError):
        _run_loop(work)
    return 0


def _run_loop(work: Coroutine[object, object, T]) -> T:
    """Run an event loop; of the errors that task groups wrap, raise the first that is meant for people."""
    import asyncio

    gc.enable()
    try:
        return asyncio.run(work)
    except BaseExceptionGroup as group:
        told = group.subgroup((BanGUIError, OSError))
        if told is None:
            raise
        first: BaseException = told
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None


async def _serve_pages(options: Namespace, *, is_demo: bool = False) -> None:
    """Serve the pages of a fail2ban until cancelled; for the demo it is a private one."""
    from bangui.web import WebSettings, create_app
    from bangui.web.server import PageServer, listen, url_of

    _let_signals_cancel()
    async with AsyncExitStack() as stack:
        listener = stack.enter_context(listen(options.host, options.port))
        if is_demo:
            options.socket = await stack.enter_async_context(_running_demo(options.fail2ban))
        _, live, polling = await stack.enter_async_context(_polling(options.socket, options.timeout))
        await _first_poll(live)
        url = url_of(listener)
        say = f'{{"url": "{url}"}}' if options.json else f"BanGUI is on {url} (Ctrl-C ends it)"
        server = PageServer(create_app(live, WebSettings(version=__version__)), lambda: _say(say))
        await _serve_until_cancelled(server, listener, polling)


@asynccontextmanager
async def _polling(socket_path: str, timeout: float) -> AsyncIterator[tuple[Gateway, LiveState, Task[None]]]:
    """A gateway and a live state whose poll loop runs in a task of its own until the block ends."""
    import asyncio

    from aiofail2ban import Fail2BanClient
    from bangui.adapters.fail2ban import Fail2BanGateway
    from bangui.services.live import LiveState

    async with Fail2BanClient(socket_path, timeout=timeout) as client:
        gateway = Fail2BanGateway(socket.gethostname(), client, client.aclose)
        live = LiveState(gateway)
        async with asyncio.TaskGroup() as group:
            task = group.create_task(live.run())
            try:
                yield gateway, live, task
            finally:
                task.cancel()


@asynccontextmanager
async def _running_demo(root: str | None) -> AsyncIterator[str]:
    """A private fail2ban under made-up attacks; yields its socket."""
    import asyncio

    from bangui.demo import Demo

    root = root or os.environ.get("BANGUI_FAIL2BAN")
    async with Demo(_unpacked_fail2ban(root) if root else None) as demo:
        _say(demo.banner)
        async with asyncio.TaskGroup() as group:
            traffic = group.create_task(demo.run())
            try:
                yield demo.socket_path
            finally:
                traffic.cancel()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _unpacked_fail2ban(root: str) -> Fail2BanInstallation:
    from pathlib import Path

    from aiofail2ban import Fail2BanError
    from aiofail2ban.testing import Fail2BanInstallation

    # Modules that this fail2ban wants and Python may lack lie beside the unpacked packages.
    extra = Path(root).resolve().parent / "_python"
    try:
        return Fail2BanInstallation.from_root(Path(root), extra_python_folders=[extra] if extra.is_dir() else [])
    except Fail2BanError as error:
        raise BanGUIError(str(error), error.hint) from error


def _let_signals_cancel() -> None:
    """Let SIGTERM and SIGHUP end the main task in good order, as Ctrl-C does by itself."""
    import asyncio
    import signal

    task = asyncio.current_task()
    if task is not None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)


async def _first_poll(live: LiveState) -> None:
    import asyncio

    with suppress(TimeoutError):
        async with asyncio.timeout(1.0):
            async for snapshot in live.subscribe():
                if snapshot.revision:
                    return


async def _serve_until_cancelled(server: PageServer, listener: socket.socket, polling: Task[None]) -> None:
    import asyncio

    async with asyncio.TaskGroup() as group:
        serving = group.create_task(server.serve(sockets=[listener]))
        try:
            await asyncio.shield(serving)
        finally:
            polling.cancel()
            server.should_exit = True
            await serving
