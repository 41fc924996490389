from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar, cast

import pytest

from bangui.domain.history import BanNote, Observation, Origin
from bangui.domain.history_ports import HistoryReader, StoreError, StoreTrouble
from bangui.domain.history_queries import Page, Search
from bangui.services.ban_origins import AskedBan, BanOrigins
from packages.bangui.tests.filled_history import HOST, HOSTILE, NOW, FilledHistory, ago, ban
from packages.bangui.tests.web.scripted import make_ban

T = TypeVar("T")


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


class AskedHistory:
    """Asks a history at once, counts how often, and can be out of reach."""

    def __init__(self, history: FilledHistory) -> None:
        self.history = history
        self.asked = 0
        self.is_away = False

    async def ask(self, question: Callable[[HistoryReader], T]) -> T:
        self.asked += 1
        if self.is_away:
            raise StoreError("the disk is gone", trouble=StoreTrouble.AWAY)
        with self.history.open() as reader:
            return question(reader)


@pytest.fixture
def history(tmp_path: Path) -> FilledHistory:
    return FilledHistory(tmp_path / "history.sqlite3")


def by_hand(id: str, minutes: float, author: str = "", reason: str = "") -> tuple[Observation, BanNote]:
    note = BanNote(HOST, "sshd", id, ago(minutes), Origin.HAND, author, reason)
    return ban(id, minutes), note


async def test_the_ban_of_somebody_is_known_by_its_time(history: FilledHistory) -> None:
    asked, note = by_hand("203.0.113.7", 60, "alice", "she knows why")
    history.record([asked, ban("203.0.113.8", 60)], [note])
    origins = await BanOrigins(AskedHistory(history)).read(is_needed=True)
    assert origins is not None
    in_force = make_ban("203.0.113.7", age=3_599, now=NOW)
    assert origins.asked(in_force) == AskedBan(Origin.HAND, ago(60), "alice", "she knows why")
    assert origins.of(in_force) is Origin.HAND
    assert origins.of(make_ban("203.0.113.7", age=600, now=NOW)) is Origin.FILTER
    assert origins.of(make_ban("203.0.113.7", "other", age=3_600, now=NOW)) is Origin.FILTER
    assert origins.of(make_ban("203.0.113.8", age=3_600, now=NOW)) is Origin.FILTER


async def test_ids_are_compared_as_the_history_keeps_them(history: FilledHistory) -> None:
    id = HOSTILE + "\udc80" + "x" * 600
    asked, note = by_hand(id, 5, "bob")
    history.record([asked], [note])
    origins = await BanOrigins(AskedHistory(history)).read(is_needed=True)
    assert origins is not None
    assert origins.of(make_ban(id, age=300, now=NOW)) is Origin.HAND


async def test_the_newest_ban_of_an_id_counts(history: FilledHistory) -> None:
    first, second = by_hand("203.0.113.7", 500, "alice"), by_hand("203.0.113.7", 60, "bob")
    history.record([first[0], second[0]], [first[1], second[1]])
    origins = await BanOrigins(AskedHistory(history)).read(is_needed=True)
    assert origins is not None
    found = origins.asked(make_ban("203.0.113.7", age=3_600, now=NOW))
    assert found is not None
    assert found.author == "bob"


async def test_the_history_is_asked_now_and_then_and_the_answer_stays_the_same_object(history: FilledHistory) -> None:
    asked, note = by_hand("203.0.113.7", 60)
    history.record([asked], [note])
    source, clock = AskedHistory(history), Clock()
    origins = BanOrigins(source, clock)
    first = await origins.read(is_needed=True)
    assert await origins.read(is_needed=True) is first
    assert source.asked == 1
    clock.now += 3
    assert await origins.read(is_needed=True) is first
    assert source.asked == 2


async def test_what_is_new_is_found_beside_what_is_known(history: FilledHistory) -> None:
    old, new = by_hand("203.0.113.7", 600, "alice"), by_hand("203.0.113.9", 1, "bob")
    history.record([old[0]], [old[1]])
    clock = Clock()
    origins = BanOrigins(AskedHistory(history), clock)
    await origins.read(is_needed=True)
    history.record([new[0]], [new[1]])
    clock.now += 3
    found = await origins.read(is_needed=True)
    assert found is not None
    assert found.of(make_ban("203.0.113.9", age=60, now=NOW)) is Origin.HAND
    assert found.of(make_ban("203.0.113.7", age=36_000, now=NOW)) is Origin.HAND


async def test_everything_is_read_again_now_and_then_for_what_was_recorded_late(history: FilledHistory) -> None:
    recent, late = by_hand("203.0.113.7", 1, "alice"), by_hand("203.0.113.9", 300, "bob")
    history.record([recent[0]], [recent[1]])
    clock = Clock()
    origins = BanOrigins(AskedHistory(history), clock)
    await origins.read(is_needed=True)
    history.record([late[0]], [late[1]])
    in_force = replace(make_ban("203.0.113.9", now=NOW), banned_at=NOW - timedelta(minutes=300))
    clock.now += 3
    found = await origins.read(is_needed=True)
    assert found is not None
    assert found.of(in_force) is Origin.FILTER
    clock.now += 600
    found = await origins.read(is_needed=True)
    assert found is not None
    assert found.of(in_force) is Origin.HAND


async def test_nothing_is_known_while_the_history_is_out_of_reach(history: FilledHistory) -> None:
    asked, note = by_hand("203.0.113.7", 60)
    history.record([asked], [note])
    source, clock = AskedHistory(history), Clock()
    origins = BanOrigins(source, clock)
    assert await origins.read(is_needed=True) is not None
    source.is_away = True
    clock.now += 3
    assert await origins.read(is_needed=True) is None
    assert await origins.read(is_needed=True) is None
    assert source.asked == 2
    source.is_away = False
    clock.now += 3
    found = await origins.read(is_needed=True)
    assert found is not None
    assert found.of(make_ban("203.0.113.7", age=3_600, now=NOW)) is Origin.HAND


@pytest.mark.parametrize(("is_needed", "patience", "glance"), [(True, 0.01, 60.0), (False, 60.0, 0.01)])
async def test_nobody_waits_for_a_slow_history_and_what_it_found_is_there_for_the_next(
    history: FilledHistory, *, is_needed: bool, patience: float, glance: float
) -> None:
    asked, note = by_hand("203.0.113.7", 60)
    history.record([asked], [note])
    source = SlowHistory(history)
    clock = Clock()
    origins = BanOrigins(source, clock, patience=patience, glance=glance)
    assert await origins.read(is_needed=is_needed) is None
    await asyncio.to_thread(source.has_begun.wait)
    clock.now += 3
    assert await origins.read(is_needed=is_needed) is None
    source.may_go_on.set()
    await source.has_answered.wait()
    clock.now -= 2
    assert await origins.read(is_needed=is_needed) is not None
    assert source.asked == 1


async def test_what_takes_long_to_read_is_read_more_rarely(history: FilledHistory) -> None:
    asked, note = by_hand("203.0.113.7", 60)
    history.record([asked], [note])
    clock = Clock()
    source = LongHistory(history, clock)
    origins = BanOrigins(source, clock)
    await origins.read(is_needed=True)
    clock.now += 18
    await origins.read(is_needed=True)
    assert source.asked == 1
    clock.now += 2
    await origins.read(is_needed=True)
    assert source.asked == 2


class LongHistory(AskedHistory):
    """Takes a second for each answer."""

    def __init__(self, history: FilledHistory, clock: Clock) -> None:
        super().__init__(history)
        self._clock = clock

    async def ask(self, question: Callable[[HistoryReader], T]) -> T:
        def asked(reader: HistoryReader) -> T:
            return question(cast("HistoryReader", LateReader(reader, self._clock)))

        return await super().ask(asked)


class LateReader:
    """Lets a second pass before it answers."""

    def __init__(self, reader: HistoryReader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock

    def search(self, search: Search) -> Page:
        self._clock.now += 1
        return self._reader.search(search)


class SlowHistory(AskedHistory):
    """Asks in a thread, and answers when it may."""

    def __init__(self, history: FilledHistory) -> None:
        super().__init__(history)
        self.has_begun = threading.Event()
        self.may_go_on = threading.Event()
        self.has_answered = asyncio.Event()

    async def ask(self, question: Callable[[HistoryReader], T]) -> T:
        self.asked += 1
        work = asyncio.ensure_future(asyncio.to_thread(self._answer, question))
        work.add_done_callback(lambda _: self.has_answered.set())
        return await asyncio.shield(work)

    def _answer(self, question: Callable[[HistoryReader], T]) -> T:
        with self.history.open() as reader:
            return question(cast("HistoryReader", WaitingReader(reader, self)))


class WaitingReader:
    """Answers searches when it may."""

    def __init__(self, reader: HistoryReader, slow: SlowHistory) -> None:
        self._reader = reader
        self._slow = slow

    def search(self, search: Search) -> Page:
        self._slow.has_begun.set()
        assert self._slow.may_go_on.wait(10)
        return self._reader.search(search)
