"""What the command line is built on; `bangui.runtime` puts the real parts in.

Here and in the other modules that every short command needs, named tuples stand where dataclasses would elsewhere,
and what only annotations need is not imported: a dataclass costs 0.4 ms of the start, and there are many.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol, TextIO

if TYPE_CHECKING:
    from argparse import Namespace
    from contextlib import AbstractContextManager
    from datetime import datetime

    from bangui.cli.accounts_call import RunAccess
    from bangui.cli.geo import GeoTools
    from bangui.cli.screen import Screen
    from bangui.domain.addresses import Address
    from bangui.domain.collection import CollectorState
    from bangui.domain.gateway import Gateway
    from bangui.domain.history_ports import HistoryReader, HistoryWriter, Progress
    from bangui.domain.places import PlaceFinder
    from bangui.domain.safety import Protected
    from bangui.domain.snapshot import Snapshot
    from bangui.domain.timed_bans import TimedBanStore


class Live(Protocol):
    """The live state of a host, as `watch` needs it."""

    def subscribe(self) -> AsyncIterator[Snapshot]:
        """Yield the newest snapshot, then every newer one."""
        ...


Follow = Callable[["Gateway", Live], Coroutine[object, object, int]]


class Parts(NamedTuple):
    """Factories and functions that the commands need from outside.

    `run_once` drives a command over the gateway of `open_gateway`, which answers without an event loop. `watch`,
    `serve` and `demo` start one. All return an exit status. `open_history` and `open_writer` are given where the
    history is, `open_writer` also the folder of the data and whether a history that is missing is made; `open_places`
    is given that folder. `collect` runs until it is interrupted, or until all is read that there is, and returns how
    that went. `run_access` drives work over the accounts in a database, and returns its exit status.
    """

    open_gateway: Callable[[str, float], Gateway]
    run_once: Callable[[Coroutine[object, object, int]], int]
    watch: Callable[[str, float, Follow], int]
    serve: Callable[[Namespace], int]
    demo: Callable[[Namespace], int]
    own_addresses: Callable[[], tuple[Address, ...]]
    login_addresses: Callable[[], tuple[Address, ...]]
    surroundings: Callable[[], tuple[Protected, ...]]
    now: Callable[[], datetime]
    open_history: Callable[[str], AbstractContextManager[HistoryReader]]
    open_writer: Callable[[str, str, bool], AbstractContextManager[HistoryWriter]]
    open_timed_bans: Callable[[str], AbstractContextManager[TimedBanStore]]
    open_places: Callable[[str], PlaceFinder]
    collect: Callable[[Namespace, Progress], CollectorState]
    geo_tools: Callable[[], GeoTools]
    run_access: RunAccess
    ask_password: Callable[[str], str]


class Call(NamedTuple):
    """One run of a command: what was asked, and the means to answer."""

    options: Namespace
    gateway: Gateway
    screen: Screen
    errors: TextIO
    stdin: TextIO
    environment: Mapping[str, str]
    parts: Parts


class HistoryCall(NamedTuple):
    """One run of a command that asks the history and not the daemon."""

    options: Namespace
    screen: Screen
    errors: TextIO
    environment: Mapping[str, str]
    parts: Parts
