"""The files of a user's own data: their names, and how each is opened.

A folder may hold `country.mmdb`, and `asn.mmdb` or `asn.table`. Of the last two the `.mmdb` is asked first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

from bangui.adapters.geo.packed_table import map_table, read_table
from bangui.domain.places import DataSource, IPAddress, Network

COUNTRY_MMDB = "country.mmdb"
ASN_MMDB = "asn.mmdb"
ASN_TABLE = "asn.table"
# A name that stands for all files of a folder: what is made there first begins with it and is renamed when it is whole.
UNFINISHED = ".new-"

BUILT_IN_TABLE = Path(__file__).with_name("data") / ASN_TABLE


class CountrySource(Protocol):
    """Knows countries; never raises."""

    @property
    def about(self) -> DataSource:
        """Where the countries come from."""
        ...

    def country(self, address: IPAddress) -> str | None:
        """Return the country of an address."""
        ...


class NetworkSource(Protocol):
    """Knows networks; never raises."""

    @property
    def about(self) -> DataSource:
        """Where the networks come from."""
        ...

    def network(self, address: IPAddress) -> Network | None:
        """Return the network of an address."""
        ...


class Opened(NamedTuple):
    """What one file can be asked for."""

    country: CountrySource | None = None
    network: NetworkSource | None = None


class Stamp(NamedTuple):
    """What tells one state of a file from another."""

    inode: int
    size: int
    modified: int


def stamp_of(path: Path) -> Stamp | None:
    """Return the state of a file, None where there is none that can be seen."""
    try:
        status = path.stat()
    except OSError:
        return None
    return Stamp(status.st_ino, status.st_size, status.st_mtime_ns)


def _open_country_mmdb(path: Path) -> Opened:
    from bangui.adapters.geo.mmdb import MmdbTable

    return Opened(country=MmdbTable(path, "country"))


def _open_asn_mmdb(path: Path) -> Opened:
    from bangui.adapters.geo.mmdb import MmdbTable

    return Opened(network=MmdbTable(path, "network"))


def _open_asn_table(path: Path) -> Opened:
    return Opened(network=read_table(path))


def open_built_in_networks() -> Opened:
    """Open the table of the wheel."""
    return Opened(network=map_table(BUILT_IN_TABLE))


def open_built_in_countries() -> Opened:
    """Open the table of `iptocc`."""
    from bangui.adapters.geo.countries import RegistryCountries

    return Opened(country=RegistryCountries())


# In the order in which they are asked; each raises `BrokenGeoData`.
OPENERS: Mapping[str, Callable[[Path], Opened]] = {
    COUNTRY_MMDB: _open_country_mmdb,
    ASN_MMDB: _open_asn_mmdb,
    ASN_TABLE: _open_asn_table,
}
