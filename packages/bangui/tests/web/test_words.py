import json
from datetime import timedelta, timezone

import pytest

from bangui.domain.phrases import phrase
from bangui.web.language import GERMAN, speaking
from bangui.web.words import (
    ago,
    count,
    day,
    exact,
    hour,
    machine,
    percent,
    sentence,
    size,
    time_for,
    time_left,
    time_words,
    when,
)
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
    with speaking(GERMAN):
        assert count(1234567) == "1.234.567"


def test_says_sizes_with_the_decimal_mark_of_the_language() -> None:
    assert size(1_430_000_000) == "1.4 GB"
    with speaking(GERMAN):
        assert size(1_430_000_000) == "1,4 GB"
        assert size(312_000_000) == "312 MB"


@pytest.mark.parametrize(("share", "words"), [(0, "0 %"), (0.001, "under 1 %"), (0.2345, "23 %"), (1, "100 %")])
def test_what_is_there_is_never_no_percent(share: float, words: str) -> None:
    assert percent(share) == words


def test_times_are_told_in_the_language_of_the_reader() -> None:
    with speaking(GERMAN):
        assert ago(NOW - timedelta(days=3), NOW) == "vor 3 Tagen"
        assert time_for(NOW - timedelta(days=3), NOW) == "3 Tage"
        assert time_left(NOW + timedelta(days=3, seconds=1), NOW) == "noch 3 Tage"
        assert day(NOW) == "23. Nov. 2026"
        assert hour(NOW) == "Mo 20:41"


def test_scripts_get_the_same_words() -> None:
    assert json.loads(time_words())["ago"]["days"] == "%(n)s days ago"
    with speaking(GERMAN):
        assert json.loads(time_words())["left"]["s"] == "noch %(n)s s"


def test_a_sentence_of_the_domain_is_said_in_the_language_of_the_reader() -> None:
    hint = phrase("is fail2ban running? try: sudo systemctl start fail2ban")
    with speaking(GERMAN):
        assert sentence(hint) == "Läuft fail2ban? Versuche: `sudo systemctl start fail2ban`"
        assert sentence("not translated; try: this") == "Not translated; try: `this`"


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
