from __future__ import annotations

import sys
from bisect import bisect_right
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.geo import packed_format
from bangui.adapters.geo.errors import BrokenGeoData
from bangui.adapters.geo.files import BUILT_IN_TABLE
from bangui.adapters.geo.packed_format import PREFIX, encode_prefix
from bangui.adapters.geo.packed_table import PackedTable, map_table, read_table
from bangui.adapters.geo.packing import TablePacker
from bangui.domain.places import Network
from packages.bangui.tests.adapters.geo.made_data import ABOUT, packed

LAST = {4: 2**32 - 1, 6: 2**128 - 1}
SMALL = packed(
    ("1.0.0.0", "1.0.0.255", 64, "One"),
    ("1.0.2.0", "1.0.2.255", 65, "Two"),
    ("2001:db8::", "2001:db8::ffff", 64, "One"),
    ("2001:db8::1:0", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", 66, "Три"),
)


class Piece(NamedTuple):
    first: int
    last: int
    network: Network


def _names() -> st.SearchStrategy[str]:
    return st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@st.composite
def _pieces(draw: st.DrawFn, version: int) -> list[Piece]:
    """Ranges in order without overlap, some of them next to each other, some at the very ends."""
    networks = [
        Network(number, draw(_names())) for number in draw(st.lists(st.integers(1, 2**32 - 1), min_size=1, max_size=4))
    ]
    near = st.integers(0, 300) | st.integers(LAST[version] - 300, LAST[version])
    fine = st.integers(0, 300).map(lambda low: (LAST[version] // 3) + low)
    edges = sorted(draw(st.sets(near | fine | st.integers(0, LAST[version]), max_size=40)))
    pieces = []
    for first, behind in pairwise([*edges, LAST[version] + 1]):
        if draw(st.booleans()):
            last = draw(st.sampled_from([behind - 1, first]) | st.integers(first, behind - 1))
            pieces.append(Piece(first, last, draw(st.sampled_from(networks))))
    return pieces


def _expected(pieces: list[Piece], number: int, names: dict[int, str]) -> Network | None:
    at = bisect_right([piece.first for piece in pieces], number) - 1
    if at < 0 or pieces[at].last < number:
        return None
    asn = pieces[at].network.number
    return Network(asn, names[asn])


@given(v4=_pieces(4), v6=_pieces(6), others=st.lists(st.integers(0, 2**128 - 1), max_size=20))
def test_every_address_of_any_set_of_ranges_is_found(v4: list[Piece], v6: list[Piece], others: list[int]) -> None:
    packer = TablePacker()
    names: dict[int, str] = {}
    for version, pieces in ((4, v4), (6, v6)):
        for piece in pieces:
            packer.add(version, *piece)
            names.setdefault(piece.network.number, piece.network.name)
    table = PackedTable(packer.pack(ABOUT), "a table")
    assert table.about == ABOUT
    assert table.check() <= len(v4) + len(v6)
    for version, pieces in ((4, v4), (6, v6)):
        edges = {edge for piece in pieces for edge in (piece.first - 1, piece.first, piece.last, piece.last + 1)}
        for number in {0, LAST[version], *edges, *(other & LAST[version] for other in others)}:
            if 0 <= number <= LAST[version]:
                address = IPv4Address(number) if version == 4 else IPv6Address(number)
                assert table.network(address) == _expected(pieces, number, names)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("0.255.255.255", None),
        ("1.0.0.0", Network(64, "One")),
        ("1.0.0.255", Network(64, "One")),
        ("1.0.1.0", None),
        ("1.0.2.7", Network(65, "Two")),
        ("255.255.255.255", None),
        ("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", None),
        ("2001:db8::ffff", Network(64, "One")),
        ("2001:db8::1:0", Network(66, "Три")),
        ("2001:db9::", None),
        ("ffff::", None),
    ],
)
def test_a_range_begins_and_ends_where_it_was_said_to(address: str, network: Network | None) -> None:
    assert PackedTable(SMALL, "a table").network(ip_address(address)) == network


def test_an_empty_table_knows_nobody() -> None:
    table = PackedTable(packed(), "a table")
    assert table.check() == 0
    assert table.network(ip_address("1.1.1.1")) is None
    assert table.network(ip_address("2606::")) is None


def test_a_table_means_the_same_on_a_machine_that_counts_bytes_the_other_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "byteorder", {"little": "big", "big": "little"}[sys.byteorder])
    table = PackedTable(
        packed(("1.0.0.0", "1.0.0.255", 64, "One"), ("2001:db8::1", "2001:db8::7", 66, "Six")), "a table"
    )
    assert table.network(ip_address("1.0.0.9")) == Network(64, "One")
    assert table.network(ip_address("2001:db8::7")) == Network(66, "Six")
    assert table.network(ip_address("2001:db8::8")) is None


@pytest.mark.parametrize("size", range(0, len(SMALL), 997))
def test_a_table_that_was_cut_off_is_refused(size: int) -> None:
    with pytest.raises(BrokenGeoData):
        PackedTable(SMALL[:size], "a table")


@given(place=st.integers(0, len(SMALL) - 1), flip=st.integers(1, 255))
def test_a_table_with_a_changed_byte_is_refused(place: int, flip: int) -> None:
    data = bytearray(SMALL)
    data[place] ^= flip
    with pytest.raises(BrokenGeoData) as caught:
        PackedTable(bytes(data), "a table")
    assert "geo update" in caught.value.hint


def _with_valid_checksum(data: bytearray) -> bytes:
    """A table that somebody has made on purpose."""
    size = PREFIX.unpack_from(data)[3]
    head, body = bytes(data[PREFIX.size : PREFIX.size + size]), bytes(data[PREFIX.size + size :])
    return encode_prefix(head, body) + head + body


@given(
    place=st.integers(PREFIX.size, len(SMALL) - 1) | st.integers(len(SMALL) - 400, len(SMALL) - 1),
    put=st.binary(min_size=1, max_size=12),
    address=st.ip_addresses(),
)
def test_a_table_made_to_be_broken_is_refused_or_answers_something(
    place: int, put: bytes, address: IPv4Address | IPv6Address
) -> None:
    data = bytearray(SMALL)
    data[place : place + len(put)] = put[: len(data) - place]
    try:
        table = PackedTable(_with_valid_checksum(data), "a table")
    except BrokenGeoData:
        return
    for asked in (address, ip_address("1.0.0.1"), ip_address("2001:db8::1")):
        answer = table.network(asked)
        assert answer is None or len(answer.name) <= packed_format.LONGEST_NAME
    with suppress(BrokenGeoData):
        assert table.check() <= 10


def _swap_rows(data: bytearray, code_size: int, column: str) -> None:
    counts = PackedTable(bytes(data), "a table").counts
    start = PREFIX.size + PREFIX.unpack_from(data)[3]
    for each in packed_format.columns_of(counts):
        size = packed_format.SIZES[each.code] * each.rows
        if each.name == column:
            end = start + size
            data[start:end] = (
                data[end - code_size : end]
                + data[start + code_size : end - code_size]
                + data[start : start + code_size]
            )
            return
        start += packed_format.padded(size)


@pytest.mark.parametrize(
    ("column", "size", "problem"),
    [
        ("v4_low", 2, "IPv4 ranges"),
        ("v6_high", 8, "IPv6 ranges"),
        ("v4_top", 4, "index"),
        ("blocks", 4, "names"),
    ],
)
def test_a_check_finds_rows_that_are_out_of_order(column: str, size: int, problem: str) -> None:
    data = bytearray(SMALL)
    _swap_rows(data, size, column)
    with pytest.raises(BrokenGeoData, match=problem):
        PackedTable(_with_valid_checksum(data), "a table").check()


def test_a_check_finds_a_network_that_is_not_there() -> None:
    data = bytearray(SMALL)
    start = PREFIX.size + PREFIX.unpack_from(data)[3]
    top, low = packed_format.columns_of(PackedTable(SMALL, "a table").counts)[:2]
    start += packed_format.padded(top.rows * 4) + packed_format.padded(low.rows * 2)
    data[start + 2] = 200
    table = PackedTable(_with_valid_checksum(data), "a table")
    assert table.network(ip_address("1.0.0.1")) is None
    with pytest.raises(BrokenGeoData, match="network that it does not have"):
        table.check()


def test_a_file_is_read_and_mapped_alike(tmp_path: Path) -> None:
    path = tmp_path / "asn.table"
    path.write_bytes(SMALL)
    for table in (map_table(path), read_table(path)):
        assert table.network(ip_address("1.0.2.0")) == Network(65, "Two")


@pytest.mark.parametrize("content", [b"", b"not a table", b"\x1f\x8b" + bytes(100), bytes(5000)])
def test_a_file_of_something_else_is_refused_with_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "asn.table"
    path.write_bytes(content)
    for open_table in (map_table, read_table):
        with pytest.raises(BrokenGeoData, match=r"asn\.table"):
            open_table(path)


def test_a_file_that_is_missing_or_a_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "missing", tmp_path):
        for open_table in (map_table, read_table):
            with pytest.raises(BrokenGeoData, match="cannot be read"):
                open_table(path)


def test_a_file_larger_than_any_table_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "asn.table"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(BrokenGeoData, match="larger"):
        read_table(path)


def test_the_table_of_the_wheel_is_whole_and_knows_the_large_networks() -> None:
    table = map_table(BUILT_IN_TABLE)
    assert table.check() > 300_000
    assert table.counts.networks > 50_000
    # Numbers that these addresses have had for more than ten years.
    for address, number in (
        ("8.8.8.8", 15169),
        ("1.1.1.1", 13335),
        ("193.0.6.139", 3333),
        ("131.188.0.1", 680),
        ("2001:4860:4860::8888", 15169),
        ("2606:4700:4700::1111", 13335),
    ):
        network = table.network(ip_address(address))
        assert network is not None
        assert network.number == number
        assert network.name
    assert table.about.what == "network"
    assert table.about.date.startswith("20")
    assert "CC BY" in table.about.licence
    assert "DB-IP" in table.about.credit
