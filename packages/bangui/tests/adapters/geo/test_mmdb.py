from __future__ import annotations

import random
from ipaddress import ip_address
from pathlib import Path

import pytest

from bangui.adapters.geo.errors import BrokenGeoData
from bangui.adapters.geo.mmdb import MmdbTable, country_in, network_in, subjects_in
from bangui.domain.places import Network
from packages.bangui.tests.adapters.geo.made_data import mmdb

MAXMIND_COUNTRY = {"country": {"iso_code": "DE", "geoname_id": 2921044}, "registered_country": {"iso_code": "US"}}
MAXMIND_ASN = {"autonomous_system_number": 15169, "autonomous_system_organization": "GOOGLE"}
IPINFO = {"asn": "AS15169", "as_name": "Google LLC", "country_code": "us", "country": "United States"}


def _write(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "some.mmdb"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("record", "country"),
    [
        (MAXMIND_COUNTRY, "DE"),
        ({"registered_country": {"iso_code": "US"}}, "US"),
        ({"country_code": "FR"}, "FR"),
        ({"country": "fr"}, "FR"),
        (IPINFO, "US"),
        (MAXMIND_ASN, None),
        ({"country": {"iso_code": 49}}, None),
        ({"country": ["DE"]}, None),
        ({"country": "ZZ"}, None),
        ({}, None),
    ],
)
def test_the_country_of_every_publisher_is_read(record: dict[str, object], country: str | None) -> None:
    assert country_in(record) == country


@pytest.mark.parametrize(
    ("record", "network"),
    [
        (MAXMIND_ASN, Network(15169, "GOOGLE")),
        (IPINFO, Network(15169, "Google LLC")),
        ({"asn": "as7", "name": "Seven"}, Network(7, "Seven")),
        ({"as_number": 7}, Network(7, "")),
        ({"asn": 7, "name": ["Seven"]}, Network(7, "")),
        ({"asn": 7, "name": "x" * 5000}, Network(7, "x" * 200)),
        (MAXMIND_COUNTRY, None),
        ({"asn": 0, "name": "nobody"}, None),
        ({"asn": -1}, None),
        ({"asn": 1 << 32}, None),
        ({"asn": "AS99999999999"}, None),
        ({"asn": "AS"}, None),
        ({"asn": "١٢"}, None),
        ({"asn": True}, None),
        ({"asn": 1.5}, None),
        ({}, None),
    ],
)
def test_the_network_of_every_publisher_is_read(record: dict[str, object], network: Network | None) -> None:
    assert network_in(record) == network


def test_a_record_says_what_it_is_about() -> None:
    assert subjects_in(MAXMIND_COUNTRY) == {"country"}
    assert subjects_in(MAXMIND_ASN) == {"network"}
    assert subjects_in(IPINFO) == {"country", "network"}
    others: list[object] = [{}, None, "DE", ["DE"], 7, {"city": {"names": {}}}]
    for other in others:
        assert subjects_in(other) == set()


def test_addresses_of_both_families_are_found(tmp_path: Path) -> None:
    table = MmdbTable(_write(tmp_path, mmdb({"8.8.8.0/24": IPINFO, "2a00::/12": MAXMIND_COUNTRY})), "country")
    assert table.country(ip_address("8.8.8.8")) == "US"
    assert table.network(ip_address("8.8.8.8")) == Network(15169, "Google LLC")
    assert table.country(ip_address("2a00::1")) == "DE"
    assert table.network(ip_address("2a00::1")) is None
    assert table.country(ip_address("9.9.9.9")) is None
    assert table.subjects() == ("country", "network")
    assert table.check() == 2


@pytest.mark.parametrize(
    ("database_type", "credit"),
    [
        ("GeoLite2-Country", "This product includes GeoLite2 data created by MaxMind"),
        ("DBIP-Country-Lite", "IP Geolocation by DB-IP"),
        ("Somebody-Else", "Somebody-Else"),
    ],
)
def test_the_source_is_what_the_file_says(tmp_path: Path, database_type: str, credit: str) -> None:
    about = MmdbTable(_write(tmp_path, mmdb({"8.0.0.0/8": IPINFO}, database_type, 1_767_312_000)), "network").about
    assert (about.what, about.name, about.date, about.credit) == ("network", database_type, "2026-01-02", credit)


def test_a_table_whose_date_cannot_be_has_none(tmp_path: Path) -> None:
    path = _write(tmp_path, mmdb({"8.0.0.0/8": IPINFO}, build_epoch=1 << 40))
    assert MmdbTable(path, "network").about.date == "unknown"


def test_a_table_whose_date_is_no_number_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenGeoData, match=r"some\.mmdb"):
        MmdbTable(_write(tmp_path, mmdb({"8.0.0.0/8": IPINFO}, build_epoch="yesterday")), "network")


@pytest.mark.parametrize("content", [b"", b"nothing of that kind", bytes(100_000)])
def test_a_file_of_something_else_is_refused_with_its_name(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BrokenGeoData, match=r"some\.mmdb") as caught:
        MmdbTable(_write(tmp_path, content), "country")
    assert "geo update" in caught.value.hint


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenGeoData, match="cannot be read"):
        MmdbTable(tmp_path / "missing.mmdb", "country")


def test_a_damaged_table_never_makes_a_look_up_fail(tmp_path: Path) -> None:
    data = mmdb({f"{first}.0.0.0/8": IPINFO for first in range(1, 200)})
    metadata = data.index(b"\xab\xcd\xefMaxMind.com")
    dice = random.Random(3)
    for _ in range(100):
        broken = bytearray(data)
        for _ in range(dice.randrange(1, 40)):
            broken[dice.randrange(metadata)] = dice.randrange(256)
        table = MmdbTable(_write(tmp_path, bytes(broken)), "country")
        for first in range(1, 223, 13):
            address = ip_address(f"{first}.1.1.1")
            country, network = table.country(address), table.network(address)
            assert country is None or len(country) == 2
            assert network is None or network.number > 0


def test_a_check_finds_damage(tmp_path: Path) -> None:
    data = bytearray(mmdb({f"{first}.0.0.0/8": IPINFO for first in range(1, 200)}))
    metadata = data.index(b"\xab\xcd\xefMaxMind.com")
    data[metadata - 4000 : metadata] = b"\xff" * 4000
    with pytest.raises(BrokenGeoData, match="broken"):
        MmdbTable(_write(tmp_path, bytes(data)), "country").check()


def test_a_file_that_is_overwritten_in_place_does_no_harm(tmp_path: Path) -> None:
    path = _write(tmp_path, mmdb({f"{first}.0.0.0/8": IPINFO for first in range(1, 200)}))
    table = MmdbTable(path, "country")
    path.write_bytes(b"")
    assert table.country(ip_address("8.8.8.8")) == "US"
