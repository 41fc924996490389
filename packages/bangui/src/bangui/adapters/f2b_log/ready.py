"""Observations that are known but not given out yet, as part of a cursor."""

from __future__ import annotations

from bangui.domain.history import EventKind, Observation, Source


def dump_observation(observation: Observation) -> list[object]:
    """Return what a log can tell of an event as what JSON can hold."""
    return [
        observation.kind.value,
        observation.jail,
        observation.id,
        observation.time,
        observation.ordinal,
        observation.logged,
        observation.duration,
        observation.count,
    ]


def load_observation(host: str, values: object) -> Observation:
    """Return what was dumped as what it was, or raise `ValueError`."""
    match values:
        case [
            str(kind),
            str(jail),
            str(id),
            int(time),
            int(ordinal),
            int() | None as logged,
            int() | None as duration,
            int() | None as count,
        ]:
            return Observation(
                host, jail, id, EventKind(kind), time, Source.LOG, logged, ordinal, duration=duration, count=count
            )
        case _:
            raise ValueError("a cursor holds an observation that is none")
