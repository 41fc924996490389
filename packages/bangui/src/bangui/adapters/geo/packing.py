"""Packs ranges of addresses and their networks into one table.

Each family's ranges are added in order and go into columns at once, so the whole internet takes some 40 MB here. What
can be seen to be wrong is refused: the order, an overlap, a limit. A row of the columns is the start of a range; a gap
behind one is a row of its own.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from bisect import bisect_left
from dataclasses import dataclass, field

from bangui.adapters.geo.errors import BrokenGeoData
from bangui.adapters.geo.packed_format import (
    LONGEST_NAME,
    MOST_NETWORKS,
    NAMES_PER_BLOCK,
    Counts,
    columns_of,
    encode_head,
    encode_prefix,
    padded,
)
from bangui.domain.places import DataSource, Network

_LAST = {4: (1 << 32) - 1, 6: (1 << 128) - 1}
_LOW_64 = (1 << 64) - 1


@dataclass(slots=True)
class _Family:
    """The rows of one family so far; `end` is the first address behind the last range."""

    starts: list[int] = field(default_factory=lambda: [0])
    indexes: array[int] = field(default_factory=lambda: array("I", [0]))
    last_start: int = -1
    end: int = 0

    def add(self, first: int, last: int, index: int) -> None:
        if first > self.end and self.indexes[-1]:
            self._put(self.end, 0)
        if self.indexes[-1] != index:
            self._put(first, index)
            self.end = first
        self.last_start, self.end = first, max(self.end, last + 1)

    def close(self, behind: int) -> None:
        if self.end < behind and self.indexes[-1]:
            self._put(self.end, 0)

    def _put(self, start: int, index: int) -> None:
        if self.starts[-1] == start:
            # The row that stands for "nobody yet" at the very beginning.
            self.indexes[-1] = index
        else:
            self.starts.append(start)
            self.indexes.append(index)


class TablePacker:
    """Takes ranges and returns a packed table.

    Of two ranges that overlap the later one wins; more than `most_overlaps` of these are refused.
    """

    def __init__(self, most_overlaps: int = 0) -> None:
        self.overlaps = 0
        self.ranges = 0
        self._most_overlaps = most_overlaps
        self._families = {4: _Family(), 6: _Family()}
        self._networks: dict[int, int] = {}
        self._names: dict[int, str] = {}

    def add(self, version: int, first: int, last: int, network: Network) -> None:
        """Add the range from `first` to `last`, both included, or raise `BrokenGeoData` saying why not."""
        family = self._families[version]
        if not 0 <= first <= last <= _LAST[version]:
            raise BrokenGeoData("a range ends before it begins, or beyond the last address")
        if not 0 <= network.number < 1 << 32:
            raise BrokenGeoData(f"there is no network with the number {network.number}")
        if first <= family.last_start:
            raise BrokenGeoData("a range does not begin behind the beginning of the one before: sort them first")
        if first < family.end:
            self.overlaps += 1
            if self.overlaps > self._most_overlaps:
                raise BrokenGeoData("a range overlaps the one before")
        family.add(first, last, self._index_of(network))
        self.ranges += 1

    def has_family(self, version: int) -> bool:
        """Whether any range of this family was added."""
        return self._families[version].end > 0

    def pack(self, about: DataSource) -> bytes:
        """Return the table; nothing can be added after that."""
        for version, family in self._families.items():
            family.close(_LAST[version] + 1)
        places, numbers, names = self._sorted_networks()
        blocks, packed_names = _pack_names(names)
        v4, v6 = self._families[4], self._families[6]
        fine = [(row, start & _LOW_64) for row, start in enumerate(v6.starts) if start & _LOW_64]
        counts = Counts(len(v4.starts), len(v6.starts), len(fine), len(numbers))
        columns: dict[str, array[int]] = {
            "v4_top": _index_tops(v4.starts),
            "v4_low": array("H", (start & 0xFFFF for start in v4.starts)),
            "v6_high": array("Q", (start >> 64 for start in v6.starts)),
            "fine_row": array("I", (row for row, _ in fine)),
            "fine_low": array("Q", (low for _, low in fine)),
            "numbers": numbers,
            "blocks": blocks,
        }
        for name, family in (("v4", v4), ("v6", v6)):
            columns[f"{name}_network_low"] = array("H", (places[index] & 0xFFFF for index in family.indexes))
            columns[f"{name}_network_high"] = array("B", (places[index] >> 16 for index in family.indexes))
        body = b"".join(_encode(columns[column.name]) for column in columns_of(counts)) + packed_names
        head = encode_head(about, counts)
        return encode_prefix(head, body) + head + body

    def _index_of(self, network: Network) -> int:
        index = self._networks.get(network.number)
        if index is None:
            index = len(self._networks) + 1
            if index > MOST_NETWORKS:
                raise BrokenGeoData("there are more networks than a table can hold")
            self._networks[network.number] = index
            self._names[network.number] = _plain(network.name)
        return index

    def _sorted_networks(self) -> tuple[array[int], array[int], list[str]]:
        """Return where each network goes (by its index so far), and the numbers and the names in that order.

        Names that begin alike stand together, where they compress best.
        """
        order = sorted(self._names, key=lambda number: (self._names[number], number))
        places = array("I", bytes(4 * (len(order) + 1)))
        for place, number in enumerate(order, start=1):
            places[self._networks[number]] = place
        return places, array("I", order), [self._names[number] for number in order]


def _plain(name: str) -> str:
    """Return a name as it can be stored: cut to its limit, without zeros and halves of characters."""
    return name[:LONGEST_NAME].replace("\0", " ").encode("utf-8", "replace").decode()


def _pack_names(names: list[str]) -> tuple[array[int], bytes]:
    """Return where each block begins (and the last one ends), and the blocks."""
    blocks, packed = array("I", [0]), bytearray()
    for start in range(0, len(names), NAMES_PER_BLOCK):
        packed += zlib.compress("\0".join(names[start : start + NAMES_PER_BLOCK]).encode(), 9)
        blocks.append(len(packed))
    return blocks, bytes(packed)


def _index_tops(starts: list[int]) -> array[int]:
    """Return, for each upper half of an IPv4 address, the first row that has it or a higher one."""
    return array("I", (bisect_left(starts, top << 16) for top in range((1 << 16) + 1)))


def _encode(numbers: array[int]) -> bytes:
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    data = numbers.tobytes()
    return data.ljust(padded(len(data)), b"\0")
