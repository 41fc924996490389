"""From this process's command line to its exit status: hands the real parts to the commands."""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bangui.cli.main import run
from bangui.cli.parts import Follow, Parts

if TYPE_CHECKING:
    from argparse import Namespace

    from bangui.cli.geo import GeoTools
    from bangui.domain.addresses import Address
    from bangui.domain.collection import CollectorState
    from bangui.domain.gateway import Gateway
    from bangui.domain.history_ports import HistoryReader, HistoryWriter, Progress
    from bangui.domain.places import PlaceFinder
    from bangui.domain.safety import Protected
    from bangui.domain.timed_bans import TimedBanStore
    from bangui.services.access import Access


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
        surroundings=_surroundings,
        now=lambda: datetime.now(UTC),
        open_history=_open_history,
        open_writer=_open_writer,
        open_timed_bans=_open_timed_bans,
        open_places=_open_places,
        collect=_collect,
        geo_tools=_geo_tools,
        run_access=_run_access,
        ask_password=_ask_password,
    )
    return run(arguments, parts, os.environ)


def _own_addresses() -> tuple[Address, ...]:
    from bangui.adapters.machine import own_addresses

    return own_addresses()


def _login_addresses() -> tuple[Address, ...]:
    from bangui.adapters.machine import login_addresses

    return login_addresses()


def _surroundings() -> tuple[Protected, ...]:
    from bangui.runtime.protection import surroundings

    return surroundings()


def _open_one_shot_gateway(socket_path: str, timeout: float) -> Gateway:
    import socket

    from bangui.adapters.fail2ban import Fail2BanGateway
    from bangui.adapters.oneshot import OneShotCommands

    commands = OneShotCommands(socket_path, timeout)
    return Fail2BanGateway(socket.gethostname(), commands, commands.aclose)


def _run_once(work: Coroutine[object, object, int]) -> int:
    from bangui.adapters.oneshot import finish

    return finish(work)


def _watch(socket_path: str, timeout: float, follow: Follow) -> int:
    from bangui.runtime.service import watch

    return watch(socket_path, timeout, follow)


def _serve(options: Namespace) -> int:
    from bangui.runtime.service import serve

    return serve(options)


def _demo(options: Namespace) -> int:
    from bangui.runtime.service import demo

    return demo(options)


def _open_history(location: str) -> AbstractContextManager[HistoryReader]:
    from bangui.runtime.history import open_history

    return open_history(location)


def _open_writer(location: str, data: str, make: bool) -> AbstractContextManager[HistoryWriter]:
    from bangui.runtime.history import open_writer

    return open_writer(location, data, is_made=make)


def _open_timed_bans(location: str) -> AbstractContextManager[TimedBanStore]:
    from bangui.runtime.history import open_timed_bans

    return open_timed_bans(location)


def _open_places(data: str) -> PlaceFinder:
    from bangui.runtime.history import open_places

    return open_places(data)


def _collect(options: Namespace, progress: Progress) -> CollectorState:
    from bangui.runtime.service import collect

    return collect(options, progress)


def _run_access(location: str, work: Callable[[Access], Coroutine[object, object, int]]) -> int:
    from bangui.runtime.access import run_access

    return run_access(location, work)


def _ask_password(prompt: str) -> str:
    from getpass import getpass

    return getpass(prompt)


def _geo_tools() -> GeoTools:
    from bangui.adapters.geo.finder import open_place_finder
    from bangui.adapters.geo.reverse_dns import reverse_name_now
    from bangui.adapters.geo.update import replace_from_files, replace_from_url
    from bangui.cli.geo import GeoTools

    return GeoTools(open_place_finder, replace_from_files, replace_from_url, reverse_name_now)
