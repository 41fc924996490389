"""A request holds the tokens as the contract says, and never an end marker before its end."""

from __future__ import annotations

import pickle
import pickletools
import time
from collections import OrderedDict, deque
from enum import Enum, IntEnum, StrEnum
from ipaddress import IPv4Address, IPv6Network
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiofail2ban import Fail2BanProtocolError, encode_request
from aiofail2ban._encode import END_MARKER, MAX_NESTING, MAX_REQUEST_BYTES


class Words(StrEnum):
    STATUS = "status"


class Numbers(IntEnum):
    ONE = 1


class Colour(Enum):
    RED = "red"


class Text(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "something else"

    def encode(self, *args: object) -> bytes:
        return b"something else"


class Shy:
    def __str__(self) -> str:
        return Text("shy")

    def __reduce__(self) -> tuple[object, ...]:
        raise AssertionError("nothing of the caller's is pickled")


class Point(NamedTuple):
    x: int
    y: int


def decode(request: bytes) -> object:
    """Read a request as the daemon does; these bytes are our own."""
    assert request.endswith(END_MARKER)
    return pickle.loads(request.removesuffix(END_MARKER))


@pytest.mark.parametrize(
    ("token", "arrives"),
    [
        ("sshd", "sshd"),
        ("", ""),
        ("ä€😀\x00\n\ud800", "ä€😀\x00\n\ud800"),
        (True, True),
        (False, False),
        (0, 0),
        (-1, -1),
        (2**31 - 1, 2**31 - 1),
        (2**31, 2**31),
        (-(2**31) - 1, -(2**31) - 1),
        (2**100, 2**100),
        (1.5, 1.5),
        (float("inf"), float("inf")),
        (["a", 1], ["a", 1]),
        ([], []),
        ({"a": 1, 2: [3]}, {"a": 1, 2: [3]}),
        ({}, {}),
        ({"a", "b"}, {"a", "b"}),
        (set(), set()),
        (None, "None"),
        ((1, "a"), "(1, 'a')"),
        (b"ping", "b'ping'"),
        (frozenset({1}), "frozenset({1})"),
        (IPv4Address("192.0.2.1"), "192.0.2.1"),
        (IPv6Network("2001:db8::/32"), "2001:db8::/32"),
        (PurePosixPath("/var/log/auth.log"), "/var/log/auth.log"),
        (Colour.RED, "Colour.RED"),
        (Words.STATUS, "status"),
        (Numbers.ONE, 1),
        (Text("text"), "text"),
        (Shy(), "shy"),
        (Point(1, 2), "Point(x=1, y=2)"),
        (OrderedDict(a=1), {"a": 1}),
    ],
    ids=repr,
)
def test_a_token_arrives_as_the_contract_says(token: object, arrives: object) -> None:
    decoded = decode(encode_request(["echo", token]))
    assert decoded == ["echo", arrives]
    assert isinstance(decoded, list)
    assert type(decoded[1]) is type(arrives)


@pytest.mark.parametrize(
    ("token", "arrives"),
    [
        ([IPv4Address("192.0.2.1"), Path("/x")], ["192.0.2.1", "/x"]),
        ([None, (1, None, ("a",)), ()], [None, (1, None, ("a",)), ()]),
        ([[["set", "sshd", "bantime", 600]]], [[["set", "sshd", "bantime", 600]]]),
        ([Words.STATUS, Numbers.ONE, b"x"], ["status", 1, "b'x'"]),
        ({IPv4Address("192.0.2.1"): None}, {"192.0.2.1": None}),
        ({(1, 2), Words.STATUS}, {(1, 2), "status"}),
    ],
    ids=repr,
)
def test_what_stands_inside_a_container_stays_plain(token: object, arrives: object) -> None:
    assert decode(encode_request(["echo", token])) == ["echo", arrives]


def test_a_request_is_a_pickle_of_protocol_2_and_then_the_marker() -> None:
    request = encode_request(["ping"])
    assert request == b"\x80\x02](X\x04\x00\x00\x00pinge.<F2B_END_COMMAND>"
    assert {argument for opcode, argument, _ in pickletools.genops(request) if opcode.name == "PROTO"} == {2}


@pytest.mark.parametrize("command", [("ping",), ["ping"], deque(["ping"])])
def test_any_sequence_of_tokens_is_a_command(command: Any) -> None:
    assert decode(encode_request(command)) == ["ping"]


def test_an_empty_command_can_be_sent() -> None:
    assert decode(encode_request([])) == []


@pytest.mark.parametrize(
    "command", ["ping", b"ping", bytearray(b"ping"), {"ping"}, {"ping": 1}, 5, None, iter(["ping"])]
)
def test_what_is_no_sequence_of_tokens_is_refused(command: Any) -> None:
    with pytest.raises(TypeError, match="a command is a sequence of tokens"):
        encode_request(command)


# The end marker

MARKER = END_MARKER.decode()


@pytest.mark.parametrize(
    "token",
    [
        MARKER,
        f"192.0.2.1{MARKER}(lp0\nVstop\np1\na.",
        [[MARKER]],
        {MARKER: 1},
        {1: MARKER},
        {MARKER},
        (MARKER,),
        Path(MARKER),
        int.from_bytes(END_MARKER, "little"),
        [int.from_bytes(b"x" + END_MARKER + b"x", "little")],
    ],
    ids=repr,
)
def test_a_request_that_contains_the_marker_is_refused(token: object) -> None:
    with pytest.raises(
        Fail2BanProtocolError, match="was not sent: one of its values contains fail2ban's end marker"
    ) as e:
        encode_request(["echo", token])
    assert "came from the caller" in e.value.hint


def test_parts_of_a_marker_that_only_meet_on_the_wire_are_refused_too() -> None:
    # Nothing that we write joins two tokens without opcodes between them; that is the point.
    assert decode(encode_request([MARKER[:8], MARKER[8:]])) == [MARKER[:8], MARKER[8:]]
    assert decode(encode_request([MARKER[:-1]])) == [MARKER[:-1]]


tokens = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.text(st.sampled_from("<F2B_END_COMMAND>.e\x00"))
    | st.sampled_from([MARKER, "<F2B_CLOSE_COMMAND>", "<F2B_END_COMMAN", "D>"])
    | st.ip_addresses(),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text() | st.just(MARKER), inner)
        | st.sets(st.text() | st.just(MARKER))
    ),
    max_leaves=20,
)


@given(st.lists(tokens))
def test_a_request_has_one_marker_at_its_end_or_is_refused(command: list[object]) -> None:
    try:
        request = encode_request(command)
    except Fail2BanProtocolError:
        assert MARKER in repr(command) or any(isinstance(token, int) for token in command)
        return
    assert request.index(END_MARKER) == len(request) - len(END_MARKER)
    for opcode, _, _ in pickletools.genops(request.removesuffix(END_MARKER)):
        assert opcode.proto <= 2
        assert opcode.name in {
            *("PROTO", "EMPTY_LIST", "MARK", "APPENDS", "EMPTY_DICT", "SETITEMS", "TUPLE", "STOP"),
            *("BINUNICODE", "BININT", "LONG1", "BINFLOAT", "NEWTRUE", "NEWFALSE", "NONE"),
            *("GLOBAL", "TUPLE1", "REDUCE"),
        }


# Limits


def test_a_request_beyond_the_limit_is_refused() -> None:
    with pytest.raises(Fail2BanProtocolError, match="was not sent: it has"):
        encode_request(["echo", "x" * MAX_REQUEST_BYTES])


def test_ten_thousand_addresses_are_one_request() -> None:
    assert len(encode_request(["set", "sshd", "banip", *(f"192.0.2.{n}" for n in range(10_000))])) < MAX_REQUEST_BYTES


def test_a_value_that_nests_too_deep_or_holds_itself_is_refused() -> None:
    deep: list[object] = []
    for _ in range(MAX_NESTING - 1):
        deep = [deep]
    encode_request([deep])
    with pytest.raises(Fail2BanProtocolError, match="nest more than"):
        encode_request([[deep]])
    deep.append(deep)
    with pytest.raises(Fail2BanProtocolError, match="was not sent"):
        encode_request([deep])


def test_a_value_that_unfolds_without_end_is_refused_soon() -> None:
    laughs: list[object] = []
    for _ in range(MAX_NESTING - 2):
        laughs = [laughs] * 10
    start = time.process_time()
    with pytest.raises(Fail2BanProtocolError, match=r"more than .* values"):
        encode_request([laughs])
    assert time.process_time() - start < 20


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    assert decode(encode_request([2**2039 - 1])) == [2**2039 - 1]
    with pytest.raises(Fail2BanProtocolError, match="a number of more than 255 bytes"):
        encode_request([2**2040])
