"""The layout of a packed table: the head that says what it is, and the columns that hold it.

    offset  size  what
    0       8     MAGIC
    8       32    SHA-256 of all that follows
    40      4     VERSION
    44      4     size of the head
    48      ...   the head, JSON in UTF-8: where the data comes from, and how many rows the columns have
    ...           the columns, then the names; each begins at a multiple of 8

All numbers are little-endian. A range of addresses is stored as its first address and the network it belongs to; it
ends where the next one begins. Addresses of nobody are ranges of network 0, and the first range of each family begins
at its first address, so a look-up is one binary search that always finds a range.

IPv4 starts are kept as their lower half, with an index over the upper half (`v4_top`). IPv6 starts are kept as their
upper half; the few whose lower half is not zero have it in the `fine` columns. A network's index takes three bytes. The
names are sorted and compressed in blocks of 128, because they are half of the data and seldom asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from struct import Struct
from typing import Literal, NamedTuple

from bangui.adapters.geo.errors import REPLACE_IT, BrokenGeoData
from bangui.domain.places import DataSource

Code = Literal["B", "H", "I", "Q"]

MAGIC = b"BanGUI\x00A"
VERSION = 1
PREFIX = Struct("<8s32sII")
# What the checksum does not cover: the magic and itself.
UNCOVERED = 40
NAMES_PER_BLOCK = 128
# Much longer than any organisation's name; with the next line it bounds what a block may grow to.
LONGEST_NAME = 200
LARGEST_BLOCK = NAMES_PER_BLOCK * (LONGEST_NAME * 4 + 1)
# A network's index has three bytes; there are some 90,000 networks.
MOST_NETWORKS = (1 << 24) - 1
_LARGEST_HEAD = 16 * 1024
# More than ten times the routing table of the internet.
_MOST_RANGES = 16_000_000
_LONGEST_TEXT = 500


class Counts(NamedTuple):
    """How many rows the columns have; `fine` are IPv6 starts within a /64."""

    v4: int
    v6: int
    fine: int
    networks: int


class Column(NamedTuple):
    """One column: its name, the `array` type code of a row, and how many rows."""

    name: str
    code: Code
    rows: int


SIZES: Mapping[Code, int] = {"B": 1, "H": 2, "I": 4, "Q": 8}


def columns_of(counts: Counts) -> tuple[Column, ...]:
    """Return the columns in the order of the file."""
    return (
        Column("v4_top", "I", (1 << 16) + 1),
        Column("v4_low", "H", counts.v4),
        Column("v4_network_low", "H", counts.v4),
        Column("v4_network_high", "B", counts.v4),
        Column("v6_high", "Q", counts.v6),
        Column("v6_network_low", "H", counts.v6),
        Column("v6_network_high", "B", counts.v6),
        Column("fine_row", "I", counts.fine),
        Column("fine_low", "Q", counts.fine),
        Column("numbers", "I", counts.networks),
        Column("blocks", "I", blocks_of(counts) + 1),
    )


def blocks_of(counts: Counts) -> int:
    """Return how many blocks the names take."""
    return -(-counts.networks // NAMES_PER_BLOCK)


def padded(size: int) -> int:
    """Return the size up to the next multiple of 8."""
    return -(-size // 8) * 8


def encode_head(about: DataSource, counts: Counts) -> bytes:
    """Return the head, padded with blanks so that the first column begins at a multiple of 8."""
    texts = {"name": about.name, "date": about.date, "licence": about.licence, "credit": about.credit}
    text = json.dumps(texts | counts._asdict(), ensure_ascii=False).encode()
    return text.ljust(padded(PREFIX.size + len(text)) - PREFIX.size)


def encode_prefix(head: bytes, body: bytes) -> bytes:
    """Return what stands before the head."""
    sizes = PREFIX.pack(b"", b"", VERSION, len(head))[UNCOVERED:]
    digest = sha256(sizes)
    digest.update(head)
    digest.update(body)
    return MAGIC + digest.digest() + sizes


def parse_head(data: memoryview, origin: str) -> tuple[DataSource, Counts, int]:
    """Return where the data comes from, the counts, and where the columns begin; raise `BrokenGeoData`."""
    if len(data) < PREFIX.size or data[: len(MAGIC)] != MAGIC:
        raise BrokenGeoData(f"{origin} is not a packed table", REPLACE_IT)
    _, digest, version, size = PREFIX.unpack_from(data)
    if version != VERSION:
        raise BrokenGeoData(f"{origin} is a packed table of version {version}, not {VERSION}", REPLACE_IT)
    if sha256(data[UNCOVERED:]).digest() != digest:
        raise BrokenGeoData(f"{origin} is damaged: its checksum does not fit", REPLACE_IT)
    if size > min(_LARGEST_HEAD, len(data) - PREFIX.size):
        raise BrokenGeoData(f"{origin} has no head", REPLACE_IT)
    start = PREFIX.size + size
    return *_parse_fields(bytes(data[PREFIX.size : start]), origin), start


def _parse_fields(head: bytes, origin: str) -> tuple[DataSource, Counts]:
    try:
        fields = json.loads(head)
        texts = [fields[key] for key in ("name", "date", "licence", "credit")]
        numbers = [fields[key] for key in Counts._fields]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise BrokenGeoData(f"{origin} has a head that cannot be read", REPLACE_IT) from None
    is_text = all(isinstance(text, str) and len(text) <= _LONGEST_TEXT for text in texts)
    is_count = all(type(number) is int and 0 <= number <= _MOST_RANGES for number in numbers)
    if not is_text or not is_count or min(numbers[0], numbers[1]) < 1 or numbers[3] > MOST_NETWORKS:
        raise BrokenGeoData(f"{origin} has a head that makes no sense", REPLACE_IT)
    return DataSource("network", *texts), Counts(*numbers)
