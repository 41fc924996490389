from __future__ import annotations

from dataclasses import replace

import pytest

from bangui.domain.history import Event, EventKind, Origin, Source
from bangui.web.event_words import KIND_MEANINGS, ORIGIN_NAMES, asker, duration_words, kind_meaning, ordinal

BAN = Event(1, "web", "sshd", "x", EventKind.BAN, 0, None, 0, Origin.FILTER, Source.LOG, 600, 1, 5, None, None)


def test_every_kind_and_every_origin_is_explained() -> None:
    assert set(KIND_MEANINGS) == set(EventKind)
    assert set(ORIGIN_NAMES) == set(Origin)
    assert all(map(kind_meaning, EventKind))


@pytest.mark.parametrize(("seconds", "words"), [(-1, "permanent"), (0, "0s"), (5400, "1h 30m")])
def test_a_duration_is_told_as_fail2ban_writes_it(seconds: int, words: str) -> None:
    assert duration_words(seconds) == words


@pytest.mark.parametrize(
    ("origin", "author", "words"),
    [
        (Origin.FILTER, None, ""),
        (Origin.HAND, None, "by hand"),
        (Origin.HAND, "alice", "by alice"),
        (Origin.IMPORT, None, "from an imported list"),
        (Origin.BANGUI, None, "by BanGUI, following a rule"),
    ],
)
def test_who_wanted_a_ban_is_told_where_no_filter_did(origin: Origin, author: str | None, words: str) -> None:
    assert asker(replace(BAN, origin=origin, author=author)) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (113, "113th"), (1_022, "1,022nd")],
)
def test_a_place_in_a_row_has_its_ending(number: int, words: str) -> None:
    assert ordinal(number) == words
