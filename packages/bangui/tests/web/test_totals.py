from __future__ import annotations

import pytest

from bangui.web.contexts import Totals
from bangui.web.totals import build_tiles, change_in_words
from packages.bangui.tests.web.scripted import make_day

TOTALS = Totals(currently_banned=8, total_banned=40, currently_failed=3, total_failed=900)


def test_without_a_record_the_daemons_own_sums_are_shown() -> None:
    tiles = build_tiles(TOTALS, None)
    assert [(tile.label, tile.value, tile.path) for tile in tiles] == [
        ("Banned now", 8, "/bans"),
        ("Failing now", 3, "#jails"),
        ("Bans in all", 40, "#jails"),
        ("Failures in all", 900, "#jails"),
    ]


def test_what_is_not_known_is_no_zero() -> None:
    assert [tile.value for tile in build_tiles(None, None)] == [None] * 4


def test_a_record_tells_today_and_this_week_and_where_they_are_listed() -> None:
    tiles = {tile.key: tile for tile in build_tiles(TOTALS, make_day(peak=100))}
    assert list(tiles) == ["banned", "failing", "bans-today", "failures-today", "bans-week", "failures-week"]
    assert (tiles["bans-today"].value, tiles["bans-today"].note) == (400, "11 % more than a week before")
    assert tiles["bans-today"].path == "/history?kind=ban&since=2026-11-23T00:00Z"
    assert tiles["failures-week"].note == "no record of the week before"
    assert tiles["failures-week"].path.startswith("/history?kind=failure&since=2026-11-23T00:00Z")


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (110, 100, "10 % more than a week before"),
        (50, 100, "50 % fewer than a week before"),
        (100, 100, "as a week before"),
        (0, 0, "as a week before"),
        (1001, 1000, "as a week before"),
        (5, 0, "none a week before"),
        (0, 5, "100 % fewer than a week before"),
        (1000, 100, "10 times a week before"),
        (5, None, "no record of the week before"),
    ],
)
def test_the_change_is_told_in_words(now: int, before: int | None, words: str) -> None:
    assert change_in_words(now, before) == words
