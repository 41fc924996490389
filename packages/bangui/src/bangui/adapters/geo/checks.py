"""Whether files that arrived can be used: every row is read, and well-known addresses are looked up.

A table that is whole can still be the wrong one: a part, a sample, a page with an error message. So it must have many
ranges, as the internet has, and know most of a few addresses that everybody knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path

from bangui.adapters.geo.arrivals import Arrival, Kind, kind_of
from bangui.adapters.geo.errors import NOTHING_CHANGED, BrokenGeoData
from bangui.adapters.geo.files import ASN_MMDB, ASN_TABLE, COUNTRY_MMDB
from bangui.adapters.geo.mmdb import AS_PUBLISHED, MmdbTable
from bangui.adapters.geo.packed_format import LONGEST_NAME
from bangui.adapters.geo.packed_table import read_table
from bangui.adapters.geo.packing import TablePacker
from bangui.adapters.geo.rows import overlaps_allowed, pack_rows
from bangui.domain.errors import InvalidInput
from bangui.domain.places import DataSource, IPAddress, ReplacedData

Ask = Callable[[IPAddress], object]

# The internet has some hundred thousand.
_FEWEST_RANGES = 1_000
# Name servers and registries whose addresses have been announced for decades. A table may lack some of them.
_SAMPLES: Mapping[int, tuple[IPAddress, ...]] = {
    4: tuple(map(ip_address, ("8.8.8.8", "1.1.1.1", "9.9.9.9", "193.0.6.139", "198.41.0.4"))),
    6: tuple(map(ip_address, ("2001:4860:4860::8888", "2606:4700:4700::1111", "2001:67c:2e8:22::c100:68b"))),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What may be put in place: the new files by their names, and what is told about them."""

    files: Mapping[str, Path]
    replaced: ReplacedData


def check(arrivals: Sequence[Arrival], work: Path) -> Checked:
    """Return what may be put in place, or raise `BrokenGeoData`; `work` is for files made here."""
    kinds = [kind_of(each.path) for each in arrivals]
    if len(arrivals) > 1 and any(kind is not Kind.ROWS for kind in kinds):
        raise InvalidInput("only rows of text can come in several files", "give one file")
    if kinds[0] is Kind.MMDB:
        return _check_mmdb(arrivals[0])
    if kinds[0] is Kind.TABLE:
        return _check_table(arrivals[0], ())
    return _check_table(*_pack(arrivals, work))


def _check_mmdb(arrival: Arrival) -> Checked:
    with _named(arrival):
        table = MmdbTable(arrival.path, "country")
        ranges = table.check()
        subjects = table.subjects()
    asks: Mapping[str, tuple[str, Ask]] = {
        "country": (COUNTRY_MMDB, table.country),
        "network": (ASN_MMDB, table.network),
    }
    if not subjects:
        raise BrokenGeoData(f"{arrival.name} knows neither countries nor networks", NOTHING_CHANGED)
    sources = tuple(replace(table.about, what=subject) for subject in subjects)
    notes = _plausible(arrival.name, ranges, [asks[subject][1] for subject in subjects])
    files = {asks[subject][0]: arrival.path for subject in subjects}
    return Checked(files, ReplacedData(sources, ranges, notes))


def _check_table(arrival: Arrival, notes: tuple[str, ...]) -> Checked:
    with _named(arrival):
        table = read_table(arrival.path)
        ranges = table.check()
    notes += _plausible(arrival.name, ranges, [table.network])
    return Checked({ASN_TABLE: arrival.path}, ReplacedData((table.about,), ranges, notes))


def _pack(arrivals: Sequence[Arrival], work: Path) -> tuple[Arrival, tuple[str, ...]]:
    """Return a packed table of rows, and what should be known about it."""
    packer = TablePacker(overlaps_allowed(sum(each.path.stat().st_size for each in arrivals)))
    for each in arrivals:
        with each.path.open(encoding="utf-8", newline="") as lines:
            pack_rows(lines, each.name, packer)
    name = ", ".join(each.name for each in arrivals)[:LONGEST_NAME]
    day = max(each.day for each in arrivals)
    packed = work / ASN_TABLE
    packed.write_bytes(packer.pack(DataSource("network", name, day, AS_PUBLISHED, "brought by an administrator")))
    notes = (f"ranges that overlapped the one before and were cut: {packer.overlaps}",) if packer.overlaps else ()
    return Arrival(packed, name, day), notes


@contextmanager
def _named(arrival: Arrival) -> Iterator[None]:
    """Call the copy by the name of what was copied."""
    try:
        yield
    except BrokenGeoData as error:
        raise BrokenGeoData(error.message.replace(str(arrival.path), arrival.name), NOTHING_CHANGED) from error


def _plausible(name: str, ranges: int, asks: Sequence[Ask]) -> tuple[str, ...]:
    """Return what should be known about data that may be what it says, or raise `BrokenGeoData`."""
    if ranges < _FEWEST_RANGES:
        raise BrokenGeoData(f"{name} has {ranges} ranges, and the internet has many more", NOTHING_CHANGED)
    known = {version for version in _SAMPLES if all(_knows_most(ask, _SAMPLES[version]) for ask in asks)}
    if not known:
        raise BrokenGeoData(f"{name} does not know the best-known addresses of the internet", NOTHING_CHANGED)
    return tuple(f"it knows little of IPv{version}" for version in sorted(_SAMPLES.keys() - known))


def _knows_most(ask: Ask, samples: Sequence[IPAddress]) -> bool:
    return sum(ask(address) is not None for address in samples) * 2 > len(samples)
