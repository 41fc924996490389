"""Dialogues: bytes in, replies out, each also one byte at a time."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiofail2ban import Fail2BanProtocolError, Fail2BanResponse, ReplyReader
from aiofail2ban._encode import END_MARKER

MARKER = END_MARKER.decode()
Feed = Callable[[ReplyReader, bytes], list[Fail2BanResponse]]


def reply(value: object) -> bytes:
    return pickle.dumps(value, 5) + END_MARKER


PONG = reply((0, "pong"))


def feed_whole(reader: ReplyReader, data: bytes) -> list[Fail2BanResponse]:
    return list(reader.feed(data))


def feed_bytewise(reader: ReplyReader, data: bytes) -> list[Fail2BanResponse]:
    return [reply for byte in data for reply in reader.feed(bytes([byte]))]


@pytest.fixture(params=[feed_whole, feed_bytewise], ids=["whole", "one byte at a time"])
def feed(request: pytest.FixtureRequest) -> Feed:
    function: Feed = request.param
    return function


def test_one_reply_comes_out_when_its_marker_is_there(feed: Feed) -> None:
    reader = ReplyReader()
    assert feed(reader, PONG[:-1]) == []
    assert not reader.is_idle
    assert feed(reader, PONG[-1:]) == [(0, "pong")]
    assert reader.is_idle


def test_several_replies_of_all_three_shapes_come_out_in_order(feed: Feed) -> None:
    data = PONG + reply((1, ValueError("no"))) + reply("ERROR: pickle data was truncated") + reply((0, [1, 2]))
    replies = feed(ReplyReader(), data)
    assert [replies[0], *replies[2:]] == [(0, "pong"), "ERROR: pickle data was truncated", (0, [1, 2])]
    assert repr(replies[1]) == "(1, <builtins.ValueError('no')>)"


@pytest.mark.parametrize(
    "text",
    [
        MARKER,
        f"aa.{MARKER}bb",
        f"x{MARKER}U\x05posixU\x06getpidq\x93)R.{MARKER}zz",
        f"{MARKER}(lp0\nVpwned\np1\na.{MARKER}",
        MARKER * 300,
        "." + MARKER,
    ],
)
def test_a_marker_inside_a_text_is_data(feed: Feed, text: str) -> None:
    data = reply((0, [text, {text: {text}}])) + PONG
    assert feed(ReplyReader(), data) == [(0, [text, {text: {text}}]), (0, "pong")]


@given(
    st.lists(st.lists(st.text() | st.sampled_from([MARKER, f".{MARKER}", f"N.{MARKER}"])).map("".join), max_size=5),
    st.lists(st.integers(0, 2000), max_size=5),
)
def test_whatever_an_attacker_writes_into_a_log_line_is_data(texts: list[str], cuts: list[int]) -> None:
    data = reply((0, texts)) + reply((0, {text: text for text in texts}))
    reader = ReplyReader()
    places = [0, *sorted(cut % len(data) for cut in cuts), len(data)]
    pieces = [data[start:end] for start, end in pairwise(places)]
    replies = [reply for piece in pieces for reply in reader.feed(piece)]
    assert replies == [(0, texts), (0, {text: text for text in texts})]
    assert reader.is_idle


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"<F2B_END_COMMAND>",
        PONG[:-17] + b"<F2B_END_COMMANX",
        PONG[:-17] + b"x" + END_MARKER,
        PONG[:-17] + PONG,
        reply("not an error"),
        reply("ERROR"),
        reply(["list"]),
        reply((0,)),
        reply((0, 1, 2)),
        reply(("0", "pong")),
        reply((True, "pong")),
        reply((0.0, "pong")),
        reply(None),
        b"\x80\x05cbuiltins\nstr\n." + END_MARKER,
    ],
    ids=repr,
)
def test_anything_else_ends_the_connection_for_good(feed: Feed, data: bytes) -> None:
    reader = ReplyReader()
    assert feed(reader, PONG) == [(0, "pong")]
    with pytest.raises(Fail2BanProtocolError):
        feed(reader, data)
    assert not reader.is_idle
    for later in (PONG, END_MARKER):
        with pytest.raises(Fail2BanProtocolError, match="failed before"):
            feed(reader, later)


def test_replies_before_the_fault_are_given_first(feed: Feed) -> None:
    replies = ReplyReader().feed(PONG + PONG + b"nonsense")
    assert next(replies) == (0, "pong")
    assert next(replies) == (0, "pong")
    with pytest.raises(Fail2BanProtocolError):
        next(replies)


def test_a_fault_shows_as_early_as_it_can(feed: Feed) -> None:
    reader = ReplyReader()
    with pytest.raises(Fail2BanProtocolError, match="not followed by the end marker"):
        feed(reader, PONG[:-17] + b"<F2B_E" + b"x")


def test_a_reply_beyond_the_limit_is_refused(feed: Feed) -> None:
    reader = ReplyReader(max_bytes=1000)
    assert feed(reader, reply((0, "x" * 900))) == [(0, "x" * 900)]
    with pytest.raises(Fail2BanProtocolError, match=r"larger than 1000 bytes|announces"):
        feed(reader, reply((0, "x" * 1000)))


def test_the_limit_counts_each_reply_alone(feed: Feed) -> None:
    assert len(feed(ReplyReader(max_bytes=100), PONG * 50)) == 50


@pytest.mark.parametrize("value", [(0, "pong"), (0, 3), (0, None), (0, [1]), (1, "no"), "ERROR: unreadable"])
def test_the_same_bytes_again_are_the_same_reply_and_bytes_that_begin_alike_are_not(feed: Feed, value: object) -> None:
    other = (0, "pongs") if value == (0, "pong") else (0, {"other": value})
    values = [value, value, other, value, (0, "pong"), (0, "pong"), value]
    data = b"".join(reply(one) for one in values)
    assert feed(ReplyReader(), data) == values


def test_a_list_that_comes_twice_is_two_lists() -> None:
    first, second = ReplyReader().feed(reply((0, ["a"])) * 2)
    assert first == second
    assert first[1] is not second[1]


def test_empty_pieces_change_nothing() -> None:
    reader = ReplyReader()
    pieces = [b"", PONG[:5], b"", PONG[5:23], b"", PONG[23:], b""]
    assert [reply for piece in pieces for reply in reader.feed(piece)] == [(0, "pong")]
