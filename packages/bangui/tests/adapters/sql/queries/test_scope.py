from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.sql.queries.scope import Scope, Words, following, parse_words, resolve, within_of
from bangui.domain.addresses import parse_address
from bangui.domain.errors import InvalidInput
from bangui.domain.history import EventKind
from bangui.domain.history_queries import Filter
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.queries.asking import asking
from packages.bangui.tests.adapters.sql.seen import DAY, START, ban, batch, failure

TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6)


@given(TEXTS, TEXTS)
def test_what_follows_a_text_ends_the_texts_that_begin_with_it(begin: str, other: str) -> None:
    end = following(begin)

    assert begin <= begin + other
    assert end is None or begin + other < end
    if not other.startswith(begin):
        # In the order of bytes as in that of characters.
        assert not begin <= other or (end is not None and other >= end)
    assert end is None or end.encode()


def test_nothing_follows_the_last_characters() -> None:
    assert following("\U0010ffff\U0010ffff") is None
    assert following("a\U0010ffff") == "b"
    assert following("\ud7ff") == "\ue000"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Failed password", Words(("failed", "password"), None)),
        ("failed ora*", Words(("failed",), "ora")),
        ("ora ora*", Words(("ora",), "ora")),
        ("10.0.0.ora*", Words(("10", "0"), "ora")),
        ("failed *", Words(("failed",), None)),
        ("'\"); --x", Words(("x",), None)),
    ],
)
def test_a_text_is_its_words_and_only_the_last_may_be_begun(text: str, words: Words) -> None:
    assert parse_words(text) == words


@pytest.mark.parametrize("text", ["", "*", "  ", "-- '", "\u202e"])
def test_a_text_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="no word"):
        parse_words(text)


def test_a_network_is_a_range_of_keys() -> None:
    within = within_of(parse_address("203.0.113.0/24"))
    assert (within.low, within.high, within.prefix) == (b"4\xcb\x00\x71\x00", b"4\xcb\x00\x71\xff", 24)

    within = within_of(parse_address("2001:db8::/32"))
    assert within.low == b"6\x20\x01\x0d\xb8" + bytes(12)
    assert within.high == b"6\x20\x01\x0d\xb8" + b"\xff" * 12


def _resolved(store: Store, filter: Filter) -> Scope:
    with asking(store) as asker:
        return resolve(asker, filter)


def test_names_become_numbers_and_unknown_ones_let_nothing_through(store: Store) -> None:
    store.writer.record(batch(failure(START, jail="sshd"), failure(START, jail="nginx")))

    both = _resolved(store, Filter(jails=("nginx", "sshd", "absent")))
    assert sorted(both.jail_names[number] for number in both.all_jails) == ["nginx", "sshd"]
    assert _resolved(store, Filter(jails=("absent",))).is_empty
    assert _resolved(store, Filter(hosts=("absent",))).is_empty
    assert not _resolved(store, Filter()).is_empty


def test_times_reach_no_farther_than_the_events(store: Store) -> None:
    store.writer.record(batch(failure(START), ban(START + 5 * DAY)))

    scope = _resolved(store, Filter())
    assert (scope.since, scope.until, scope.is_whole) == (START, START + 5 * DAY + 1, True)
    scope = _resolved(store, Filter(since=START + 1, until=1 << 70))
    assert (scope.since, scope.until) == (START + 1, START + 5 * DAY + 1)
    assert not scope.is_from_first
    assert scope.is_to_last
    assert _resolved(store, Filter(since=START + 6 * DAY)).is_empty
    assert _resolved(store, Filter(until=START)).is_empty


def test_an_empty_history_has_nothing_to_let_through(store: Store) -> None:
    assert _resolved(store, Filter()).is_empty
    assert _resolved(store, Filter(kinds=(EventKind.BAN,), since=-5)).is_empty


def test_what_no_database_could_store_does_not_reach_it(store: Store) -> None:
    store.writer.record(batch(failure(START)))

    scope = _resolved(
        store, Filter(id="\x00\ud800", prefix="a\x00", countries=("\x00\ud800X",), networks=(-1, 1 << 70))
    )

    assert scope.id == "\ufffd?"
    assert scope.prefix == "a\ufffd"
    assert scope.networks == (0, (1 << 32) - 1)
