from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bangui.domain.history import PERMANENT, Event, EventKind, Origin, Source
from bangui.services.event_values import event_value, kind_word, precise_time

BAN = Event(
    number=1,
    host="web",
    jail="sshd",
    id="203.0.113.7",
    kind=EventKind.BAN,
    time=1_780_315_200_250,
    logged=1_780_315_200_400,
    ordinal=0,
    origin=Origin.FILTER,
    sources=Source.DATABASE | Source.LOG,
    duration=3_600,
    count=2,
    failures=5,
    country="DE",
    network=64_500,
    line_count=3,
)


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_times_are_exact_to_the_millisecond() -> None:
    assert precise_time(BAN.time) == "2026-06-01T12:00:00.250+00:00"
    assert (precise_time(None), precise_time(10**18)) == (None, None)


def test_an_event_has_the_documented_keys() -> None:
    assert event_value(BAN, "EVIL-NET") == {
        "time": "2026-06-01T12:00:00.250+00:00",
        "kind": "ban",
        "host": "web",
        "jail": "sshd",
        "id": "203.0.113.7",
        "country": "DE",
        "network": 64_500,
        "network_name": "EVIL-NET",
        "duration": 3_600,
        "permanent": False,
        "ends_at": "2026-06-01T13:00:00.250+00:00",
        "count": 2,
        "failures": 5,
        "origin": "filter",
        "author": None,
        "reason": None,
        "logged_at": "2026-06-01T12:00:00.400+00:00",
        "sources": ["database", "log"],
        "line_count": 3,
    }


def test_a_permanent_ban_and_one_of_unknown_length_are_told_apart() -> None:
    permanent = event_value(replace(BAN, duration=PERMANENT), None)
    unknown = event_value(replace(BAN, duration=None), None)
    assert [(value["duration"], value["permanent"], value["ends_at"]) for value in (permanent, unknown)] == [
        (None, True, None),
        (None, False, None),
    ]


def test_a_ban_that_outlasts_every_calendar_has_no_end() -> None:
    value = event_value(replace(BAN, duration=10**15), None)
    assert (value["duration"], value["ends_at"]) == (10**15, None)


def test_a_kind_is_one_word() -> None:
    assert kind_word(replace(BAN, kind=EventKind.ALREADY_BANNED)) == "already-banned"
