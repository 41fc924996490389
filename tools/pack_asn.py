"""Packs the networks of the internet into the table that the wheel carries.

    npm pack @ip-location-db/asn
    .venv/bin/python tools/pack_asn.py ip-location-db-asn-*.tgz

Takes the archive of an npm package as it is published, and only of packages listed in `PUBLISHED`: somebody has read
their licences. The licence files in the archive are read again each time, and an archive whose licence has changed is
refused. The same archive gives the same table, byte for byte.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bangui.adapters.geo.errors import BrokenGeoData
from bangui.adapters.geo.files import BUILT_IN_TABLE
from bangui.adapters.geo.packed_table import PackedTable
from bangui.adapters.geo.packing import TablePacker
from bangui.adapters.geo.rows import overlaps_allowed, pack_rows
from bangui.domain.places import DataSource

# A third of it is what the archive of today holds.
_LARGEST_FILE = 64 * 1024 * 1024
# 2.3.2026061719: year, month, day and hour.
_DATED_VERSION = re.compile(r"\d+\.\d+\.(\d{4})(\d{2})(\d{2})\d{2}")


@dataclass(frozen=True, slots=True)
class Publication:
    """A package whose licence lets anyone pass its data on.

    Each of the `licence_files` must still contain `licence_words`. `credit` is what the licences ask to be shown.
    """

    rows: tuple[str, ...]
    licence: str
    licence_files: tuple[str, ...]
    licence_words: str
    credit: str


PUBLISHED: Mapping[str, Publication] = {
    "@ip-location-db/asn": Publication(
        rows=("asn-ipv4-num.csv", "asn-ipv6-num.csv"),
        licence="CC BY 4.0",
        licence_files=("ROUTEVIEWS-LICENSE", "DBIP-LICENSE", "NRO_LICENSE"),
        licence_words="licensed under a Creative Commons Attribution 4.0 International License",
        credit="RouteViews, the Number Resource Organization (NRO) and IP Geolocation by DB-IP; merged by "
        "ip-location-db, packed by BanGUI",
    )
}


def pack_archive(archive: Path) -> bytes:
    """Return the packed table of an archive, or raise `BrokenGeoData` saying what is wrong with it."""
    try:
        with tarfile.open(archive, "r:gz") as members:
            return _pack_members(members)
    except (OSError, EOFError, tarfile.TarError) as error:
        raise BrokenGeoData(f"{archive} is no archive of an npm package: {error}") from error


def _pack_members(members: tarfile.TarFile) -> bytes:
    name, version = _read_identity(members)
    publication = PUBLISHED.get(name)
    if publication is None:
        raise BrokenGeoData(f"nobody has read the licence of {name}", "read it, then add it to PUBLISHED")
    for file in publication.licence_files:
        if publication.licence_words not in " ".join(_read(members, file).decode().split()):
            raise BrokenGeoData(f"{file} of {name} {version} is not the licence it was", "read it again")
    texts = {file: _read(members, file) for file in publication.rows}
    packer = TablePacker(most_overlaps=overlaps_allowed(sum(map(len, texts.values()))))
    for file, text in texts.items():
        pack_rows(io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", newline=""), file, packer)
    about = DataSource("network", f"{name} {version}", _date_of(version), publication.licence, publication.credit)
    return packer.pack(about)


def _read_identity(members: tarfile.TarFile) -> tuple[str, str]:
    try:
        package = json.loads(_read(members, "package.json"))
        return str(package["name"]), str(package["version"])
    except (ValueError, LookupError, TypeError) as error:
        raise BrokenGeoData(f"package.json cannot be read: {error}") from error


def _date_of(version: str) -> str:
    match = _DATED_VERSION.fullmatch(version)
    return "-".join(match.groups()) if match else version


def _read(members: tarfile.TarFile, name: str) -> bytes:
    try:
        file = members.extractfile(f"package/{name}")
    except KeyError:
        file = None
    if file is None:
        raise BrokenGeoData(f"the archive has no {name}")
    data = file.read(_LARGEST_FILE + 1)
    if len(data) > _LARGEST_FILE:
        raise BrokenGeoData(f"{name} is larger than any such file")
    return data


def main(arguments: list[str]) -> int:
    """Write the table and tell what is in it; the exit status is 1 when the archive is refused."""
    parser = argparse.ArgumentParser(description="Pack the networks of the internet into the table of the wheel.")
    parser.add_argument("archive", type=Path, metavar="TARBALL", help="what npm pack has brought")
    parser.add_argument("--out", type=Path, default=BUILT_IN_TABLE, help="where the table goes")
    options = parser.parse_args(arguments)
    try:
        data = pack_archive(options.archive)
        table = PackedTable(data, str(options.out))
        ranges = table.check()
    except BrokenGeoData as error:
        print(f"pack_asn: {error}{f': {error.hint}' if error.hint else ''}", file=sys.stderr)
        return 1
    options.out.write_bytes(data)
    print(f"{options.out}: {ranges:,} ranges of {table.counts.networks:,} networks, {len(data):,} bytes")
    print(f"{table.about.name}, {table.about.date}, {table.about.licence}, {table.about.credit}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
