"""The pickle reader decodes plain values as Python does, in pieces of any size, and nothing else."""

from __future__ import annotations

import math
import pickle
import pickletools
import struct
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiofail2ban import Fail2BanProtocolError, RemoteObject, encode_request
from aiofail2ban._encode import END_MARKER
from aiofail2ban._pickle import MAX_INT_BYTES, PickleReader

Read = Callable[[bytes], object]


def read_whole(data: bytes) -> object:
    reader = PickleReader()
    assert reader.feed(data)
    assert reader.position == len(data)
    value, size = reader.take_value()
    assert size == len(data)
    return value


def read_bytewise(data: bytes) -> object:
    return read_pieces([bytes([byte]) for byte in data])


def read_pieces(pieces: list[bytes]) -> object:
    reader = PickleReader()
    for piece in pieces[:-1]:
        assert not reader.feed(piece)
    assert reader.feed(pieces[-1])
    return reader.take_value()[0]


@pytest.fixture(params=[read_whole, read_bytewise], ids=["whole", "one byte at a time"])
def read(request: pytest.FixtureRequest) -> Read:
    reader: Read = request.param
    return reader


class Address:
    """Pickles as the daemon's addresses do: as a call of `str`."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __reduce__(self) -> tuple[object, ...]:
        return str, (self.text,)


# Values


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize(
    "value",
    [
        (0, "pong"),
        (0, None),
        (0, [True, False, 0, 255, 256, 65535, 65536, -1, 2**31, -(2**31), 2**63, -(2**200)]),
        (0, [0.0, -1.5, math.inf]),
        (0, ["", "ä", "\ud800", "x" * 255, "x" * 256, "x" * 70000]),
        (0, [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], {}, set()]),
        (0, {"sshd": ["polling", (0, 0), (0, 0)], 5: {1.5: None, True: {"x", "y"}}}),
        (0, [[f"198.51.100.{number}" for number in range(200)] for _ in range(20)]),
        "ERROR: pickle data was truncated",
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_plain_value_decodes_to_itself(read: Read, protocol: int, value: object) -> None:
    assert read(pickle.dumps(value, protocol)) == value


def test_bytes_decode_from_protocol_3_on(read: Read) -> None:
    value = [b"", b"\x00\xff", b"x" * 300]
    assert read(pickle.dumps(value, 3)) == value
    assert read(b"\x80\x04\x8e" + struct.pack("<Q", 3) + b"abc.") == b"abc"


def test_a_long_text_may_announce_its_length_in_eight_bytes(read: Read) -> None:
    assert read(b"\x80\x04\x8d" + struct.pack("<Q", 3) + b"abc.") == "abc"


def test_a_number_may_announce_its_length_in_four_bytes(read: Read) -> None:
    assert read(b"\x80\x02\x8b" + struct.pack("<I", 2) + b"\x00\x80.") == -32768


@pytest.mark.parametrize("protocol", [2, 4, 5])
def test_addresses_decode_to_their_texts(read: Read, protocol: int) -> None:
    texts = [f"2001:db8::{number:x}" for number in range(300)]
    assert read(pickle.dumps((0, [Address(text) for text in texts]), protocol)) == (0, texts)


def test_addresses_decode_also_where_the_name_of_str_was_remembered_late(read: Read) -> None:
    # A GET with a number above 255 is a different opcode.
    names = [f"jail-{number}" for number in range(300)]
    texts = [f"192.0.2.{number}" for number in range(20)]
    data = pickle.dumps((0, [names, [Address(text) for text in texts]]), 5)
    assert "LONG_BINGET" in [opcode.name for opcode, _, _ in pickletools.genops(data)]
    assert read(data) == (0, [names, texts])


def test_an_address_that_stands_twice_is_remembered(read: Read) -> None:
    one, other = Address("192.0.2.1"), Address("192.0.2.2")
    assert read(pickle.dumps([one, other, one, other], 5)) == ["192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.2"]


def test_the_tuple_around_an_address_can_be_recalled(read: Read) -> None:
    # No pickler does this: the tuples are temporary. The reader must still agree with itself about what it skipped.
    data = pickle.dumps([Address("192.0.2.1"), Address("192.0.2.2")], 5)
    parts = [(opcode.name, argument) for opcode, argument, _ in pickletools.genops(data)]
    last = sum(name == "MEMOIZE" for name, _ in parts) - 1
    assert read(data[:-2] + b"h" + bytes([last - 1]) + b"e.") == ["192.0.2.1", "192.0.2.2", ("192.0.2.2",)]


def test_text_of_a_python_2_daemon_may_have_any_encoding(read: Read) -> None:
    assert read(b"\x80\x02U\x03a\xe4b.") == "a\udce4b"
    assert read(b"\x80\x02T\x03\x00\x00\x00a\xc3\xa4.") == "aä"


def test_a_python_2_daemon_counts_its_memo_from_one(read: Read) -> None:
    assert read(b"\x80\x02]q\x01(U\x01aq\x02h\x02e.") == ["a", "a"]


def test_an_exception_becomes_an_inert_object(read: Read) -> None:
    assert read(pickle.dumps((1, ValueError("no", 5)), 5)) == (1, RemoteObject("builtins", "ValueError", ("no", 5)))
    assert read(pickle.dumps((1, KeyError("no")), 2)) == (1, RemoteObject("exceptions", "KeyError", ("no",)))


def test_the_state_of_an_exception_is_kept(read: Read) -> None:
    error = OSError("no")
    error.filename2 = "x"
    value = read(pickle.dumps((1, error), 5))
    assert isinstance(value, tuple)
    assert value[1].name == "OSError"
    error2 = ValueError("no")
    error2.__dict__["extra"] = {"a": [1]}
    assert read(pickle.dumps(error2, 5)) == RemoteObject("builtins", "ValueError", ("no",), {"extra": {"a": [1]}})


def test_several_pickles_decode_one_after_the_other() -> None:
    data = pickle.dumps([1, "a"], 5)
    reader = PickleReader()
    for _ in range(3):
        assert not reader.is_started
        assert reader.feed(data + b"rest")
        assert reader.buffer[reader.position :] == b"rest"
        assert reader.take_value() == ([1, "a"], len(data))


def test_a_large_reply_is_not_kept_after_it_was_taken() -> None:
    reader = PickleReader()
    assert reader.feed(pickle.dumps("x" * 1_000_000, 5))
    reader.take_value()
    assert reader.buffer == b""


# What CPython pickles

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text() | st.integers(-(2**59), 2**59), inner)
        | st.sets(st.text())
        | st.text().map(Address)
    ),
    max_leaves=40,
)


def as_texts(value: object) -> object:
    match value:
        case Address():
            return value.text
        case list():
            return [as_texts(item) for item in value]
        case tuple():
            return tuple(as_texts(item) for item in value)
        case dict():
            return {key: as_texts(item) for key, item in value.items()}
    return value


@given(plain, st.integers(3, 5), st.lists(st.integers(0, 10_000), max_size=6))
def test_whatever_python_pickles_out_of_plain_types_decodes_to_it(
    value: object, protocol: int, cuts: list[int]
) -> None:
    data = pickle.dumps(value, protocol)
    places = sorted({0, len(data), *(cut % len(data) for cut in cuts)})
    pieces = [data[start:end] for start, end in pairwise(places)]
    assert read_pieces(pieces) == as_texts(value)


without_bytes = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner) | st.sets(st.text()),
    max_leaves=40,
)


@given(without_bytes)
def test_whatever_python_pickles_with_protocol_2_decodes_to_it(value: object) -> None:
    assert read_whole(pickle.dumps(value, 2)) == value


@given(st.floats())
def test_every_float_keeps_its_bits(number: float) -> None:
    value = read_whole(pickle.dumps(number, 5))
    assert isinstance(value, float)
    assert struct.pack(">d", value) == struct.pack(">d", number)


@given(without_bytes)
def test_what_a_request_holds_is_what_our_reader_and_python_read(value: object) -> None:
    payload = encode_request([[value]]).removesuffix(END_MARKER)
    assert read_whole(payload) == [[value]]
    # Its own bytes, written a line above.
    assert pickle.loads(payload) == [[value]]


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_end_in_a_value_or_not_yet_or_a_protocol_error(data: bytes, with_header: bool) -> None:
    outcomes = []
    for pieces in ([data], [data[at : at + 1] for at in range(len(data))]):
        reader = PickleReader()
        prefix = b"\x80\x05" if with_header else b""
        try:
            outcomes.append(any(reader.feed(piece) for piece in [prefix, *pieces]))
        except Fail2BanProtocolError:
            outcomes.append(False)
    if len(data) and outcomes[1]:
        assert outcomes[0]


# Limits


@pytest.mark.parametrize(
    "data",
    [
        b"\x8d" + struct.pack("<Q", 2**40),
        b"\x8d" + struct.pack("<Q", 2**64 - 1),
        b"\x8e" + struct.pack("<Q", 2**40),
        b"X" + struct.pack("<I", 2**32 - 1),
        b"B" + struct.pack("<I", 2**31),
        b"T" + struct.pack("<I", 2**31),
        b"\x8b" + struct.pack("<I", 2**31),
        b"\x8b" + struct.pack("<I", MAX_INT_BYTES + 1),
        b"\x95" + struct.pack("<Q", 2**40),
    ],
    ids=repr,
)
def test_announced_gigabytes_are_refused_before_they_come(read: Read, data: bytes) -> None:
    with pytest.raises(Fail2BanProtocolError, match=r"announces|larger|number of more"):
        read(b"\x80\x05" + data + b"x")


@pytest.mark.parametrize("index", [17, 1000, 2**32 - 1])
def test_a_memo_number_far_ahead_is_refused(read: Read, index: int) -> None:
    with pytest.raises(Fail2BanProtocolError, match="numbers a value"):
        read(b"\x80\x02]r" + struct.pack("<I", index) + b".")


def test_a_memo_number_is_given_only_once(read: Read) -> None:
    with pytest.raises(Fail2BanProtocolError, match="numbers two values"):
        read(b"\x80\x02]q\x00}q\x00.")


@pytest.mark.parametrize("version", [0, 1, 6, 255])
def test_other_pickle_protocols_are_refused(read: Read, version: int) -> None:
    with pytest.raises(Fail2BanProtocolError, match="protocol"):
        read(b"\x80" + bytes([version]) + b"N.")


@pytest.mark.parametrize("value", ["x" * 2000, ["x"] * 1000], ids=["one text", "a list"])
def test_a_reply_beyond_the_limit_is_refused_whole_and_in_pieces(value: object) -> None:
    data = pickle.dumps(value, 5)
    for pieces in ([data], [data[:1000], data[1000:]], [bytes([byte]) for byte in data]):
        reader = PickleReader(max_bytes=1500)
        with pytest.raises(Fail2BanProtocolError, match=r"larger|announces"):
            any(reader.feed(piece) for piece in pieces)


@pytest.mark.parametrize(
    "data",
    [
        b".",
        b"N0.",
        b"NN.",
        b"(N.",
        b"a.",
        b"]a.",
        b"](a.",
        b"](Na.",
        b"]e.",
        b"t.",
        b"N\x86.",
        b"N(N\x86.",
        b"h\x00.",
        b"j\x00\x00\x00\x00.",
        b"]q\x01h\x00.",
        b"\x94.",
        b"(\x94.",
        b"Nq\x00(q\x01.",
        b"NR.",
        b"b.",
        b"}(Nu.",
        b"}Ns.",
        b"}N(Ns.",
        b"N(Na.",
        b"}Na.",
        b"]NNs.",
        b"](N\x90.",
        b"NN\x93.",
        b"N)R.",
        b"]Nb.",
        b"\x8c\x02\xff\xff.",
        b"c" + b"a" * 300 + b"\nb\n.",
        b"cbuiltins\nstr\n)R.",
        b"cbuiltins\nstr\nN\x85R.",
        b"cbuiltins\nstr\n]R.",
        b"cbuiltins\nset\n)R.",
        b"cbuiltins\nset\nN\x85R.",
        b"cbuiltins\nset\n](]e\x85R.",
        b"}()Nu.",
        b"\x8f()\x90.",
        b"\x8f(](Ne\x90.",
        b"}(" + b"\x8a\x09" + b"\x00" * 8 + b"\x01" + b"Nu.",
    ],
    ids=repr,
)
def test_a_pickle_that_makes_no_sense_is_refused(read: Read, data: bytes) -> None:
    with pytest.raises(Fail2BanProtocolError):
        read(b"\x80\x04" + data)


PLAIN_OPCODES = set(b"\x80\x95.N\x88\x89KMJ\x8a\x8bG\x8cX\x8dCB\x8eUT(]}\x8f)aesu\x90t\x85\x86\x87qr\x94hjc\x93Rb")


@pytest.mark.parametrize("opcode", sorted(set(range(256)) - PLAIN_OPCODES), ids=hex)
def test_every_other_opcode_is_refused(opcode: int) -> None:
    with pytest.raises(Fail2BanProtocolError, match=f"opcode 0x{opcode:02x}"):
        PickleReader().feed(b"\x80\x05NN" + bytes([opcode]))
