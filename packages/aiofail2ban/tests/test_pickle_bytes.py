"""Bytes are collected without being looked at twice."""

from __future__ import annotations

import pickle
import time

import pytest

from aiofail2ban import Fail2BanProtocolError
from aiofail2ban._pickle import PickleReader
from aiofail2ban._pickle_bytes import decode_text, fault


def seconds_to_read(data: bytes, piece: int) -> float:
    start = time.perf_counter()
    reader = PickleReader()
    assert any(reader.feed(data[at : at + piece]) for at in range(0, len(data), piece))
    return time.perf_counter() - start


def test_a_long_text_in_many_small_pieces_costs_no_more_than_its_bytes() -> None:
    short = seconds_to_read(pickle.dumps("x" * 200_000, 5), 10)
    long = seconds_to_read(pickle.dumps("x" * 2_000_000, 5), 10)
    assert long < short * 40


def test_a_long_list_in_many_small_pieces_costs_no_more_than_its_bytes() -> None:
    short = seconds_to_read(pickle.dumps([f"id-{number}" for number in range(10_000)], 5), 10)
    long = seconds_to_read(pickle.dumps([f"id-{number}" for number in range(100_000)], 5), 10)
    assert long < short * 40


def test_what_has_arrived_counts_as_started() -> None:
    reader = PickleReader()
    seen = [reader.is_started]
    for piece in (b"\x80", b"\x05N", b"."):
        reader.feed(piece)
        seen.append(reader.is_started)
    reader.take_value()
    assert [*seen, reader.is_started] == [False, True, True, True, False]


def test_text_keeps_half_a_surrogate_pair_and_must_be_utf_8_otherwise() -> None:
    assert decode_text(b"\xed\xa0\x80") == "\ud800"
    with pytest.raises(Fail2BanProtocolError, match="not UTF-8"):
        decode_text(b"\xff")


def test_a_fault_says_whose_it_is() -> None:
    error = fault("is odd")
    assert str(error) == "the daemon's reply cannot be decoded: it is odd"
    assert "Something else than fail2ban answers" in error.hint
