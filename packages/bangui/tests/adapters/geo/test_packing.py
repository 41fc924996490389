from __future__ import annotations

from ipaddress import ip_address

import pytest

from bangui.adapters.geo.errors import BrokenGeoData
from bangui.adapters.geo.packed_table import PackedTable
from bangui.adapters.geo.packing import TablePacker
from bangui.domain.places import Network
from packages.bangui.tests.adapters.geo.made_data import ABOUT

ONE, TWO = Network(1, "One"), Network(2, "Two")


def _table(packer: TablePacker) -> PackedTable:
    return PackedTable(packer.pack(ABOUT), "a table")


def _found(table: PackedTable, *numbers: int) -> list[str | None]:
    answers = [table.network(ip_address(number)) for number in numbers]
    return [answer.name if answer else None for answer in answers]


@pytest.mark.parametrize(
    ("version", "first", "last", "number", "problem"),
    [
        (4, 7, 6, 1, "ends before it begins"),
        (4, -1, 6, 1, "ends before it begins"),
        (4, 0, 1 << 32, 1, "beyond the last address"),
        (6, 0, 1 << 128, 1, "beyond the last address"),
        (4, 0, 1, -1, "no network with the number -1"),
        (4, 0, 1, 1 << 32, "no network with the number 4294967296"),
    ],
)
def test_a_range_that_cannot_be_is_refused(version: int, first: int, last: int, number: int, problem: str) -> None:
    with pytest.raises(BrokenGeoData, match=problem):
        TablePacker().add(version, first, last, Network(number, "x"))


@pytest.mark.parametrize(
    ("first", "last", "problem"),
    [(5, 30, "sort them"), (10, 20, "sort them"), (11, 12, "overlaps"), (20, 30, "overlaps")],
)
def test_a_range_out_of_order_or_in_another_is_refused(first: int, last: int, problem: str) -> None:
    packer = TablePacker()
    packer.add(4, 10, 20, ONE)
    with pytest.raises(BrokenGeoData, match=problem):
        packer.add(4, first, last, TWO)


def test_the_families_are_in_order_each_for_itself() -> None:
    packer = TablePacker()
    packer.add(6, 1 << 100, (1 << 100) + 9, ONE)
    packer.add(4, 10, 20, TWO)
    packer.add(6, 1 << 101, (1 << 101) + 9, TWO)
    assert packer.has_family(4)
    assert packer.has_family(6)
    table = _table(packer)
    assert _found(table, 10, 1 << 100, (1 << 101) + 9) == ["Two", "One", "Two"]


def test_of_two_ranges_that_overlap_the_later_one_wins_as_often_as_is_allowed() -> None:
    packer = TablePacker(most_overlaps=1)
    packer.add(4, 10, 20, ONE)
    packer.add(4, 15, 30, TWO)
    with pytest.raises(BrokenGeoData, match="overlaps"):
        packer.add(4, 30, 40, ONE)
    assert (packer.ranges, packer.overlaps) == (2, 2)
    assert _found(_table(packer), 14, 15, 20, 30, 31) == ["One", "Two", "Two", "Two", None]


def test_neighbours_of_one_network_become_one_range() -> None:
    packer = TablePacker()
    for first in range(0, 100, 10):
        packer.add(4, first, first + 9, ONE)
    table = _table(packer)
    assert table.check() == 1
    assert _found(table, 0, 55, 99, 100) == ["One", "One", "One", None]


def test_a_range_within_another_of_the_same_network_ends_nothing() -> None:
    packer = TablePacker(most_overlaps=1)
    packer.add(4, 0, 100, ONE)
    packer.add(4, 10, 20, ONE)
    assert _found(_table(packer), 20, 21, 100, 101) == ["One", "One", "One", None]


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("Universität Köln", "Universität Köln"),
        ("日本", "日本"),
        ("a\0b", "a b"),
        ("half \ud800", "half ?"),
        ("\x1b[31mred\n", "\x1b[31mred\n"),
        ("x" * 1000, "x" * 200),
        ("😀" * 201, "😀" * 200),
        ("", ""),
    ],
)
def test_a_name_is_kept_as_far_as_it_can_be_stored(name: str, stored: str) -> None:
    packer = TablePacker()
    packer.add(4, 0, 9, Network(7, name))
    assert _table(packer).network(ip_address("0.0.0.5")) == Network(7, stored)


def test_the_first_name_of_a_network_is_the_one_that_is_kept() -> None:
    packer = TablePacker()
    packer.add(4, 0, 9, Network(7, "first"))
    packer.add(4, 20, 29, Network(7, "second"))
    assert _found(_table(packer), 5, 25) == ["first", "first"]


def test_more_networks_than_a_block_of_names_holds_are_all_found() -> None:
    packer = TablePacker()
    for number in range(1, 1000):
        packer.add(4, number, number, Network(number, "😀" * 199 + str(number % 7)))
    table = _table(packer)
    assert table.check() == 999
    for number in range(1, 1000):
        network = table.network(ip_address(number))
        assert network == Network(number, "😀" * 199 + str(number % 7))


def test_the_same_ranges_give_the_same_bytes() -> None:
    def pack() -> bytes:
        packer = TablePacker()
        packer.add(4, 0, 9, TWO)
        packer.add(4, 10, 19, ONE)
        return packer.pack(ABOUT)

    assert pack() == pack()
