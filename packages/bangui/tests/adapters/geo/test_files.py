from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

import pytest

from bangui.adapters.geo.errors import BrokenGeoData
from bangui.adapters.geo.files import OPENERS, open_built_in_countries, open_built_in_networks, stamp_of
from packages.bangui.tests.adapters.geo.made_data import many_countries, mmdb, packed

GOOGLE = {"autonomous_system_number": 15169, "autonomous_system_organization": "GOOGLE"}


@pytest.mark.parametrize(
    ("name", "content", "has_country", "has_network"),
    [
        ("country.mmdb", many_countries(), True, False),
        ("asn.mmdb", mmdb({"8.8.8.0/24": GOOGLE}), False, True),
        ("asn.table", packed(("8.8.8.0", "8.8.8.255", 15169, "GOOGLE")), False, True),
    ],
)
def test_each_file_is_asked_for_what_its_name_says(
    tmp_path: Path, name: str, content: bytes, has_country: bool, has_network: bool
) -> None:
    (tmp_path / name).write_bytes(content)
    opened = OPENERS[name](tmp_path / name)
    assert (opened.country is not None, opened.network is not None) == (has_country, has_network)
    if opened.network:
        network = opened.network.network(ip_address("8.8.8.8"))
        assert network is not None
        assert (network.number, network.name) == (15169, "GOOGLE")


@pytest.mark.parametrize("name", OPENERS)
def test_a_broken_file_says_what_to_do(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"broken")
    with pytest.raises(BrokenGeoData) as caught:
        OPENERS[name](tmp_path / name)
    assert name in caught.value.message
    assert "geo update" in caught.value.hint


def test_what_comes_with_bangui_can_be_opened() -> None:
    assert open_built_in_countries().country is not None
    assert open_built_in_networks().network is not None


def test_a_file_that_was_replaced_or_changed_has_another_stamp(tmp_path: Path) -> None:
    path = tmp_path / "file"
    assert stamp_of(path) is None
    path.write_bytes(b"one")
    first = stamp_of(path)
    assert first == stamp_of(path)
    (tmp_path / "other").write_bytes(b"two")
    (tmp_path / "other").replace(path)
    second = stamp_of(path)
    path.write_bytes(b"longer")
    assert len({first, second, stamp_of(path)}) == 3
