from __future__ import annotations

from dataclasses import replace

import pytest

from bangui.cli.event_values import (
    asker_text,
    duration_text,
    network_text,
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


def test_times_are_exact_to_the_second() -> None:
    assert time_text(BAN.time) == "2026-06-01T12:00:00+00:00"
    assert (time_text(None), time_text(10**18)) == (None, None)


@pytest.mark.parametrize(
    ("duration", "text"), [(3_600, "1h"), (PERMANENT, "permanent"), (None, ""), (90_061, "1d 1h 1m 1s")]
)
def test_a_duration_is_told_in_few_words(duration: int | None, text: str) -> None:
    assert duration_text(replace(BAN, duration=duration)) == text


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
