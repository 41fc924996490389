"""Events as programs get them."""

from __future__ import annotations

from bangui.domain.history import Event, EventKind, Origin, Source
from bangui.web.api.event_values import history_event
from bangui.web.api.writing import value_of


def an_event(duration: int | None, time: int = 1_795_608_000_250) -> Event:
    return Event(
        1, "web-1", "sshd", "203.0.113.7", EventKind.BAN, time, None, 0, Origin.HAND,
        Source.DATABASE | Source.LOG, duration, 2, 5, "DE", 64_500, 1, "ada", "noise",
    )  # fmt: skip


def test_a_ban_with_an_end() -> None:
    told = value_of(history_event(an_event(60), "EXAMPLE-NET", ("line",)))
    assert told == {
        "time": "2026-11-25T12:00:00.250Z",
        "kind": "ban",
        "host": "web-1",
        "jail": "sshd",
        "id": "203.0.113.7",
        "country": "DE",
        "network": 64500,
        "network_name": "EXAMPLE-NET",
        "duration": 60,
        "permanent": False,
        "ends_at": "2026-11-25T12:01:00.250Z",
        "count": 2,
        "failures": 5,
        "origin": "hand",
        "author": "ada",
        "reason": "noise",
        "logged_at": None,
        "sources": ["database", "log"],
        "line_count": 1,
        "lines": ["line"],
    }


def test_a_ban_without_an_end_and_one_of_unknown_length() -> None:
    permanent, unknown = history_event(an_event(-1), None), history_event(an_event(None), None)
    assert (permanent.duration, permanent.permanent, permanent.ends_at) == (None, True, None)
    assert (unknown.duration, unknown.permanent, unknown.ends_at) == (None, False, None)


def test_a_time_beyond_all_calendars_is_none() -> None:
    assert history_event(an_event(1 << 50), None).ends_at is None
