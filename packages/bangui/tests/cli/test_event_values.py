from __future__ import annotations

from dataclasses import replace

import pytest

from bangui.cli.event_values import (
    asker_text,
    duration_text,
    event_value,
    kind_word,
    network_text,
    precise_time,
    time_text,
)
from bangui.domain.history import PERMANENT, Event, EventKind, Origin, Source

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

pytestmark = pytest.mark.usefixtures("utc")


def test_times_are_exact_to_the_second_or_the_millisecond() -> None:
    assert time_text(BAN.time) == "2026-06-01T12:00:00+00:00"
    assert precise_time(BAN.time) == "2026-06-01T12:00:00.250+00:00"
    assert (time_text(None), precise_time(None), precise_time(10**18)) == (None, None, None)


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


@pytest.mark.parametrize(
    ("duration", "text"), [(3_600, "1h"), (PERMANENT, "permanent"), (None, ""), (90_061, "1d 1h 1m 1s")]
)
def test_a_duration_is_told_in_few_words(duration: int | None, text: str) -> None:
    assert duration_text(replace(BAN, duration=duration)) == text


def test_a_kind_is_one_word() -> None:
    assert kind_word(replace(BAN, kind=EventKind.ALREADY_BANNED)) == "already-banned"


def test_a_network_is_told_by_number_and_name() -> None:
    assert [network_text(*pair) for pair in ((64_500, "EVIL-NET"), (64_500, None), (None, None))] == [
        "AS64500 EVIL-NET",
        "AS64500",
        "",
    ]


@pytest.mark.parametrize(
    ("origin", "author", "reason", "text"),
    [
        (Origin.FILTER, None, None, ""),
        (Origin.HAND, None, None, "hand"),
        (Origin.HAND, "alice", None, "alice"),
        (Origin.IMPORT, "alice", "a list", "alice: a list"),
    ],
)
def test_who_wanted_a_ban_is_told_where_no_filter_did(
    origin: Origin, author: str | None, reason: str | None, text: str
) -> None:
    assert asker_text(replace(BAN, origin=origin, author=author, reason=reason)) == text
