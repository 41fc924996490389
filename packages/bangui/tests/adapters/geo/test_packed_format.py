from __future__ import annotations

import json

import pytest

from bangui.adapters.geo.errors import BrokenGeoData
from bangui.adapters.geo.packed_format import (
    MAGIC,
    PREFIX,
    Counts,
    blocks_of,
    columns_of,
    encode_head,
    encode_prefix,
    padded,
    parse_head,
)
from packages.bangui.tests.adapters.geo.made_data import ABOUT

COUNTS = Counts(v4=3, v6=1, fine=0, networks=129)
FIELDS = {"name": "n", "date": "d", "licence": "l", "credit": "c", **COUNTS._asdict()}


def _file(head: bytes, body: bytes = b"") -> memoryview:
    return memoryview(encode_prefix(head, body) + head + body)


def test_a_head_is_read_back_and_the_columns_begin_behind_it() -> None:
    head = encode_head(ABOUT, COUNTS)
    about, counts, start = parse_head(_file(head, b"body"), "a table")
    assert (about, counts, start) == (ABOUT, COUNTS, PREFIX.size + len(head))
    assert start % 8 == 0


def test_names_are_in_blocks_of_128() -> None:
    assert [blocks_of(COUNTS._replace(networks=networks)) for networks in (0, 1, 128, 129)] == [0, 1, 1, 2]
    assert columns_of(COUNTS)[-1].rows == 3


def test_sizes_are_padded_to_8() -> None:
    assert [padded(size) for size in (0, 1, 8, 9)] == [0, 8, 8, 16]


@pytest.mark.parametrize("data", [b"", b"x", MAGIC, b"x" * 200, MAGIC.lower() + bytes(200)])
def test_what_does_not_begin_like_a_table_is_none(data: bytes) -> None:
    with pytest.raises(BrokenGeoData, match="a file is not a packed table"):
        parse_head(memoryview(data), "a file")


def test_a_table_of_another_version_says_so() -> None:
    data = MAGIC + bytes(32) + (2).to_bytes(4, "little") + bytes(4)
    with pytest.raises(BrokenGeoData, match="version 2, not 1"):
        parse_head(memoryview(data), "a file")


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"[" * 10_000,
        b"\xff",
        json.dumps({**FIELDS, "name": 7}).encode(),
        json.dumps({**FIELDS, "credit": "c" * 501}).encode(),
        json.dumps({**FIELDS, "v4": 0}).encode(),
        json.dumps({**FIELDS, "v6": -1}).encode(),
        json.dumps({**FIELDS, "v6": 1.0}).encode(),
        json.dumps({**FIELDS, "v4": True}).encode(),
        json.dumps({**FIELDS, "v4": 1 << 40}).encode(),
        json.dumps({**FIELDS, "networks": 1 << 24}).encode(),
        json.dumps({key: value for key, value in FIELDS.items() if key != "fine"}).encode(),
        b" " * 17_000,
    ],
)
def test_a_head_that_makes_no_sense_is_refused(head: bytes) -> None:
    with pytest.raises(BrokenGeoData, match=r"^a file has .* head") as caught:
        parse_head(_file(head), "a file")
    assert "geo update" in caught.value.hint
