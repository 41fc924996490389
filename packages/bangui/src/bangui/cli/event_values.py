"""Events of the history in the few words that tables show."""

from __future__ import annotations

from bangui.cli.times import exact
from bangui.domain.durations import duration_in_words
from bangui.domain.history import Event, Origin
from bangui.domain.moments import moment_of
from bangui.services.event_values import event_value, kind_word, precise_time

__all__ = ["asker_text", "duration_text", "event_value", "kind_word", "network_text", "precise_time", "time_text"]


def time_text(milliseconds: int | None) -> str | None:
    """Return a time of the history in ISO 8601 with the zone of this machine, to the second."""
    moment = None if milliseconds is None else moment_of(milliseconds)
    return None if moment is None else exact(moment)


def duration_text(event: Event) -> str:
    """Return how long a ban lasts: `1h`, `permanent`; empty where that is unknown or makes no sense."""
    if event.duration is None:
        return ""
    return "permanent" if event.duration < 0 else duration_in_words(event.duration)


def network_text(number: int | None, name: str | None) -> str:
    """Return a network for people: `AS4134 CHINANET-BACKBONE`."""
    if not number:
        return ""
    return f"AS{number} {name}" if name else f"AS{number}"


def asker_text(event: Event) -> str:
    """Return who wanted a ban that no filter did, and why: `alice: brute force`, `import`."""
    if event.origin is Origin.FILTER and not event.author:
        return ""
    who = event.author or event.origin.value
    return f"{who}: {event.reason}" if event.reason else who
