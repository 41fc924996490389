from __future__ import annotations

import pytest

from bangui.domain.errors import InvalidInput
from bangui.domain.history import EventKind
from bangui.domain.retention import DEFAULT_SIZE, RetentionWords, parse_age, parse_max_bytes, retention

DAY = 86_400


def test_without_ages_everything_is_kept_for_good() -> None:
    assert retention(None, None, 7).ages == {}
    assert retention(None, None, 7).max_bytes == 7


def test_failures_may_go_earlier_and_bans_stay() -> None:
    ages = retention(None, 90 * DAY, None).ages
    assert ages == dict.fromkeys((EventKind.FAILURE, EventKind.IGNORED, EventKind.ALREADY_BANNED), 90 * DAY)


def test_failures_follow_bans_and_are_never_kept_for_longer() -> None:
    assert set(retention(30 * DAY, None, None).ages.values()) == {30 * DAY}
    assert retention(30 * DAY, 90 * DAY, None).ages[EventKind.FAILURE] == 30 * DAY
    ages = retention(730 * DAY, 90 * DAY, None).ages
    assert (ages[EventKind.BAN], ages[EventKind.FAILURE]) == (730 * DAY, 90 * DAY)
    assert set(ages) == set(EventKind)


def test_ages_and_sizes_have_a_word_for_no_limit() -> None:
    assert (parse_age("Forever"), parse_age("2y")) == (None, 730 * DAY)
    assert (parse_max_bytes("unlimited"), parse_max_bytes(DEFAULT_SIZE)) == (None, 5_000_000_000)


@pytest.mark.parametrize("text", ["10m", "1s", "0d", "long"])
def test_an_age_that_would_keep_nothing_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_age(text)


@pytest.mark.parametrize("text", ["5", "9M", "much"])
def test_a_size_that_would_keep_nothing_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_max_bytes(text)


def test_words_are_understood_as_a_whole() -> None:
    kept = RetentionWords("forever", "90d", "5G").understood()
    assert kept == retention(None, 90 * 86_400, 5_000_000_000)
    with pytest.raises(InvalidInput):
        RetentionWords("forever", "soon", "5G").understood()
