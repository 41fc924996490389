from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.f2b_database.cursor import (
    START,
    Anchor,
    Cursor,
    decode_cursor,
    encode_cursor,
    still_proven,
    thinned,
)

ANCHORS = tuple(Anchor(number, f"mark {number}") for number in (1, 5, 9, 12))
INTACT = {anchor.number: anchor.mark for anchor in ANCHORS}


@pytest.mark.parametrize("cursor", [START, Cursor(), Cursor(7), Cursor(None, ANCHORS), Cursor(0)])
def test_a_cursor_survives_being_text(cursor: Cursor) -> None:
    assert decode_cursor(encode_cursor(cursor)) == cursor


@pytest.mark.parametrize(
    "text",
    [
        *(None, "", "{", "null", "[]", "7", '"text"', "[" * 100_000, "{}"),
        *('{"v":2,"by_id":null,"anchors":[]}', '{"v":1,"by_id":null}', '{"v":1,"by_id":"x","anchors":[]}'),
        *('{"v":1,"by_id":1.5,"anchors":[]}', '{"v":1,"by_id":null,"anchors":[[1]]}'),
        *('{"v":1,"by_id":null,"anchors":[[1,2]]}', '{"v":1,"by_id":null,"anchors":[["1","x"]]}'),
        json.dumps({"v": 1, "by_id": 2**70, "anchors": []}),
        json.dumps({"v": 1, "by_id": None, "anchors": [[number, "x"] for number in range(1000)]}),
    ],
)
def test_a_text_that_is_no_cursor_is_none(text: str | None) -> None:
    assert decode_cursor(text) is None


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_no_text_raises_an_error(text: str) -> None:
    decode_cursor(text)


def test_anchors_whose_rows_are_there_prove_something() -> None:
    assert still_proven(ANCHORS, INTACT) == ANCHORS


def test_an_anchor_whose_row_is_gone_proves_nothing_any_more() -> None:
    assert still_proven(ANCHORS, {1: "mark 1", 9: "mark 9"}) == (ANCHORS[0], ANCHORS[2])
    assert still_proven(ANCHORS, {}) == ()


def test_another_row_in_the_place_of_an_anchor_takes_all_above_it_along() -> None:
    assert still_proven(ANCHORS, {**INTACT, 5: "another"}) == ANCHORS[:1]
    assert still_proven(ANCHORS, {**INTACT, 1: "another"}) == ()


def test_few_anchors_are_all_kept() -> None:
    anchors = tuple(Anchor(number, "") for number in range(16))
    assert thinned(anchors) == anchors


def test_of_many_anchors_the_newest_are_kept_and_ever_fewer_of_the_older_ones() -> None:
    numbers = [anchor.number for anchor in thinned(tuple(Anchor(number, "") for number in range(100_000)))]
    assert numbers[-16:] == list(range(99_984, 100_000))
    assert len(numbers) <= 16 + 17
    assert numbers[0] == 0
    distances = [99_999 - number for number in numbers[:-16]]
    assert all(further <= 4 * nearer for further, nearer in pairwise(distances))


@given(st.lists(st.integers(1, 50), min_size=1, max_size=40))
def test_there_are_always_anchors_near_every_distance_however_they_came(steps: list[int]) -> None:
    anchors: tuple[Anchor, ...] = ()
    number = 0
    for step in steps:
        new = tuple(Anchor(number + offset, "") for offset in range(step))
        number += step
        anchors = thinned((*anchors, *new))
        assert [anchor.number for anchor in anchors] == sorted({anchor.number for anchor in anchors})
    distances = [number - anchor.number for anchor in anchors]
    assert distances[0] * 2 >= number
