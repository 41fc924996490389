from __future__ import annotations

import logging
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.geo.finder import GeoFinder, open_place_finder
from bangui.domain.places import NOWHERE, Network, Place, PlaceFinder
from packages.bangui.tests.adapters.geo.made_data import many_countries, mmdb, packed

GOOGLE = {"autonomous_system_number": 15169, "autonomous_system_organization": "MINE"}


@dataclass(slots=True)
class Opened:
    """A finder over a folder, with a clock that stands until it is moved."""

    folder: Path
    now: float = 0.0
    warnings: list[tuple[str, str]] = field(default_factory=list)
    finder: GeoFinder = field(init=False)

    def __post_init__(self) -> None:
        self.finder = GeoFinder(self.folder, lambda *warning: self.warnings.append(warning), lambda: self.now)

    def find(self, text: str) -> Place:
        return self.finder.find(ip_network(text))

    def put(self, name: str, content: bytes) -> None:
        """Replace a file as a careful program does it, and let a few seconds pass."""
        (self.folder / ".new").write_bytes(content)
        (self.folder / ".new").replace(self.folder / name)
        self.now += 10


@pytest.fixture
def built_in() -> GeoFinder:
    return open_place_finder(None)


def _country(code: str) -> bytes:
    return mmdb({"8.0.0.0/8": {"country": {"iso_code": code}}}, "GeoLite2-Country")


def test_the_finder_is_one_of_the_domains(built_in: GeoFinder) -> None:
    finder: PlaceFinder = built_in
    place = finder.find(ip_network("131.188.0.1"))
    assert place.country == "DE"
    assert place.network is not None
    assert place.network.number == 680


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("8.8.8.8", 15169),
        ("8.8.8.0/24", 15169),
        ("::ffff:8.8.8.8", 15169),
        ("64:ff9b::808:808", 15169),
        ("2002:808:808::1", 15169),
        ("2001:4860:4860::8888", 15169),
        ("2606:4700:4700::/48", 13335),
    ],
)
def test_addresses_and_networks_of_both_families_are_found(built_in: GeoFinder, text: str, number: int) -> None:
    place = built_in.find(ip_network(text))
    assert place.country == "US"
    assert place.network is not None
    assert place.network.number == number


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0",
        "0.0.0.0/0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.1.1",
        "192.0.2.1",
        "192.168.0.0/16",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::/0",
        "::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "2001:db8::1",
        "fc00::1",
        "fe80::1",
        "ff02::1",
        "4000::",
    ],
)
def test_what_is_not_on_the_public_internet_is_nowhere(built_in: GeoFinder, text: str) -> None:
    assert built_in.find(ip_network(text)) == NOWHERE


def test_a_user_cannot_put_a_private_address_somewhere_by_accident(tmp_path: Path) -> None:
    (tmp_path / "country.mmdb").write_bytes(mmdb({"10.0.0.0/8": {"country": {"iso_code": "DE"}}}))
    assert Opened(tmp_path).find("10.0.0.1") == NOWHERE


@given(address=st.ip_addresses(), length=st.integers(0, 128))
def test_no_network_makes_it_raise(address: object, length: int) -> None:
    network = ip_network(f"{address}/{min(length, 32) if '.' in str(address) else length}", strict=False)
    place = _SHARED.find(network)
    assert place.country is None or len(place.country) == 2


_SHARED = open_place_finder(None)


def test_a_network_in_several_places_has_only_what_they_have_in_common(tmp_path: Path) -> None:
    (tmp_path / "asn.table").write_bytes(
        packed(
            ("8.8.0.0", "8.8.0.255", 1, "One"),
            ("8.8.1.0", "8.8.1.255", 1, "One"),
            ("8.8.4.0", "8.8.4.255", 2, "Two"),
        )
    )
    opened = Opened(tmp_path)
    assert opened.find("8.8.0.0/23").network == Network(1, "One")
    assert opened.find("8.8.0.0/16").network is None
    assert opened.find("8.8.0.0/16").country == "US"


def test_a_users_own_data_comes_first_and_the_rest_is_found_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "country.mmdb").write_bytes(_country("LI"))
    (tmp_path / "asn.mmdb").write_bytes(mmdb({"8.8.8.0/24": GOOGLE}))
    (tmp_path / "asn.table").write_bytes(
        packed(("8.8.8.0", "8.8.8.255", 1, "never asked"), ("9.9.9.0", "9.9.9.9", 2, "x"))
    )
    opened = Opened(tmp_path)
    assert opened.find("8.8.8.8") == Place("LI", Network(15169, "MINE"))
    assert opened.find("9.9.9.9").network == Network(2, "x")
    assert opened.find("131.188.0.1").country == "DE"
    assert opened.finder.problems() == ()
    assert [(source.what, source.name) for source in opened.finder.sources()][:4] == [
        ("country", "GeoLite2-Country"),
        ("country", "iptocc"),
        ("network", "Made-Up"),
        ("network", "made for tests"),
    ]


def test_without_a_folder_there_are_two_sources_with_all_that_has_to_be_shown(built_in: GeoFinder) -> None:
    sources = built_in.sources()
    assert [source.what for source in sources] == ["country", "network"]
    for source in sources:
        assert all((source.name, source.date, source.licence, source.credit))


def test_a_broken_file_is_told_once_and_the_built_in_data_answers(tmp_path: Path) -> None:
    (tmp_path / "country.mmdb").write_bytes(b"broken")
    opened = Opened(tmp_path)
    for _ in range(3):
        assert opened.find("131.188.0.1").country == "DE"
        opened.now += 10
    assert [path for path, _ in opened.warnings] == [str(tmp_path / "country.mmdb")]
    (problem,) = opened.finder.problems()
    assert "country.mmdb" in problem
    assert "bangui geo update" in problem


def test_a_broken_file_is_a_warning_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "asn.table").write_bytes(b"broken")
    with caplog.at_level(logging.WARNING):
        open_place_finder(tmp_path)
    (record,) = caplog.records
    assert record.getMessage() == "geo_data_not_used"
    assert vars(record)["path"] == str(tmp_path / "asn.table")


def test_a_missing_folder_is_no_problem(tmp_path: Path) -> None:
    opened = Opened(tmp_path / "missing")
    assert opened.find("131.188.0.1").country == "DE"
    assert opened.finder.problems() == ()
    assert opened.warnings == []


def test_a_replaced_file_is_noticed_and_not_before_some_seconds_have_passed(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    assert opened.find("8.8.8.8").country == "US"
    opened.put("country.mmdb", _country("LI"))
    opened.now -= 9
    assert opened.find("8.8.8.8").country == "US"
    opened.now += 9
    assert opened.find("8.8.8.8").country == "LI"
    opened.put("country.mmdb", _country("MC"))
    assert opened.find("8.8.8.8").country == "MC"
    (tmp_path / "country.mmdb").unlink()
    opened.now += 10
    assert opened.find("8.8.8.8").country == "US"


def test_while_a_new_file_is_broken_the_old_one_stays_in_use(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    opened.put("country.mmdb", _country("LI"))
    assert opened.find("8.8.8.8").country == "LI"
    opened.put("country.mmdb", b"broken")
    assert opened.find("8.8.8.8").country == "LI"
    assert len(opened.finder.problems()) == len(opened.warnings) == 1
    opened.put("country.mmdb", _country("MC"))
    assert opened.find("8.8.8.8").country == "MC"
    assert opened.finder.problems() == ()


def test_without_the_module_of_the_countries_the_networks_are_still_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "iptocc", None)
    warnings: list[str] = []
    finder = open_place_finder(None, lambda _, problem: warnings.append(problem))
    place = finder.find(ip_network("8.8.8.8"))
    assert place.country is None
    assert place.network is not None
    assert len(warnings) == len(finder.problems()) == 1


def test_readers_see_the_old_file_or_the_new_one_and_never_anything_else(tmp_path: Path) -> None:
    codes = ["LI", "MC", "SM", "AD"]
    (tmp_path / "country.mmdb").write_bytes(_country(codes[0]))
    # Every question is a look at the files.
    ticks = iter(range(0, 10**9, 10))
    finder = GeoFinder(tmp_path, lambda *_: None, lambda: float(next(ticks)))
    seen: set[str | None] = set()
    is_done = threading.Event()

    def read() -> None:
        while not is_done.is_set():
            seen.add(finder.find(ip_network("8.8.8.8")).country)

    def replace() -> None:
        try:
            for turn in range(60):
                (tmp_path / ".new").write_bytes(_country(codes[turn % len(codes)]))
                (tmp_path / ".new").replace(tmp_path / "country.mmdb")
        finally:
            is_done.set()

    with ThreadPoolExecutor(4) as pool:
        work = [*(pool.submit(read) for _ in range(3)), pool.submit(replace)]
    for each in work:
        each.result()
    assert seen <= set(codes)
    assert len(seen) > 1
    assert finder.problems() == ()


def test_it_keeps_no_file_open(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for turn in range(20):
        opened.put("country.mmdb", many_countries())
        opened.put("asn.table", packed(("8.8.8.0", "8.8.8.255", turn + 1, "Mine")))
        assert opened.find("8.8.8.8").network == Network(turn + 1, "Mine")
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 2


def test_networks_of_either_kind_are_welcome(built_in: GeoFinder) -> None:
    assert built_in.find(IPv4Network("8.8.8.8")) == built_in.find(IPv6Network("::ffff:808:808"))
