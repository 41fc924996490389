from __future__ import annotations

from pathlib import Path

import pytest

from bangui.adapters.geo.arrivals import Arrival
from bangui.adapters.geo.checks import Checked, check
from bangui.adapters.geo.errors import BrokenGeoData
from bangui.adapters.geo.packed_table import read_table
from bangui.domain.errors import InvalidInput
from packages.bangui.tests.adapters.geo.made_data import MANY_ROWS, SIX_ROWS, many_countries, mmdb, packed

BOTH = {"country_code": "US", "asn": "AS7", "as_name": "Seven"}
# Whole, and of no use.
ELSEWHERE = "".join(f"{number},{number},{number % 2 + 1},x\n" for number in range(223 << 24, (223 << 24) + 2_000))
BLOCKS = [f"{first}.{second}.0.0/16" for first in (1, 8, 9, 193, 198) for second in range(250)]


def _check(tmp_path: Path, *contents: bytes) -> Checked:
    arrivals = []
    for number, content in enumerate(contents):
        path = tmp_path / str(number)
        path.write_bytes(content)
        arrivals.append(Arrival(path, f"file-{number}", f"2026-01-0{number + 1}"))
    return check(arrivals, tmp_path)


def test_rows_in_one_file_or_several_become_a_table(tmp_path: Path) -> None:
    checked = _check(tmp_path, MANY_ROWS.encode(), SIX_ROWS.encode())
    assert list(checked.files) == ["asn.table"]
    (source,) = checked.replaced.sources
    assert (source.what, source.name, source.date) == ("network", "file-0, file-1", "2026-01-02")
    assert checked.replaced.ranges > 1_500
    assert checked.replaced.notes == ()
    assert read_table(checked.files["asn.table"]).about == source


def test_what_a_table_lacks_is_told(tmp_path: Path) -> None:
    assert _check(tmp_path, MANY_ROWS.encode()).replaced.notes == ("it knows little of IPv6",)


def test_a_slip_in_long_rows_is_cut_and_told(tmp_path: Path) -> None:
    slip = "198.249.0.5,198.250.0.0,7,Slip\n"
    many = (
        MANY_ROWS + slip + "".join(f"{223 * 2**24 + number},{223 * 2**24 + number},7,x\n" for number in range(20_000))
    )
    notes = _check(tmp_path, many.encode()).replaced.notes
    assert notes[0] == "ranges that overlapped the one before and were cut: 1"
    with pytest.raises(BrokenGeoData, match="file-0, row 1251: a range overlaps"):
        _check(tmp_path, (MANY_ROWS + slip).encode())


@pytest.mark.parametrize(
    ("record", "files", "subjects"),
    [
        ({"country": {"iso_code": "DE"}}, {"country.mmdb"}, ["country"]),
        ({"autonomous_system_number": 7}, {"asn.mmdb"}, ["network"]),
        (BOTH, {"country.mmdb", "asn.mmdb"}, ["country", "network"]),
    ],
)
def test_an_mmdb_takes_the_places_of_what_it_knows(
    tmp_path: Path, record: dict[str, object], files: set[str], subjects: list[str]
) -> None:
    checked = _check(tmp_path, mmdb(dict.fromkeys(BLOCKS, record), "Some-Type"))
    assert set(checked.files) == files
    assert [source.what for source in checked.replaced.sources] == subjects
    assert {source.name for source in checked.replaced.sources} == {"Some-Type"}
    assert checked.replaced.ranges == len(BLOCKS)


def test_a_packed_table_is_taken_as_it_is(tmp_path: Path) -> None:
    path = _check(tmp_path, MANY_ROWS.encode()).files["asn.table"]
    content = path.read_bytes()
    checked = _check(tmp_path, content)
    assert checked.files["asn.table"].read_bytes() == content
    assert checked.replaced.sources[0].name == "file-0"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "file-0, row 1: it is empty"),
        (b"<html>not found</html>", "file-0, row 1: it has no four or five columns"),
        (b"\xff\xfe\0\0", "file-0 is no text"),
        (b"8.8.8.0,8.8.8.255,15169,GOOGLE\n", "file-0 has 1 ranges, and the internet has many more"),
        (packed(("8.8.8.0", "8.8.8.255", 7, "x")), "file-0 has 1 ranges"),
        (packed()[:-3] + b"xyz", "file-0 is damaged"),
        (mmdb({"8.8.8.0/24": BOTH}), "file-0 has 1 ranges"),
        (mmdb({"8.8.8.0/24": {"city": "Paris"}}), "file-0 knows neither countries nor networks"),
        (b"\xab\xcd\xefMaxMind.com", "file-0 is no whole table"),
        (many_countries()[2000:], "file-0 is no whole table|broken"),
        (
            "".join(f"16777216{number:02},16777216{number:02},7,x\n" for number in range(1)).encode(),
            "has 1 ranges",
        ),
        (
            "".join(
                f"223.0.{n // 250}.{n % 250},223.0.{n // 250}.{n % 250},{n % 2 + 1},x\n" for n in range(2000)
            ).encode(),
            "file-0 does not know the best-known addresses",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_under_its_own_name(tmp_path: Path, content: bytes, problem: str) -> None:
    with pytest.raises(BrokenGeoData, match=problem) as caught:
        _check(tmp_path, content)
    assert str(tmp_path) not in caught.value.message


def test_only_rows_may_come_in_several_files(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="several files"):
        _check(tmp_path, MANY_ROWS.encode(), many_countries())
