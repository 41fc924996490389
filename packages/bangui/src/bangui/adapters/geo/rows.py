r"""Ranges and networks from text, in the two forms that are published for anyone to use.

    1.0.0.0,1.0.0.255,13335,"Cloudflare, Inc."          CSV; addresses or plain numbers
    1.0.0.0\t1.0.0.255\t13335\tUS\tCLOUDFLARENET        TSV; network 0 is nobody

A row that makes no sense is an error with its line number, never skipped: a table with holes would look like a good
one. Only networks with reserved numbers are left out, because they are leaks of somebody's private routing.
"""

from __future__ import annotations

import csv
import socket
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bangui.adapters.geo.errors import BrokenGeoData
from bangui.adapters.geo.packed_format import LONGEST_NAME
from bangui.adapters.geo.packing import TablePacker
from bangui.domain.places import Network

_EXPECTED = "expected rows of first address, last address, number and name, as CSV or as TSV with a country"
# Nobody, a stand-in, documentation, private use (RFC 5398, 6996, 7300, 7607 and 6793).
_RESERVED = (range(1), range(23456, 23457), range(64496, 65552), range(4_200_000_000, 1 << 32))
# Published tables have a slip now and then; one range in ten thousand is no slip any more.
_RANGES_PER_OVERLAP = 10_000
# Ten times a line with the longest name.
_LONGEST_LINE = 20 * LONGEST_NAME


class Row(NamedTuple):
    """One range, both ends included, in IP version 4 or 6."""

    version: int
    first: int
    last: int
    network: Network


def pack_rows(lines: Iterable[str], origin: str, packer: TablePacker) -> None:
    """Add all rows of one text to a packer, or raise `BrokenGeoData` with the number of the line."""
    number = 1
    try:
        for row in _split(lines):
            if parsed := parse_row(row):
                packer.add(*parsed)
            number += 1
    except BrokenGeoData as error:
        raise BrokenGeoData(f"{origin}, row {number}: {error.message}", error.hint) from error
    except csv.Error as error:
        raise BrokenGeoData(f"{origin}, row {number}: {error}", _EXPECTED) from error
    except UnicodeDecodeError as error:
        raise BrokenGeoData(f"{origin} is no text", _EXPECTED) from error


def overlaps_allowed(size: int) -> int:
    """Return how many overlaps a text of that many bytes may have; each is a range that was cut."""
    # A row takes some 50 bytes.
    return size // 50 // _RANGES_PER_OVERLAP


def parse_row(row: list[str]) -> Row | None:
    """Return what a row says, None where it is about nobody, or raise `BrokenGeoData`."""
    if len(row) not in {4, 5}:
        raise BrokenGeoData("it has no four or five columns", _EXPECTED)
    first, last = _parse_address(row[0]), _parse_address(row[1])
    if first is None or last is None or first[0] != last[0]:
        raise BrokenGeoData("it does not begin with two addresses of one family", _EXPECTED)
    number = row[2].strip()
    if not number.isascii() or not number.isdecimal() or len(number) > 10 or int(number) >= 1 << 32:
        raise BrokenGeoData("its third column is not the number of a network", _EXPECTED)
    if any(int(number) in reserved for reserved in _RESERVED):
        return None
    return Row(first[0], first[1], last[1], Network(int(number), _name(row[-1], number)))


def _split(lines: Iterable[str]) -> Iterator[list[str]]:
    """Yield the columns of each row; the first line tells which form it is."""
    lines = iter(_bounded(lines))
    first = next(lines, None)
    if first is None:
        raise BrokenGeoData("it is empty", _EXPECTED)
    if "\t" in first:
        yield _columns(first)
        yield from map(_columns, lines)
    else:
        yield from csv.reader([first])
        yield from csv.reader(lines)


def _columns(line: str) -> list[str]:
    return line.rstrip("\r\n").split("\t")


def _bounded(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if len(line) > _LONGEST_LINE:
            raise BrokenGeoData("a line is longer than any row can be", _EXPECTED)
        yield line


def _parse_address(text: str) -> tuple[int, int] | None:
    """Return the family and the number of an address, or None."""
    text = text.strip()
    try:
        if ":" in text:
            return 6, int.from_bytes(socket.inet_pton(socket.AF_INET6, text))
        if "." in text:
            return 4, int.from_bytes(socket.inet_pton(socket.AF_INET, text))
    except (OSError, ValueError):
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 39 or int(text) >= 1 << 128:
        return None
    # No public IPv6 address is a number as small as that.
    return (4 if int(text) < 1 << 32 else 6), int(text)


def _name(text: str, number: str) -> str:
    """Return the name, empty where the publisher had none and wrote the number instead."""
    return "" if text == f"AS{number}" else text.strip()
