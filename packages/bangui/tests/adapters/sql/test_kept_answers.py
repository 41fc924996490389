"""Kept answers, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.kept_answers import SqlKeptAnswers
from bangui.domain.kept_answers import (
    ABANDONED_MILLISECONDS,
    KEPT_MILLISECONDS,
    KeptAnswer,
    KeyedRequest,
    KeyState,
    Standing,
)
from packages.bangui.tests.access import NOW

REQUEST = KeyedRequest(b"key", b"content")
ANSWER = KeptAnswer(201, '{"id": "\u00e4"}')


@pytest.fixture
def store(engine: Engine) -> SqlKeptAnswers:
    return SqlKeptAnswers(lambda: engine)


def test_a_key_is_begun_once(store: SqlKeptAnswers) -> None:
    assert store.begin(REQUEST, NOW) == KeyState(Standing.NEW)
    assert store.begin(REQUEST, NOW) == KeyState(Standing.IN_PROGRESS)
    assert store.begin(KeyedRequest(b"key", b"other"), NOW) == KeyState(Standing.OTHER)
    assert store.begin(KeyedRequest(b"other", b"content"), NOW) == KeyState(Standing.NEW)


def test_an_answer_comes_back_as_it_was(store: SqlKeptAnswers) -> None:
    store.begin(REQUEST, NOW)
    store.keep(REQUEST, ANSWER)
    assert store.begin(REQUEST, NOW + 1) == KeyState(Standing.ANSWERED, ANSWER)
    store.keep(REQUEST, KeptAnswer(201, None))
    assert store.begin(REQUEST, NOW + 1) == KeyState(Standing.ANSWERED, KeptAnswer(201, None))


def test_what_came_to_nothing_is_forgotten(store: SqlKeptAnswers) -> None:
    store.begin(REQUEST, NOW)
    store.forget(REQUEST)
    assert store.begin(REQUEST, NOW).standing is Standing.NEW


@pytest.mark.parametrize(
    ("later", "is_answered", "standing"),
    [
        (ABANDONED_MILLISECONDS - 1, False, Standing.IN_PROGRESS),
        (ABANDONED_MILLISECONDS, False, Standing.NEW),
        (KEPT_MILLISECONDS - 1, True, Standing.ANSWERED),
        (KEPT_MILLISECONDS, True, Standing.NEW),
        (-ABANDONED_MILLISECONDS, True, Standing.ANSWERED),
        (-ABANDONED_MILLISECONDS - 1, True, Standing.NEW),
    ],
)
def test_nothing_is_kept_for_ever(store: SqlKeptAnswers, later: int, is_answered: bool, standing: Standing) -> None:
    store.begin(REQUEST, NOW)
    if is_answered:
        store.keep(REQUEST, ANSWER)
    assert store.begin(REQUEST, NOW + later).standing is standing


def test_the_oldest_go_where_there_are_too_many(engine: Engine) -> None:
    store = SqlKeptAnswers(lambda: engine, most=3)
    requests = [KeyedRequest(bytes([number]), b"content") for number in range(5)]
    for number, request in enumerate(requests):
        store.begin(request, NOW + number)
        store.keep(request, ANSWER)
    found = [store.begin(request, NOW + 9).standing for request in reversed(requests)]
    assert found[:3] == [Standing.ANSWERED] * 3
    assert found[-1] is Standing.NEW


def test_of_many_who_come_at_once_one_begins(location: str, store: SqlKeptAnswers) -> None:
    other = open_engine(location)
    stores = [store, SqlKeptAnswers(lambda: other)] * 4
    with ThreadPoolExecutor(8) as pool:
        found = [job.result().standing for job in [pool.submit(one.begin, REQUEST, NOW) for one in stores]]
    other.dispose()
    assert sorted(standing.value for standing in found) == ["in progress"] * 7 + ["new"]
