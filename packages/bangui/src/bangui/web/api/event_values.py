"""Events of the history as programs get them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bangui.domain.history import PERMANENT, Event, EventKind, Origin, Source
from bangui.domain.moments import moment_of
from bangui.web.api.parts import moment
from bangui.web.api.shapes import About

_SOURCES = {Source.DATABASE: "database", Source.LOG: "log", Source.SOCKET: "socket", Source.BACKUP: "backup"}


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """Something that happened."""

    time: Annotated[datetime | None, About("When it happened.", "2026-11-25T16:30:00.250Z")]
    kind: Annotated[EventKind, About("What happened.", "ban")]
    host: Annotated[str, About("Where.", "web-1")]
    jail: Annotated[str, About("In which jail.", "sshd")]
    id: Annotated[str, About("To whom: an address, a network, or any text that a filter captured.", "203.0.113.7")]
    country: Annotated[str | None, About("Where the address was when it was recorded.", "DE")]
    network: Annotated[int | None, About("The number of its autonomous system.", 64_500)]
    network_name: Annotated[str | None, About("The name of its autonomous system.", "EXAMPLE-NET")]
    duration: Annotated[int | None, About("Seconds of a ban; null where unknown or permanent.", 3_600)]
    permanent: Annotated[bool, About("Whether the ban has no end.", example=False)]
    ends_at: Annotated[datetime | None, About("When the ban ends by itself.", "2026-11-25T17:30:00.250Z")]
    count: Annotated[int | None, About("The how manieth ban of this id it is.", 2)]
    failures: Annotated[int | None, About("How many failures led to it.", 5)]
    origin: Annotated[Origin, About("Who wanted the ban.", "filter")]
    author: Annotated[str | None, About("Who asked for it, where somebody did.", None)]
    reason: Annotated[str | None, About("The reason that they gave.", None)]
    logged_at: Annotated[datetime | None, About("When the daemon logged it.", None)]
    sources: Annotated[tuple[str, ...], About("Who saw it.", ("database", "log"))]
    line_count: Annotated[int, About("How many matched lines are kept.", 5)]
    lines: Annotated[tuple[str, ...], About("The matched lines, where they were asked for.", ())] = ()


def history_event(event: Event, network_name: str | None, lines: tuple[str, ...] = ()) -> HistoryEvent:
    """Return an event as programs get it."""
    is_permanent = event.duration is not None and event.duration <= PERMANENT
    return HistoryEvent(
        moment_of(event.time),
        event.kind,
        event.host,
        event.jail,
        event.id,
        event.country,
        event.network,
        network_name,
        None if is_permanent else event.duration,
        is_permanent,
        moment(event.ends),
        event.count,
        event.failures,
        event.origin,
        event.author,
        event.reason,
        moment(event.logged),
        tuple(name for flag, name in _SOURCES.items() if event.sources & flag),
        event.line_count,
        lines,
    )
