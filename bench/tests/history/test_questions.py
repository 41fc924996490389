from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.reader import SqlHistoryReader
from bench.history.questions import Asker, Prepared, read_sample
from bench.history.stored import provide

KINDS = (
    Asker.part_of_overview,
    Asker.overview,
    Asker.page_of_search,
    Asker.top_list,
    Asker.top_list_of_place,
    Asker.own_history,
    Asker.count,
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return provide(tmp_path_factory.mktemp("history"), 5_000).path


@pytest.fixture
def reader(path: Path) -> Iterator[SqlHistoryReader]:
    engine = open_engine(str(path), read_only=True)
    yield SqlHistoryReader(engine)
    engine.dispose()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_question_has_answers(kind: object, path: Path, reader: SqlHistoryReader) -> None:
    chance = random.Random(3)
    asker = Asker(read_sample(path, chance), chance)
    draw = next(one for one in KINDS if one is kind)
    answers = []
    for _ in range(40):
        ask = draw(asker)
        if isinstance(ask, Prepared):
            ask.prepare(reader)
        answers.append(ask(reader))

    assert any(answers)


def test_the_same_chance_draws_the_same_sample(path: Path) -> None:
    assert read_sample(path, random.Random(5)) == read_sample(path, random.Random(5))


def test_busy_ids_are_drawn_more_often(path: Path) -> None:
    sample = read_sample(path, random.Random(5))

    assert len(set(sample.ids)) < len(sample.ids)
    assert sample.networks
