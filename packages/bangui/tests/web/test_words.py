from datetime import timedelta, timezone

import pytest

from bangui.web.words import ago, count, day, exact, machine, sentence, time_for, time_left, when
from packages.bangui.tests.web.scripted import NOW


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "just now"),
        (0, "just now"),
        (42, "42 s ago"),
        (250, "4 min ago"),
        (5000, "1 h ago"),
        (200000, "2 days ago"),
    ],
)
def test_says_how_long_ago_it_was(seconds: int, words: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(42, "42 s ago"), (172_799, "47 h ago"), (172_800, "21 Nov 2026, 20:41 UTC"), (-5, "just now")],
)
def test_says_the_day_where_a_number_of_days_would_tell_too_little(seconds: int, words: str) -> None:
    assert when(NOW - timedelta(seconds=seconds), NOW) == words


def test_a_day_is_one_of_utc() -> None:
    assert day(NOW.astimezone(timezone(timedelta(hours=5)))) == "23 Nov 2026"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-9, "ending"), (0, "ending"), (59, "59 s left"), (3599, "59 min left"), (86400, "24 h left")],
)
def test_says_how_long_it_will_last(seconds: int, words: str) -> None:
    assert time_left(NOW + timedelta(seconds=seconds), NOW) == words


def test_says_for_how_long_it_has_lasted_never_a_negative_time() -> None:
    assert time_for(NOW - timedelta(minutes=4), NOW) == "4 min"
    assert time_for(NOW + timedelta(minutes=4), NOW) == "0 s"


def test_names_the_zone_of_an_exact_time() -> None:
    moment = NOW.astimezone(timezone(timedelta(hours=5)))
    assert exact(moment) == "2026-11-23 20:41:06 UTC"
    assert machine(moment) == "2026-11-23T20:41:06Z"


def test_sets_thousands_apart() -> None:
    assert count(1234567) == "1,234,567"


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("there is no socket", "There is no socket."),
        ("fail2ban does not answer in time", "fail2ban does not answer in time."),
        ("is it running?", "Is it running?"),
        ("is it running? try: sudo systemctl start x", "Is it running? Try: `sudo systemctl start x`"),
        ("it died; try: sudo reboot", "It died; try: `sudo reboot`"),
        ("", ""),
    ],
)
def test_makes_a_sentence_of_a_phrase(phrase: str, text: str) -> None:
    assert sentence(phrase) == text
