"""Countries and networks from a user's own `.mmdb`, whoever made it.

Publishers agree on the format and not on the names in it, so the fields are known by what MaxMind, DB-IP, IPinfo and
ip-location-db call them. What a record holds is text from outside: other types than expected are nothing.

The file is mapped into memory. A mapped file that somebody shortens or copies over takes the process with it, so what
is mapped is a private copy, as long as the file is not so large that the copy would hurt more.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import maxminddb

from bangui.adapters.geo.countries import country_code
from bangui.adapters.geo.errors import REPLACE_IT, BrokenGeoData
from bangui.adapters.geo.packed_format import LONGEST_NAME
from bangui.domain.places import DataSource, IPAddress, Network

# Every table of countries or networks is smaller; those of cities are not.
_LARGEST_COPY = 48 * 1024 * 1024
# The licence of data that a user has brought: it does not say.
AS_PUBLISHED = "as its publisher says"
# How many records say what a table is about; some records lack what most have.
_SAMPLE = 500
_NUMBER_KEYS = ("autonomous_system_number", "asn", "as_number")
_NAME_KEYS = ("autonomous_system_organization", "as_name", "organization", "name")
_NUMBER = re.compile(r"(?:AS)?(\d{1,10})", re.IGNORECASE | re.ASCII)
# What the publishers ask to be shown with their data, by how their `database_type` begins.
_CREDITS = {
    "GeoLite2": "This product includes GeoLite2 data created by MaxMind",
    "GeoIP2": "GeoIP2 data created by MaxMind",
    "DBIP": "IP Geolocation by DB-IP",
    "ipinfo": "IP address data powered by IPinfo",
}


class MmdbTable:
    """One open table; safe to use from several threads. Raises `BrokenGeoData` when it cannot be opened."""

    def __init__(self, path: Path, what: str) -> None:
        self._reader = _open(path)
        self.about = _about(self._reader, what)

    def country(self, address: IPAddress) -> str | None:
        """Return the country of an address; None for none, and where the table is broken."""
        record = self._record(address)
        return country_in(record) if record else None

    def network(self, address: IPAddress) -> Network | None:
        """Return the network of an address; None for none, and where the table is broken."""
        record = self._record(address)
        return network_in(record) if record else None

    def subjects(self) -> tuple[str, ...]:
        """Return what the table knows: "country", "network" or both."""
        known = set()
        for records, (_, record) in enumerate(self._reader):
            if records == _SAMPLE:
                break
            known |= subjects_in(record)
        return tuple(sorted(known))

    def check(self) -> int:
        """Read every record and return how many there are, or raise `BrokenGeoData`."""
        try:
            return sum(1 for _ in self._reader)
        except (maxminddb.InvalidDatabaseError, ValueError, RuntimeError) as error:
            raise BrokenGeoData(f"the table is broken: {error}", REPLACE_IT) from error

    def _record(self, address: IPAddress) -> Mapping[str, object] | None:
        try:
            record = self._reader.get(address)
        # An IPv6 address in a table of IPv4 is a ValueError.
        except (maxminddb.InvalidDatabaseError, ValueError, RuntimeError):
            return None
        return record if isinstance(record, dict) else None


def subjects_in(record: object) -> set[str]:
    """Return what one record knows: "country", "network", both or nothing."""
    if not isinstance(record, dict):
        return set()
    found = {"country": country_in(record), "network": network_in(record)}
    return {what for what, answer in found.items() if answer is not None}


def country_in(record: Mapping[str, object]) -> str | None:
    """Return the country that a record names."""
    for key in ("country", "country_code", "registered_country"):
        value = record.get(key)
        code = country_code(value.get("iso_code") if isinstance(value, dict) else value)
        if code:
            return code
    return None


def network_in(record: Mapping[str, object]) -> Network | None:
    """Return the network that a record names."""
    number = next((number for key in _NUMBER_KEYS if (number := _number(record.get(key)))), None)
    if number is None:
        return None
    name = next((name for key in _NAME_KEYS if isinstance(name := record.get(key), str)), "")
    return Network(number, name[:LONGEST_NAME])


def _number(value: object) -> int | None:
    if isinstance(value, str) and (match := _NUMBER.fullmatch(value)):
        value = int(match[1])
    return value if type(value) is int and 0 < value < 1 << 32 else None


def _open(path: Path) -> maxminddb.Reader:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > _LARGEST_COPY or not hasattr(os, "memfd_create"):
                return maxminddb.open_database(path)
            copy = os.memfd_create("mmdb")
            try:
                while os.sendfile(copy, file.fileno(), None, size):
                    pass
                return maxminddb.open_database(f"/proc/self/fd/{copy}")
            finally:
                os.close(copy)
    except (ValueError, maxminddb.InvalidDatabaseError) as error:
        raise BrokenGeoData(f"{path} is no whole table in MaxMind's format", REPLACE_IT) from error
    except OSError as error:
        raise BrokenGeoData(f"{path} cannot be read: {error.strerror}", REPLACE_IT) from error


def _about(reader: maxminddb.Reader, what: str) -> DataSource:
    metadata = reader.metadata()
    name = str(metadata.database_type)[:LONGEST_NAME]
    credit = next((text for start, text in _CREDITS.items() if name.startswith(start)), name)
    return DataSource(what, name, _date(metadata.build_epoch), AS_PUBLISHED, credit)


def _date(epoch: object) -> str:
    """Return the day of a build; the epoch is whatever the file says."""
    if type(epoch) is not int or not 0 < epoch < 1 << 32:
        return "unknown"
    return datetime.fromtimestamp(epoch, UTC).date().isoformat()
