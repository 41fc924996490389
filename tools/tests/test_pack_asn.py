from __future__ import annotations

import io
import json
import tarfile
from ipaddress import ip_address
from pathlib import Path

import pytest

from bangui.adapters.geo.packed_table import read_table
from bangui.domain.places import Network
from tools import pack_asn

LICENCE = "This data is licensed under a Creative\nCommons Attribution 4.0 International License.\n"
FILES = {
    "package.json": json.dumps({"name": "@ip-location-db/asn", "version": "2.3.2026061719"}),
    "ROUTEVIEWS-LICENSE": LICENCE,
    "DBIP-LICENSE": LICENCE,
    "NRO_LICENSE": LICENCE,
    "asn-ipv4-num.csv": '16777216,16777471,13335,"Cloudflare, Inc."\n',
    "asn-ipv6-num.csv": "50543257671931246205564838485186838528,50543257671931246205564838485186904063,7,Sieben\n",
}


def _archive(tmp_path: Path, **changes: str | None) -> Path:
    path = tmp_path / "package.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for name, text in (FILES | changes).items():
            if text is not None:
                member = tarfile.TarInfo(f"package/{name}")
                member.size = len(text.encode())
                archive.addfile(member, io.BytesIO(text.encode()))
    return path


def _pack(archive: Path, out: Path) -> int:
    return pack_asn.main([str(archive), "--out", str(out)])


def test_an_archive_becomes_a_table_that_says_where_it_comes_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "asn.table"
    assert _pack(_archive(tmp_path), out) == 0
    table = read_table(out)
    assert table.network(ip_address("1.0.0.1")) == Network(13335, "Cloudflare, Inc.")
    assert (table.about.name, table.about.date) == ("@ip-location-db/asn 2.3.2026061719", "2026-06-17")
    assert table.about.licence == "CC BY 4.0"
    for owner in ("RouteViews", "NRO", "DB-IP"):
        assert owner in table.about.credit
    assert "2 ranges of 2 networks" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"DBIP-LICENSE": "All rights reserved."}, "DBIP-LICENSE of @ip-location-db/asn 2.3.2026061719 is not"),
        ({"NRO_LICENSE": None}, "the archive has no NRO_LICENSE"),
        ({"package.json": '{"name": "other", "version": "1"}'}, "nobody has read the licence of other"),
        ({"package.json": "{"}, "package.json cannot be read"),
        ({"package.json": "[]"}, "package.json cannot be read"),
        ({"asn-ipv6-num.csv": None}, "the archive has no asn-ipv6-num.csv"),
        ({"asn-ipv4-num.csv": "5,9,1,x\n1,2,1,x\n"}, "asn-ipv4-num.csv, row 2: a range does not begin behind"),
        ({"asn-ipv4-num.csv": "1,5,1,x\n3,9,2,x\n"}, "asn-ipv4-num.csv, row 2: a range overlaps"),
        ({"asn-ipv4-num.csv": ""}, "asn-ipv4-num.csv, row 1: it is empty"),
    ],
)
def test_what_is_wrong_with_an_archive_is_told_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, str | None], problem: str
) -> None:
    out = tmp_path / "asn.table"
    assert _pack(_archive(tmp_path, **changes), out) == 1
    assert problem in capsys.readouterr().err
    assert not out.exists()


def test_a_file_that_is_no_archive_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "some.tgz"
    path.write_bytes(b"nothing of that kind")
    for each in (path, tmp_path / "missing.tgz"):
        assert _pack(each, tmp_path / "out") == 1
        assert "is no archive of an npm package" in capsys.readouterr().err


def test_the_same_archive_gives_the_same_bytes(tmp_path: Path) -> None:
    archive = _archive(tmp_path)
    assert pack_asn.pack_archive(archive) == pack_asn.pack_archive(archive)
