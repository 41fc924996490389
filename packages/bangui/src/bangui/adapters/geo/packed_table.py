"""A packed table, read where it lies: no look-up unpacks more than one block of names.

The table of the wheel is mapped into memory: nobody writes into it, and its pages are shared and can be dropped. A
file of the user is read into memory instead, because a mapped file that somebody shortens takes the process with it.

A table is checked on opening as far as its checksum and its sizes go. `check` looks at every row; a table that has not
been checked can give wrong answers, but no others than a network or None.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from mmap import ACCESS_READ, MADV_DONTNEED, mmap
from pathlib import Path

from bangui.adapters.geo.errors import REPLACE_IT, BrokenGeoData
from bangui.adapters.geo.packed_format import (
    LARGEST_BLOCK,
    LONGEST_NAME,
    NAMES_PER_BLOCK,
    SIZES,
    Column,
    Counts,
    columns_of,
    padded,
    parse_head,
)
from bangui.domain.places import IPAddress, Network

# Ten times what the whole internet takes.
LARGEST_TABLE = 64 * 1024 * 1024
# Most addresses come from few networks; at some 150 bytes each.
_NETWORKS_KEPT = 4_096
_LOW_64 = (1 << 64) - 1


def map_table(path: Path) -> PackedTable:
    """Open a table that nobody changes, or raise `BrokenGeoData`."""
    try:
        with path.open("rb") as file:
            data = mmap(file.fileno(), 0, access=ACCESS_READ)
        table = PackedTable(data, str(path))
        # The checksum has touched every page; most of them nobody will ask for.
        data.madvise(MADV_DONTNEED)
        return table
    except (OSError, ValueError) as error:
        raise BrokenGeoData(f"{path} cannot be read: {error}", REPLACE_IT) from error


def read_table(path: Path) -> PackedTable:
    """Read a table into memory, or raise `BrokenGeoData`."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_TABLE + 1)
    except OSError as error:
        raise BrokenGeoData(f"{path} cannot be read: {error}", REPLACE_IT) from error
    if len(data) > LARGEST_TABLE:
        raise BrokenGeoData(f"{path} is larger than any packed table", REPLACE_IT)
    return PackedTable(data, str(path))


class PackedTable:
    """Finds the network of an address; safe to use from several threads."""

    def __init__(self, data: bytes | mmap, origin: str) -> None:
        self._origin = origin
        view = memoryview(data)
        self.about, self.counts, start = parse_head(view, origin)
        columns, self._names = _read_columns(view, start, self.counts, origin)
        self._v4_top, self._v4_low = columns["v4_top"], columns["v4_low"]
        self._v4_networks = (columns["v4_network_low"], columns["v4_network_high"])
        self._v6_high = columns["v6_high"]
        self._v6_networks = (columns["v6_network_low"], columns["v6_network_high"])
        self._fine_row, self._fine_low = columns["fine_row"], columns["fine_low"]
        self._numbers, self._blocks = columns["numbers"], columns["blocks"]
        self._network = lru_cache(_NETWORKS_KEPT)(self._read_network)

    def network(self, address: IPAddress) -> Network | None:
        """Return the network that announces an address; None for none, and where the table is broken."""
        number = int(address)
        try:
            if address.version == 4:
                row, (low, high) = self._row_v4(number), self._v4_networks
            else:
                row, (low, high) = self._row_v6(number), self._v6_networks
            index = low[row] | high[row] << 16
            return self._network(index) if index else None
        except (LookupError, ValueError, zlib.error):
            return None

    def check(self) -> int:
        """Look at every row and return how many ranges have a network, or raise `BrokenGeoData`."""
        try:
            problem = self._problem()
            names = 0 if problem else sum(len(self._read_block(block)) for block in range(len(self._blocks) - 1))
        except (LookupError, ValueError, zlib.error) as error:
            raise BrokenGeoData(f"{self._origin} is broken: {error}", REPLACE_IT) from error
        if problem or names != self.counts.networks:
            raise BrokenGeoData(f"{self._origin} is broken: {problem or 'names are missing'}", REPLACE_IT)
        return sum(1 for pair in (self._v4_networks, self._v6_networks) for index in _indexes(pair) if index)

    def _row_v4(self, number: int) -> int:
        top = number >> 16
        return bisect_right(self._v4_low, number & 0xFFFF, self._v4_top[top], self._v4_top[top + 1]) - 1

    def _row_v6(self, number: int) -> int:
        high, low = number >> 64, number & _LOW_64
        row = bisect_right(self._v6_high, high) - 1
        if self._v6_high[row] != high:
            return row
        first = bisect_left(self._v6_high, high, 0, row)
        return first + bisect_right(range(first, row + 1), low, key=self._low_of_v6) - 1

    def _low_of_v6(self, row: int) -> int:
        at = bisect_left(self._fine_row, row)
        return self._fine_low[at] if at < len(self._fine_row) and self._fine_row[at] == row else 0

    def _read_network(self, index: int) -> Network:
        names = self._read_block((index - 1) // NAMES_PER_BLOCK)
        return Network(self._numbers[index - 1], names[(index - 1) % NAMES_PER_BLOCK])

    def _read_block(self, block: int) -> list[str]:
        packed = self._names[self._blocks[block] : self._blocks[block + 1]]
        text = zlib.decompressobj().decompress(packed, LARGEST_BLOCK).decode()
        return [name[:LONGEST_NAME] for name in text.split("\0")]

    def _problem(self) -> str | None:
        """Return what is wrong with the rows, or None."""
        if not _is_rising(self._starts_v4()) or self._v4_low[0] or self._v4_top[0]:
            return "its IPv4 ranges overlap or are not in order"
        if not _is_rising(self._starts_v6()) or self._v6_high[0] or self._low_of_v6(0):
            return "its IPv6 ranges overlap or are not in order"
        if not _is_rising(self._fine_row) or (self._fine_row and self._fine_row[-1] >= self.counts.v6):
            return "its fine IPv6 ranges are not in order"
        if max(*_indexes(self._v4_networks), *_indexes(self._v6_networks)) > self.counts.networks:
            return "a range belongs to a network that it does not have"
        if not all(start <= end for start, end in pairwise(self._blocks)) or self._blocks[-1] > len(self._names):
            return "its names are not in order"
        return None

    def _starts_v4(self) -> Iterator[int]:
        if self._v4_top[-1] != len(self._v4_low):
            raise ValueError("its index does not fit")
        for top, (start, end) in enumerate(pairwise(self._v4_top)):
            for row in range(start, end):
                yield top << 16 | self._v4_low[row]

    def _starts_v6(self) -> Iterator[int]:
        lows = dict(zip(self._fine_row, self._fine_low, strict=True))
        for row, high in enumerate(self._v6_high):
            yield high << 64 | lows.get(row, 0)


def _read_columns(
    view: memoryview, start: int, counts: Counts, origin: str
) -> tuple[dict[str, Sequence[int]], memoryview]:
    """Return the columns by name, and the bytes of the names."""
    columns: dict[str, Sequence[int]] = {}
    for column in columns_of(counts):
        size = SIZES[column.code] * column.rows
        if start + size > len(view):
            raise BrokenGeoData(f"{origin} is cut off", REPLACE_IT)
        columns[column.name] = _numbers_of(view[start : start + size], column)
        start += padded(size)
    return columns, view[start:]


def _numbers_of(part: memoryview, column: Column) -> Sequence[int]:
    if sys.byteorder == "little":
        return part.cast(column.code)
    numbers = array(column.code, part.tobytes())
    numbers.byteswap()
    return numbers


def _indexes(pair: tuple[Sequence[int], Sequence[int]]) -> Iterator[int]:
    return (low | high << 16 for low, high in zip(*pair, strict=True))


def _is_rising(numbers: Iterator[int] | Sequence[int]) -> bool:
    return all(earlier < later for earlier, later in pairwise(numbers))
