"""What is counted is added up by the transaction, and every row is touched once."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from bangui.adapters.sql.engine import reading, writing
from bangui.adapters.sql.id_keys import id_key
from bangui.adapters.sql.names import Id, NewId
from bangui.adapters.sql.schema import Grain, ids, kind_counts, rollups
from bangui.adapters.sql.statements import Statements, Transaction
from bangui.adapters.sql.tally import DAY, FAILURE_CODE, HOUR, Folded, StaleNames, Tally, TallyTable

_DAY_NUMBER = 20_000
_TIME = _DAY_NUMBER * DAY * HOUR


def _write(engine: Engine, tally: Tally, folded: Folded, *new: Id) -> None:
    made = {id.number: NewId(id, id_key(id.text)) for id in new}
    with writing(engine) as connection:
        TallyTable(Statements(engine.dialect.name)).write(Transaction(connection), tally, folded, made)


def _id(text: str, number: int = 1) -> Id:
    key = id_key(text)
    return Id(number, text, "DE", 64_500, key.subnet if key else None)


def _grains(engine: Engine) -> set[tuple[int, int]]:
    with reading(engine) as connection:
        return {(row.grain, row.start) for row in connection.execute(select(rollups))}


def test_weeks_and_seasons_are_counted_only_as_far_as_they_are_folded(engine: Engine) -> None:
    id = _id("192.0.2.1")
    tally = Tally()
    tally.add([(FAILURE_CODE, _TIME // HOUR, 1, 1, id)], [_TIME])
    _write(engine, tally, Folded(_DAY_NUMBER, 0), id)
    assert _grains(engine) == {(Grain.HOUR, _TIME // HOUR), (Grain.DAY, _DAY_NUMBER)}
    _write(engine, tally, Folded(_DAY_NUMBER + 1, 0))
    assert (Grain.WEEK, _DAY_NUMBER // 8) in _grains(engine)
    _write(engine, tally, Folded(_DAY_NUMBER + 1, _DAY_NUMBER // 8 + 1))
    assert (Grain.SEASON, _DAY_NUMBER // 64) in _grains(engine)


def test_a_count_of_nothing_has_no_row(engine: Engine) -> None:
    id = _id("somebody")
    key = (FAILURE_CODE, _TIME // HOUR, 1, 1, id)
    tally = Tally()
    tally.add([key, key], [_TIME, _TIME + 1])
    _write(engine, tally, Folded(1 << 30, 1 << 30), id)
    for _ in range(2):
        gone = Tally()
        gone.remove([key])
        _write(engine, gone, Folded(1 << 30, 1 << 30))
    with reading(engine) as connection:
        assert connection.execute(select(rollups)).all() == []
        assert connection.execute(select(kind_counts)).all() == []
        assert connection.execute(select(ids.c.failures, ids.c.events)).one() == (0, 0)


def test_what_comes_and_goes_within_a_transaction_leaves_no_trace(engine: Engine) -> None:
    id = _id("192.0.2.1")
    key = (FAILURE_CODE, _TIME // HOUR, 1, 1, id)
    tally = Tally()
    tally.add([key], [_TIME])
    tally.remove([key])
    _write(engine, tally, Folded(), id)
    assert _grains(engine) == set()


def test_an_id_without_a_row_is_noticed_before_anything_is_written(engine: Engine) -> None:
    tally = Tally()
    tally.add([(FAILURE_CODE, _TIME // HOUR, 1, 1, _id("192.0.2.1", 99))], [_TIME])
    with pytest.raises(StaleNames):
        _write(engine, tally, Folded())
    assert _grains(engine) == set()
