"""A ban is one row, whoever tells of it and in whatever order, with its lines and its note."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from bangui.adapters.sql.engine import reading, writing
from bangui.adapters.sql.schema import events, jails, lines, notes
from bangui.domain.history import BanNote, EventKind, Observation, Origin, Recorded, Source
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.recount import assert_everything_agrees, empty
from packages.bangui.tests.adapters.sql.seen import DAY, HOUR, START, ban, batch, failure, logged_ban, note


def test_a_ban_that_was_logged_moves_to_its_true_time(store: Store) -> None:
    (logged,) = store.writer.record(batch(logged_ban(START + 700))).new
    recorded = store.writer.record(batch(ban(START)))
    (moved,) = recorded.changed
    assert recorded.new == ()
    assert (moved.number, moved.time, moved.logged) == (logged.number, START, START + 700)
    assert moved.sources == Source.LOG | Source.DATABASE
    assert_everything_agrees(store.engine)


def test_a_ban_that_moves_to_another_day_is_counted_there(store: Store) -> None:
    store.writer.record(batch(logged_ban(START + DAY), failure(START + DAY)))
    store.writer.record(batch(replace(ban(START), duration=-1)))
    assert_everything_agrees(store.engine)


def test_rows_that_turn_out_to_be_one_ban_become_one(store: Store) -> None:
    store.writer.record(batch(logged_ban(START + 700)))
    far = replace(ban(START + 3 * DAY), lines=("one",))
    store.writer.record(batch(far))
    with writing(store.engine) as connection:
        # As if another BanGUI, which paired otherwise, had made two rows of it.
        connection.execute(events.update().where(events.c.time == far.time).values(time=START))
        connection.execute(text("DELETE FROM rollups"))
        connection.execute(text("DELETE FROM kind_counts"))
    (kept,) = store.writer.record(batch(ban(START))).changed
    assert kept.line_count == 1
    with reading(store.engine) as connection:
        assert [(row.time, row.logged) for row in connection.execute(select(events))] == [(START, 700)]


def test_longer_matched_lines_take_the_place_of_shorter_ones(store: Store) -> None:
    store.writer.record(batch(ban(START, lines=["one"])))
    assert store.writer.record(batch(ban(START, lines=["two"]))) == Recorded()
    (changed,) = store.writer.record(batch(ban(START, lines=["one", "two"]))).changed
    assert changed.line_count == 2
    assert_everything_agrees(store.engine)
    with reading(store.engine) as connection:
        assert connection.execute(select(lines.c.count)).scalars().all() == [2]


def test_lines_move_with_their_ban(store: Store) -> None:
    store.writer.record(batch(replace(logged_ban(START + 700), lines=("root", "admin"))))
    (moved,) = store.writer.record(batch(ban(START))).changed
    assert (moved.time, moved.line_count) == (START, 2)
    assert_everything_agrees(store.engine)


@pytest.mark.parametrize("is_first", [True, False])
def test_a_note_finds_its_ban_whichever_comes_first(store: Store, is_first: bool) -> None:
    about = note(START + 400)
    steps = [batch(notes=[about]), batch(ban(START))]
    recorded = [store.writer.record(step) for step in (steps if is_first else reversed(steps))]
    events = [*recorded[-1].new, *recorded[-1].changed]
    assert [(event.origin, event.author, event.reason) for event in events] == [(Origin.HAND, "ann", "scans for holes")]
    assert_everything_agrees(store.engine)


def test_a_note_stays_when_its_ban_is_seen_again(store: Store) -> None:
    store.writer.record(batch(logged_ban(START + 700), notes=[note(START + 400)]))
    (moved,) = store.writer.record(batch(ban(START))).changed
    assert (moved.author, moved.origin) == ("ann", Origin.HAND)
    assert store.writer.record(batch(ban(START), notes=[note(START + 400)])) == Recorded()
    assert_everything_agrees(store.engine)


def test_a_note_waits_a_minute(store: Store) -> None:
    for number, (later, is_noted) in enumerate(((-1_001, False), (-1_000, True), (60_000, True), (60_001, False))):
        id = f"192.0.2.{number}"
        store.writer.record(batch(notes=[note(START, id)]))
        (banned,) = store.writer.record(batch(logged_ban(START + later, id))).new
        assert (banned.author is not None) == is_noted
    assert_everything_agrees(store.engine)


def test_a_note_is_about_the_first_of_two_bans(store: Store) -> None:
    recorded = store.writer.record(batch(logged_ban(START), logged_ban(START + 30_000), notes=[note(START)]))
    assert [event.author for event in recorded.new] == ["ann", None]
    assert store.writer.record(batch(logged_ban(START + 40_000))).changed == ()
    assert_everything_agrees(store.engine)


def test_a_note_of_another_jail_or_id_is_about_another_ban(store: Store) -> None:
    store.writer.record(batch(notes=[note(START, jail="recidive"), note(START, id="192.0.2.9")]))
    (banned,) = store.writer.record(batch(logged_ban(START))).new
    assert banned.author is None


def test_a_note_without_a_ban_is_kept_with_its_id(store: Store) -> None:
    long = BanNote("h", "j", "192.0.2.1", START, Origin.IMPORT, "a" * 1_000, "r" * 10_000)
    store.writer.record(batch(notes=[long, long]))
    with reading(store.engine) as connection:
        (row,) = connection.execute(select(notes))
        (first, last, total) = connection.execute(text("SELECT first, last, events FROM ids")).one()
    assert (len(row.author), len(row.reason), first, last, total) == (200, 2_000, START, START, 0)
    store.writer.record(batch(failure(START + HOUR, "192.0.2.1")))
    assert_everything_agrees(store.engine)


def test_two_bans_of_one_moment_are_two(store: Store) -> None:
    bans = [replace(logged_ban(START), logged=START + later) for later in (60_000, 120_000)]
    recorded = store.writer.record(batch(*bans, failure(START)))
    assert sorted(event.ordinal for event in recorded.new if event.kind is EventKind.BAN) == [0, 1]
    assert store.writer.record(batch(*bans)) == Recorded()
    assert_everything_agrees(store.engine)


@st.composite
def _life(draw: st.DrawFn) -> list[Observation | BanNote]:
    """What sources and people tell of one id that was banned several times, in two jails."""
    told: list[Observation | BanNote] = []
    for jail in ("sshd", "recidive"):
        now = START
        for _ in range(draw(st.integers(0, 5))):
            now += draw(st.sampled_from((5_000, HOUR, 3 * DAY)))
            lag = draw(st.sampled_from((300, 1_400, 20 * HOUR)))
            duration = draw(st.sampled_from((30, 4_000))) + lag // 1_000
            row = replace(ban(now, jail=jail, lines=["w"] * draw(st.integers(0, 1))), duration=duration)
            is_read, is_noted = draw(st.booleans()), draw(st.booleans())
            told.append(logged_ban(now + lag, jail=jail))
            told.extend([row] if is_read else [])
            told.extend([note(now - draw(st.integers(0, 900)), jail=jail)] if is_noted else [])
            told.append(failure(now, jail=jail))
            now += duration * 1_000 + 2_000
    return told


def _state(store: Store) -> list[tuple[object, ...]]:
    columns = [column for column in events.columns if column.name not in {"number", "lines", "note"}]
    query = (
        select(*columns, lines.c.count.label("line_count"), notes.c.time.label("note_time"))
        .outerjoin(lines, lines.c.number == events.c.lines)
        .outerjoin(notes, notes.c.number == events.c.note)
        .order_by(events.c.jail, events.c.time, events.c.kind, events.c.ordinal)
    )
    with reading(store.engine) as connection:
        names = {row.number: row.name for row in connection.execute(select(jails))}
        rows = [row._asdict() for row in connection.execute(query)]
    return sorted(
        (
            (names[row.pop("jail")], *(value for name, value in row.items() if name not in {"host", "id"}))
            for row in rows
        ),
        key=str,
    )


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(_life(), st.randoms(use_true_random=False))
def test_the_same_told_in_any_order_and_any_batches_is_the_same_history(
    store: Store, told: list[Observation | BanNote], chance: random.Random
) -> None:
    states = []
    for is_shuffled in (False, True):
        empty(store.engine)
        rest = [*told, *chance.choices(told, k=3)] if is_shuffled and told else list(told)
        if is_shuffled:
            chance.shuffle(rest)
        while rest:
            size = min(chance.randint(1, 4), len(rest)) if is_shuffled else len(rest)
            some = [rest.pop() for _ in range(size)]
            notes = [one for one in some if isinstance(one, BanNote)]
            store.writer.record(batch(*(one for one in some if isinstance(one, Observation)), notes=notes))
        assert_everything_agrees(store.engine)
        states.append(_state(store))
    assert states[0] == states[1]


def test_a_note_finds_its_ban_even_if_its_id_was_forgotten_meanwhile(store: Store) -> None:
    store.writer.record(batch(failure(START)))
    empty(store.engine)
    store.writer.record(batch(notes=[note(START)]))
    (banned,) = store.writer.record(batch(logged_ban(START))).new
    assert banned.author == "ann"
    assert_everything_agrees(store.engine)
