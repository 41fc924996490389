"""The host: its daemon, and how its history is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bangui.domain.accounts import Scope
from bangui.domain.collection import SourceState
from bangui.domain.daemon import Presence
from bangui.domain.history_queries import HistoryState
from bangui.domain.snapshot import Snapshot
from bangui.web.api.operations import Call, Nothing, Operation
from bangui.web.api.parts import moment
from bangui.web.api.shapes import About
from bangui.web.site import Site


@dataclass(frozen=True, slots=True)
class HistorySourceState:
    """One source that the history is read from."""

    name: Annotated[str, About("Which source.", "database")]
    read_at: Annotated[datetime | None, About("When it was last read to its end.", "2026-11-25T16:30:00Z")]
    problem: Annotated[str | None, About("What is wrong with it.", None)]
    hint: Annotated[str | None, About("What to do about it.", None)]


@dataclass(frozen=True, slots=True)
class HistoryFacts:
    """What the history holds."""

    events: Annotated[int, About("How many events.", 1_204_331)]
    first: Annotated[datetime | None, About("The time of the oldest.", "2026-01-01T00:00:03Z")]
    last: Annotated[datetime | None, About("The time of the newest.", "2026-11-25T16:29:58Z")]
    disk_bytes: Annotated[int, About("The room that it takes on disk.", 300_000_000)]


@dataclass(frozen=True, slots=True)
class HostState:
    """The host as it was last seen."""

    host: Annotated[str, About("Its name.", "web-1")]
    presence: Annotated[Presence, About("How much of the daemon there is to talk to.", "up")]
    version: Annotated[str | None, About("The version of fail2ban.", "1.1.0")]
    since: Annotated[datetime, About("Since when it is so.", "2026-11-20T08:00:00Z")]
    problem: Annotated[str | None, About("Why it is away.", None)]
    hint: Annotated[str | None, About("What to do about it.", None)]
    taken_at: Annotated[datetime | None, About("When its numbers were read.", "2026-11-25T16:30:00Z")]
    jails: Annotated[int, About("How many jails run.", 5)]
    banned: Annotated[int, About("How many bans are in force, in all jails.", 318)]
    failing: Annotated[int, About("How many ids have failed lately, in all jails.", 12)]
    history: Annotated[HistoryFacts | None, About("What the history holds; null where none is kept.")]
    sources: Annotated[tuple[HistorySourceState, ...], About("What the history is read from.")]
    collecting_problem: Annotated[str | None, About("Why nothing can be recorded.", None)]


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operations about the host."""

    async def host(call: Call[Nothing, Nothing]) -> HostState:
        del call
        history = site.history
        state = None if history is None else await history.ask(lambda reader: reader.state())
        return _host_state(site.live.snapshot, state)

    return (
        Operation(
            "getHost",
            "GET",
            "/host",
            "Host",
            "Tell how the daemon and the history are",
            Scope.READ,
            host,
            problems=("history-away",),
        ),
    )


def _host_state(snapshot: Snapshot, state: HistoryState | None) -> HostState:
    daemon = snapshot.daemon
    collection = snapshot.record.collection if snapshot.record else None
    return HostState(
        snapshot.host,
        daemon.presence,
        daemon.version,
        daemon.since,
        daemon.problem,
        daemon.hint,
        snapshot.taken_at if snapshot.jails or daemon.presence is Presence.UP else None,
        len(snapshot.jails),
        sum(jail.currently_banned for jail in snapshot.jails),
        sum(jail.currently_failed for jail in snapshot.jails),
        None if state is None else _history_facts(state),
        tuple(map(_source, collection.sources)) if collection else (),
        collection.problem if collection else None,
    )


def _history_facts(state: HistoryState) -> HistoryFacts:
    return HistoryFacts(state.events, moment(state.first), moment(state.last), state.disk_bytes)


def _source(source: SourceState) -> HistorySourceState:
    return HistorySourceState(source.name, source.read_at, source.problem, source.hint)
