from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bangui.web.chart_scale import column_words, number_ticks, short_number, step_words, time_ticks, top_of

NOW = datetime(2026, 11, 23, 20, 41, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("peak", "top", "pitch"),
    [
        (0, 1, 1),
        (1, 1, 1),
        (3, 3, 1),
        (4, 4, 1),
        (5, 6, 2),
        (90, 100, 50),
        (101, 150, 50),
        (1_234_567, 1_500_000, 500_000),
    ],
)
def test_the_top_is_a_round_number_above_the_peak(peak: int, top: int, pitch: int) -> None:
    assert top_of(peak) == (top, pitch)


def test_lines_begin_at_zero_and_end_at_the_top() -> None:
    ticks = number_ticks(150, 50)
    assert [(tick.at, tick.text) for tick in ticks] == [(100, "0"), (66.67, "50"), (33.33, "100"), (0, "150")]


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (950, "950"), (12_000, "12k"), (2_500_000, "2.5M"), (20_000_000, "20M")]
)
def test_round_numbers_are_short(value: int, text: str) -> None:
    assert short_number(value) == text


@pytest.mark.parametrize(
    ("length", "first", "last"),
    [
        (timedelta(hours=1), "19:50", "20:30"),
        (timedelta(hours=6), "15:00", "20:00"),
        (timedelta(hours=24), "00:00", "18:00"),
        (timedelta(days=7), "18 Nov", "23 Nov"),
        (timedelta(days=30), "29 Oct", "18 Nov"),
        (timedelta(days=90), "10 Sep", "19 Nov"),
        (timedelta(days=365), "Jan 2026", "Nov 2026"),
        (timedelta(days=9 * 365), "Jan 2020", "Jan 2026"),
    ],
)
def test_times_are_round(length: timedelta, first: str, last: str) -> None:
    ticks = time_ticks(NOW - length, NOW)
    assert (ticks[0].text, ticks[-1].text) == (first, last)
    assert 2 <= len(ticks) <= 8
    assert all(3 <= tick.at <= 97 for tick in ticks)
    assert {tick.moment is not None for tick in ticks} == {length <= timedelta(days=2)}


def test_names_of_times_stand_where_their_time_is() -> None:
    ticks = time_ticks(datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC))
    assert [(tick.at, tick.text) for tick in ticks if tick.text == "12:00"] == [(50, "12:00")]


@pytest.mark.parametrize(
    ("start", "length", "words"),
    [
        (datetime(2026, 11, 23, 14, tzinfo=UTC), timedelta(hours=1), "23 Nov 2026, 14:00–15:00 UTC"),
        (datetime(2026, 11, 23, 23, tzinfo=UTC), timedelta(hours=1), "23 Nov 2026, 23:00–00:00 UTC"),
        (datetime(2026, 11, 23, tzinfo=UTC), timedelta(days=1), "23 Nov 2026"),
        (datetime(2026, 11, 19, tzinfo=UTC), timedelta(days=7), "19 Nov 2026 – 25 Nov 2026"),
        (datetime(2026, 11, 19, tzinfo=UTC), timedelta(days=2, hours=5), "19 Nov 2026 – 21 Nov 2026"),
    ],
)
def test_a_step_has_a_name(start: datetime, length: timedelta, words: str) -> None:
    assert column_words(start, start + length) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (60, "per minute"),
        (300, "per 5 minutes"),
        (3_600, "per hour"),
        (10_800, "per 3 hours"),
        (86_400, "per day"),
        (604_800, "per 7 days"),
    ],
)
def test_the_unit_of_a_column_is_said(seconds: int, words: str) -> None:
    assert step_words(seconds) == words
