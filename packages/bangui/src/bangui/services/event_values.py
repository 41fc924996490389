"""Events of the history as values of JSON, the same from the command line and from the console.

The keys are documented in docs/cli.md; they may be added to, never renamed.
"""

from __future__ import annotations

from bangui.domain.history import PERMANENT, Event, Source
from bangui.domain.moments import moment_of

_SOURCES = {Source.DATABASE: "database", Source.LOG: "log", Source.SOCKET: "socket", Source.BACKUP: "backup"}


def precise_time(milliseconds: int | None) -> str | None:
    """Return a time of the history in ISO 8601 with the zone of this machine, to the millisecond."""
    moment = None if milliseconds is None else moment_of(milliseconds)
    return None if moment is None else moment.astimezone().isoformat(timespec="milliseconds")


def event_value(event: Event, network_name: str | None) -> dict[str, object]:
    """Return an event; `duration` is null where it is unknown and where `permanent` is true."""
    is_permanent = event.duration is not None and event.duration <= PERMANENT
    return {
        "time": precise_time(event.time),
        "kind": kind_word(event),
        "host": event.host,
        "jail": event.jail,
        "id": event.id,
        "country": event.country,
        "network": event.network,
        "network_name": network_name,
        "duration": None if is_permanent else event.duration,
        "permanent": is_permanent,
        "ends_at": precise_time(event.ends),
        "count": event.count,
        "failures": event.failures,
        "origin": event.origin.value,
        "author": event.author,
        "reason": event.reason,
        "logged_at": precise_time(event.logged),
        "sources": [name for flag, name in _SOURCES.items() if event.sources & flag],
        "line_count": event.line_count,
    }


def kind_word(event: Event) -> str:
    """Return the kind of an event as one word: `already-banned`."""
    return event.kind.value.replace(" ", "-")
