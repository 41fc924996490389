from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.geo.errors import BrokenGeoData
from bangui.adapters.geo.packed_table import PackedTable
from bangui.adapters.geo.packing import TablePacker
from bangui.adapters.geo.rows import Row, overlaps_allowed, pack_rows, parse_row
from bangui.domain.places import Network
from packages.bangui.tests.adapters.geo.made_data import ABOUT


def _packed(text: str, most_overlaps: int = 0) -> PackedTable:
    packer = TablePacker(most_overlaps)
    pack_rows(text.splitlines(keepends=True), "some.csv", packer)
    return PackedTable(packer.pack(ABOUT), "a table")


CSV = """\
1.0.0.0,1.0.0.255,13335,"Cloudflare, Inc."
2606:4700::,2606:4700::ffff,13335,"Cloudflare, Inc."
"""
NUMERIC_CSV = """\
16777216,16777471,13335,"Cloudflare, Inc."\r
50543257672059871404715951523469721600,50543257672059871404715951523469787135,13335,"Cloudflare, Inc."\r
"""
TSV = """\
1.0.0.0\t1.0.0.255\t13335\tUS\tCloudflare, Inc.
1.0.1.0\t1.0.3.255\t0\tNone\tNot routed
2606:4700::\t2606:4700::ffff\t13335\tUS\tCloudflare, Inc."""


@pytest.mark.parametrize("text", [CSV, NUMERIC_CSV, TSV])
def test_every_published_form_gives_the_same_networks(text: str) -> None:
    table = _packed(text)
    cloudflare = Network(13335, "Cloudflare, Inc.")
    assert table.network(ip_address("1.0.0.77")) == cloudflare
    assert table.network(ip_address("2606:4700::ffff")) == cloudflare
    assert table.network(ip_address("1.0.1.0")) is None
    assert table.check() == 2


def test_a_quotation_mark_in_a_tsv_is_part_of_the_name() -> None:
    table = _packed('1.0.0.0\t1.0.0.255\t7\tUA\t"ABC" LLC\n')
    assert table.network(ip_address("1.0.0.0")) == Network(7, '"ABC" LLC')


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ([], "columns"),
        (["1.0.0.0", "1.0.0.1", "7"], "columns"),
        (["1.0.0.0", "1.0.0.1", "7", "x", "y", "z"], "columns"),
        (["first", "last", "7", "x"], "two addresses"),
        (["1.0.0.0", "::1", "7", "x"], "two addresses"),
        (["1.0.0", "1.0.0.1", "7", "x"], "two addresses"),
        (["1.0.0.0/24", "1.0.0.1", "7", "x"], "two addresses"),
        (["1.0.0.0\0", "1.0.0.1", "7", "x"], "two addresses"),
        (["fe80::1%eth0", "fe80::2", "7", "x"], "two addresses"),
        (["-1", "1", "7", "x"], "two addresses"),
        (["9" * 39, "9" * 39, "7", "x"], "two addresses"),
        (["1" * 5000, "1" * 5000, "7", "x"], "two addresses"),
        (["١", "٢", "7", "x"], "two addresses"),
        (["", "", "7", "x"], "two addresses"),
        (["1.0.0.0", "1.0.0.1", "AS7", "x"], "number of a network"),
        (["1.0.0.0", "1.0.0.1", "-7", "x"], "number of a network"),
        (["1.0.0.0", "1.0.0.1", "", "x"], "number of a network"),
        (["1.0.0.0", "1.0.0.1", "٧", "x"], "number of a network"),
        (["1.0.0.0", "1.0.0.1", "4294967296", "x"], "number of a network"),
        (["1.0.0.0", "1.0.0.1", "9" * 5000, "x"], "number of a network"),
    ],
)
def test_a_row_that_makes_no_sense_is_an_error(row: list[str], problem: str) -> None:
    with pytest.raises(BrokenGeoData, match=problem) as caught:
        parse_row(row)
    assert "expected rows" in caught.value.hint


@given(row=st.lists(st.text(max_size=50), max_size=6))
def test_no_row_does_anything_else_than_be_read_or_refused(row: list[str]) -> None:
    try:
        assert isinstance(parse_row(row), Row | None)
    except BrokenGeoData:
        return


@pytest.mark.parametrize("number", [0, 23456, 64496, 64512, 65535, 65551, 4_200_000_000, 4_294_967_295])
def test_a_reserved_number_is_nobodys(number: int) -> None:
    assert parse_row(["1.0.0.0", "1.0.0.1", str(number), "x"]) is None


@pytest.mark.parametrize("number", [1, 23455, 64495, 65552, 4_199_999_999])
def test_a_number_next_to_the_reserved_ones_is_somebodys(number: int) -> None:
    row = parse_row(["1.0.0.0", "1.0.0.1", str(number), "x"])
    assert row is not None
    assert row.network == Network(number, "x")


def test_a_name_that_only_repeats_the_number_is_none() -> None:
    row = parse_row(["1.0.0.0", "1.0.0.1", "7", "AS7"])
    assert row is not None
    assert row.network.name == ""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "some.csv, row 1: it is empty"),
        ("<html>\n", "some.csv, row 1: it has no four or five columns"),
        ("1.0.0.0,1.0.0.255,7,x\n1.0.1.0,1.0.1.255,7\n", "some.csv, row 2: it has no four or five columns"),
        ("1.0.1.0,1.0.1.255,7,x\n1.0.0.0,1.0.0.255,8,x\n", "some.csv, row 2: a range does not begin behind"),
        ("1.0.0.0,1.0.0.255,7,x\n1.0.0.5,1.0.0.9,8,x\n", "some.csv, row 2: a range overlaps"),
        ("1.0.0.9,1.0.0.0,7,x\n", "some.csv, row 1: a range ends before it begins"),
        ("1.0.0.0,1.0.0.255,7," + "x" * 5000, "some.csv, row 1: a line is longer"),
        ('1.0.0.0,1.0.0.255,7,x\n"' + ("y" * 3000 + "\n") * 50, "some.csv, row 2: field larger"),
    ],
)
def test_a_problem_is_told_with_the_file_and_the_row(text: str, problem: str) -> None:
    with pytest.raises(BrokenGeoData) as caught:
        _packed(text)
    assert caught.value.message.startswith(problem)


def test_a_slip_in_a_long_table_is_forgiven_and_more_is_not() -> None:
    assert overlaps_allowed(10_000) == 0
    assert overlaps_allowed(25_000_000) == 50
    text = "1.0.0.0,1.0.0.255,7,x\n1.0.0.200,1.0.1.255,8,y\n"
    assert _packed(text, 1).network(ip_address("1.0.0.200")) == Network(8, "y")


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    path.write_bytes(b"1.0.0.0,1.0.0.255,7,\xff\xfe\n")
    with path.open(encoding="utf-8") as lines, pytest.raises(BrokenGeoData, match=r"some\.csv is no text"):
        pack_rows(lines, "some.csv", TablePacker())
