"""Days become weeks and weeks become seasons when they are past."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, func, select

from bangui.adapters.sql import folds as folds_module
from bangui.adapters.sql.engine import reading, writing
from bangui.adapters.sql.folds import FoldTable
from bangui.adapters.sql.schema import Grain, kind_counts, rollups
from bangui.adapters.sql.statements import Statements, Transaction
from bangui.adapters.sql.tally import Folded

_FIRST = 19_968
"""A day on which a season begins."""


def _fill(engine: Engine, days: range, keys: int = 3) -> None:
    statements = Statements(engine.dialect.name)
    with writing(engine) as connection:
        transaction = Transaction(connection)
        rows = [(4, 24, day, key, 1, 1, 1, 2) for day in days for key in range(keys)]
        transaction.run(statements.compile(rollups.insert()), rows)
        transaction.run(statements.compile(kind_counts.insert()), [(1, 24, day, 1, 1, 5) for day in days])


def _fold(engine: Engine, folded: Folded, newest: int) -> Folded:
    with writing(engine) as connection:
        table = FoldTable(Statements(engine.dialect.name))
        result = table.fold(Transaction(connection), folded, newest)
        assert table.read(Transaction(connection)) in {result, None}
        return result


def _sums(engine: Engine, grain: Grain) -> dict[int, int]:
    with reading(engine) as connection:
        query = select(rollups.c.start, func.sum(rollups.c.failures)).where(rollups.c.grain == int(grain))
        return {start: int(count) for start, count in connection.execute(query.group_by(rollups.c.start))}


def test_two_days_are_waited_for(engine: Engine) -> None:
    _fill(engine, range(_FIRST, _FIRST + 5))
    folded = _fold(engine, Folded(_FIRST, _FIRST // 8), _FIRST + 4)
    assert folded == Folded(_FIRST + 2, _FIRST // 8)
    assert _sums(engine, Grain.WEEK) == {_FIRST // 8: 12}


def test_a_week_that_is_complete_goes_into_its_season(engine: Engine) -> None:
    _fill(engine, range(_FIRST, _FIRST + 17))
    folded = _fold(engine, Folded(_FIRST, _FIRST // 8), _FIRST + 18)
    assert folded == Folded(_FIRST + 16, _FIRST // 8 + 2)
    assert _sums(engine, Grain.WEEK) == {_FIRST // 8: 48, _FIRST // 8 + 1: 48}
    assert _sums(engine, Grain.SEASON) == {_FIRST // 64: 96}
    with reading(engine) as connection:
        query = select(kind_counts.c.events).where(kind_counts.c.grain == int(Grain.SEASON))
        assert connection.execute(query).scalars().all() == [80]


def test_long_gaps_are_passed_over(engine: Engine) -> None:
    _fill(engine, range(_FIRST, _FIRST + 1))
    folded = _fold(engine, Folded(_FIRST, _FIRST // 8), _FIRST + 1_000)
    assert folded == Folded(_FIRST + 998, (_FIRST + 998) // 8)
    assert _sums(engine, Grain.SEASON) == {_FIRST // 64: 6}


def test_it_stops_when_it_has_done_enough_and_goes_on_next_time(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Seven rows at a time: a day of twenty keys takes three statements, and a transaction does one day.
    monkeypatch.setattr(folds_module, "_ROWS", 7)
    _fill(engine, range(_FIRST, _FIRST + 4), keys=20)
    folded = Folded(_FIRST, _FIRST // 8)
    steps = [folded := _fold(engine, folded, _FIRST + 6) for _ in range(5)]
    assert [step.weeks - _FIRST for step in steps] == [1, 2, 3, 4, 4]
    assert _sums(engine, Grain.WEEK) == {_FIRST // 8: 160}
