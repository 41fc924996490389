from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bangui.domain.errors import InvalidInput
from bangui.domain.moments import milliseconds_of, moment_of, parse_duration, parse_moment

NOW = datetime(2026, 11, 25, 12, 0, 30, 250_000, tzinfo=UTC)


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def at(text: str) -> str:
    moment = moment_of(parse_moment(text, NOW))
    assert moment is not None
    return moment.isoformat()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45s", 45),
        ("10m", 600),
        ("90min", 5_400),
        ("24h", 86_400),
        ("7d", 604_800),
        ("2w", 1_209_600),
        ("3mo", 7_776_000),
        ("1y", 31_536_000),
        ("1d 12h", 129_600),
        ("1d12h", 129_600),
        (" 2 Weeks ", 1_209_600),
    ],
)
def test_a_length_of_time_is_understood_as_people_write_it(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "7", "d", "-7d", "7 lightyears", "7d and more", "1.5h", "٣d", "0d", "101y", "9" * 40 + "d"]
)
def test_what_is_no_length_of_time_is_told_with_examples(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_duration(text)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("now", "2026-11-25T12:00:30.250000+00:00"),
        ("24h", "2026-11-24T12:00:30.250000+00:00"),
        ("2 weeks ago", "2026-11-11T12:00:30.250000+00:00"),
        ("today", "2026-11-24T23:00:00+00:00"),
        ("Yesterday", "2026-11-23T23:00:00+00:00"),
        ("2026-11-01", "2026-10-31T23:00:00+00:00"),
        ("2026-07-01", "2026-06-30T22:00:00+00:00"),
        ("2026-11-01T10:00", "2026-11-01T09:00:00+00:00"),
        ("2026-11-01 10:00:15", "2026-11-01T09:00:15+00:00"),
        ("2026-11-01T10:00Z", "2026-11-01T10:00:00+00:00"),
        ("2026-11-01T10:00+05:30", "2026-11-01T04:30:00+00:00"),
        ("9:05", "2026-11-25T08:05:00+00:00"),
        ("23:59:59", "2026-11-25T22:59:59+00:00"),
        ("@1764579600", "2025-12-01T09:00:00+00:00"),
    ],
)
def test_a_moment_is_understood_in_the_zone_of_this_machine(text: str, moment: str) -> None:
    assert at(text) == moment


def test_the_hour_that_summer_time_repeats_is_its_first_one() -> None:
    assert at("2026-10-25T02:30") == "2026-10-25T00:30:00+00:00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "24",
        "2026-13-01",
        "2026-02-30",
        "2026-11-01T25:00",
        "25:00",
        "01.11.2026",
        "200y",
        "@",
        "x" * 999,
    ],
)
def test_what_is_no_moment_is_told_with_examples(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_moment(text, NOW)
    assert "yesterday" in caught.value.hint


def test_before_the_first_moment_is_the_first_moment() -> None:
    assert parse_moment("1066-10-14", NOW) == 0


def test_milliseconds_and_moments_are_the_same_in_both_directions() -> None:
    assert moment_of(milliseconds_of(NOW)) == NOW


@pytest.mark.parametrize("milliseconds", [10**18, -(10**18), 253_402_300_799_999])
def test_where_no_calendar_reaches_there_is_no_moment(milliseconds: int) -> None:
    assert moment_of(milliseconds) is None


def test_every_moment_can_be_shown_in_every_zone() -> None:
    last = moment_of(253_402_128_000_000)
    assert last is not None
    assert last.astimezone() - last == timedelta()
