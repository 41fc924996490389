from __future__ import annotations

import pytest

from bangui.domain.durations import duration_in_words, rough_duration


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0s"),
        (1, "1s"),
        (600, "10m"),
        (3600, "1h"),
        (5400, "1h 30m"),
        (86_400, "1d"),
        (604_800, "1w"),
        (777_600, "1w 2d"),
        (2_629_800, "4w 2d 10h 30m"),
        (1.5, "1.5s"),
        (600.0, "10m"),
        (-60, "-1m"),
    ],
)
def test_durations_read_as_in_fail2bans_configuration(seconds: float, words: str) -> None:
    assert duration_in_words(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (172_799, "47 h"),
        (172_800, "2 days"),
        (-300, "5 min"),
    ],
)
def test_rough_durations_have_one_unit(seconds: float, words: str) -> None:
    assert rough_duration(seconds) == words
