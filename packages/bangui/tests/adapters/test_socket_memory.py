from __future__ import annotations

import base64
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.socket_memory import (
    MOST_REMEMBERED,
    Change,
    InForce,
    SocketCursor,
    changes,
    decode_socket_cursor,
    encode_socket_cursor,
)
from bangui.domain.history import PERMANENT

NOW = 5_000.0
BAN = InForce(4_000, 3_000)
OVER = InForce(4_000, 500)
FOR_EVER = InForce(4_000, PERMANENT)


def happened(known: dict[str, InForce], listed: dict[str, InForce], *, may_be_incomplete: bool = False) -> list[Change]:
    return list(changes(known, listed, NOW, may_be_incomplete=may_be_incomplete))


def test_equal_lists_tell_nothing() -> None:
    assert happened({"a": BAN, "b": FOR_EVER}, {"b": FOR_EVER, "a": BAN}) == []


def test_a_ban_that_is_listed_newly_has_begun_and_one_that_is_not_any_more_has_ended() -> None:
    assert happened({"a": BAN}, {"b": FOR_EVER}) == [Change("a", ended=BAN), Change("b", began=FOR_EVER)]


def test_a_later_ban_of_the_same_id_ends_the_one_before() -> None:
    later = InForce(4_900, 3_000)
    assert happened({"a": BAN}, {"a": later}) == [Change("a", ended=BAN), Change("a", began=later)]


def test_a_beginning_that_moved_by_rounding_is_the_same_ban() -> None:
    assert happened({"a": BAN}, {"a": InForce(4_001, 3_000)}) == []
    assert happened({"a": BAN}, {"a": InForce(3_999, 3_000)}) == []


def test_a_ban_that_was_made_longer_keeps_its_beginning() -> None:
    assert happened({"a": BAN}, {"a": InForce(4_001, 9_000)}) == [Change("a", began=InForce(4_000, 9_000))]


def test_while_bans_are_restored_only_those_that_are_over_have_ended() -> None:
    known = {"a": BAN, "over": OVER, "for ever": FOR_EVER}
    assert happened(known, {}, may_be_incomplete=True) == [Change("over", ended=OVER)]


bans = st.dictionaries(st.text(), st.builds(InForce, st.integers(0, 2**40), st.integers(-1, 2**40)), max_size=6)


@given(known=bans, listed=bans, may_be_incomplete=st.booleans())
def test_changes_lead_from_one_list_to_the_other(
    known: dict[str, InForce], listed: dict[str, InForce], may_be_incomplete: bool
) -> None:
    left = dict(known)
    for change in changes(known, listed, NOW, may_be_incomplete=may_be_incomplete):
        if change.began is None:
            del left[change.id]
        else:
            left[change.id] = change.began
    assert left.keys() >= listed.keys()
    if not may_be_incomplete:
        assert left.keys() == listed.keys()
    assert list(changes(left, listed, NOW, may_be_incomplete=may_be_incomplete)) == []


@given(bans=st.dictionaries(st.text(st.characters()), bans.filter(bool), max_size=4), turn=st.text())
def test_a_cursor_survives_being_text(bans: dict[str, dict[str, InForce]], turn: str) -> None:
    cursor = SocketCursor(turn, bans)
    assert decode_socket_cursor(encode_socket_cursor(cursor)) == cursor


def test_a_cursor_holds_as_many_bans_as_it_can_bear_and_stays_small() -> None:
    jails = {
        f"jail {size}": {
            f"198.51.{size}.{number} {number}": InForce(1_700_000_000 + number, 600) for number in range(size)
        }
        for size in (9, 900, 4_000, 9_000, 9_001)
    }
    text = encode_socket_cursor(SocketCursor("turn", jails))
    cursor = decode_socket_cursor(text)
    assert cursor is not None
    assert set(cursor.bans) == {"jail 9", "jail 900", "jail 4000", "jail 9000"}
    assert sum(map(len, cursor.bans.values())) <= MOST_REMEMBERED
    assert len(text) < 300_000


def packed(content: object) -> str:
    return base64.b64encode(zlib.compress(json.dumps(content).encode())).decode()


NO_BANS: list[object] = [
    *([], "text", {"j": []}, {"j": {"a": 1}}, {"j": {"a": [1]}}, {"j": {"a": ["1", 1]}}, {"j": {"a": [1, -2]}})
]


@pytest.mark.parametrize(
    "text",
    [
        *(None, "", "{", "null", "[]", "7", "{}", '{"v":2,"turn":"x","bans":""}', '{"v":1,"turn":5,"bans":""}'),
        *('{"v":1,"turn":"x"}', '{"v":1,"turn":"x","bans":"?"}', '{"v":1,"turn":"x","bans":"AAAA"}'),
        *(json.dumps({"v": 1, "turn": "x", "bans": packed(content)}) for content in NO_BANS),
        json.dumps({"v": 1, "turn": "x", "bans": packed("x" * 40_000_000)}),
    ],
)
def test_a_text_that_is_no_cursor_is_none(text: str | None) -> None:
    assert decode_socket_cursor(text) is None


@given(
    st.text() | st.binary().map(lambda raw: json.dumps({"v": 1, "turn": "x", "bans": base64.b64encode(raw).decode()}))
)
def test_no_text_raises_an_error(text: str) -> None:
    decode_socket_cursor(text)
