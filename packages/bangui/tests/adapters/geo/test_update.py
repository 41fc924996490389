from __future__ import annotations

import fcntl
import gzip
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from pathlib import Path

import pytest

from bangui.adapters.geo.download import Limits
from bangui.adapters.geo.errors import BrokenGeoData, DownloadFailed
from bangui.adapters.geo.finder import GeoFinder, open_place_finder
from bangui.adapters.geo.update import replace_from_files, replace_from_url
from bangui.domain.errors import BanGUIError, InvalidInput
from bangui.domain.places import Place
from packages.bangui.tests.adapters.geo.made_data import MANY_ROWS, SIX_ROWS, many_countries, mmdb
from packages.bangui.tests.adapters.geo.web_server import plain, web_server

BLOCKS = [f"{first}.{second}.0.0/16" for first in (1, 8, 9, 193, 198) for second in range(250)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "geo"


def _write(tmp_path: Path, name: str, content: bytes | str) -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _both(code: str, number: int) -> bytes:
    record = {"country_code": code, "asn": number, "as_name": "Both"}
    return mmdb(dict.fromkeys(BLOCKS, record), "Both")


def _find(folder: Path) -> Place:
    return open_place_finder(folder).find(ip_network("8.8.8.8"))


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_new_data_is_put_into_a_folder_that_is_made_for_it(tmp_path: Path, folder: Path) -> None:
    replaced = replace_from_files(folder, [_write(tmp_path, "asn.csv", MANY_ROWS)])
    assert replaced.ranges == 1250
    assert _names(folder) == {"asn.table"}
    assert (folder / "asn.table").stat().st_mode & 0o777 == 0o644
    network = _find(folder).network
    assert network is not None
    assert network.number == 808


def test_rows_of_two_files_become_one_table(tmp_path: Path, folder: Path) -> None:
    files = [_write(tmp_path, "4.csv", MANY_ROWS), _write(tmp_path, "6.csv.gz", gzip.compress(SIX_ROWS.encode()))]
    assert replace_from_files(folder, files).notes == ()
    network = open_place_finder(folder).find(ip_network("2606:4700:4700::1111")).network
    assert network is not None
    assert network.number == 0x4701


def test_a_packed_table_can_be_passed_on(tmp_path: Path, folder: Path) -> None:
    replace_from_files(folder, [_write(tmp_path, "asn.csv", MANY_ROWS)])
    other = tmp_path / "other"
    replace_from_files(other, [folder / "asn.table"])
    assert (other / "asn.table").read_bytes() == (folder / "asn.table").read_bytes()


def test_a_file_can_be_replaced_by_itself(tmp_path: Path, folder: Path) -> None:
    replace_from_files(folder, [_write(tmp_path, "asn.csv", MANY_ROWS)])
    replace_from_files(folder, [folder / "asn.table"])
    assert _names(folder) == {"asn.table"}


def test_the_data_that_came_last_is_the_one_that_is_asked(tmp_path: Path, folder: Path) -> None:
    replace_from_files(folder, [_write(tmp_path, "asn.csv", MANY_ROWS)])
    replace_from_files(folder, [_write(tmp_path, "both.mmdb", _both("LI", 7))])
    assert _names(folder) == {"asn.mmdb", "country.mmdb"}
    place = _find(folder)
    assert place.country == "LI"
    assert place.network is not None
    assert place.network.number == 7
    replace_from_files(folder, [_write(tmp_path, "asn.csv", MANY_ROWS)])
    assert _names(folder) == {"asn.table", "country.mmdb"}
    replace_from_files(folder, [_write(tmp_path, "country.mmdb", many_countries(["MC"]))])
    assert _names(folder) == {"asn.table", "country.mmdb"}
    assert _find(folder).country == "MC"


@pytest.mark.parametrize("content", [b"", b"broken", b"\x1f\x8bbroken", many_countries()[3000:], MANY_ROWS[:-30]])
def test_data_that_is_refused_leaves_everything_as_it_was(tmp_path: Path, folder: Path, content: bytes | str) -> None:
    replace_from_files(folder, [_write(tmp_path, "both.mmdb", _both("LI", 7))])
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(BrokenGeoData) as caught:
        replace_from_files(folder, [_write(tmp_path, "new", content)])
    assert caught.value.hint
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_failure_between_two_renames_brings_the_old_files_back(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_from_files(folder, [_write(tmp_path, "old.mmdb", _both("LI", 7))])
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    rename = Path.replace
    renamed: list[Path] = []

    def fail_at_the_second(self: Path, target: Path) -> Path:
        renamed.append(self)
        if len(renamed) == 2:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", fail_at_the_second)
    with pytest.raises(BanGUIError, match="No space left"):
        replace_from_files(folder, [_write(tmp_path, "new.mmdb", _both("MC", 8))])
    assert len(renamed) > 2
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_file_that_is_missing_or_a_folder_is_told(tmp_path: Path, folder: Path) -> None:
    for path, problem in ((tmp_path / "missing", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(BanGUIError, match=problem):
            replace_from_files(folder, [path])
    assert _names(folder) == set()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    _write(tmp_path, "file", b"")
    with pytest.raises(BanGUIError, match="Not a directory"):
        replace_from_files(tmp_path / "file" / "geo", [_write(tmp_path, "asn.csv", MANY_ROWS)])


def test_no_file_at_all_is_a_mistake(folder: Path) -> None:
    with pytest.raises(InvalidInput):
        replace_from_files(folder, [])


def test_a_second_update_at_the_same_time_is_refused(tmp_path: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BanGUIError, match="another update is running"):
            replace_from_files(folder, [_write(tmp_path, "asn.csv", MANY_ROWS)])
    finally:
        os.close(lock)


def test_what_a_crash_has_left_behind_is_removed(tmp_path: Path, folder: Path) -> None:
    (folder / ".new-x").mkdir(parents=True)
    _write(folder / ".new-x", "half", b"half")
    replace_from_files(folder, [_write(tmp_path, "asn.csv", MANY_ROWS)])
    assert _names(folder) == {"asn.table"}


def test_a_link_to_another_packages_file_is_replaced_and_not_the_file(tmp_path: Path, folder: Path) -> None:
    theirs = _write(tmp_path, "theirs.mmdb", many_countries(["LI"]))
    folder.mkdir(parents=True)
    (folder / "country.mmdb").symlink_to(theirs)
    assert _find(folder).country == "LI"
    replace_from_files(folder, [_write(tmp_path, "mine.mmdb", many_countries(["MC"]))])
    assert _find(folder).country == "MC"
    assert theirs.read_bytes() == many_countries(["LI"])


def test_a_file_is_taken_from_a_server(folder: Path) -> None:
    with web_server() as server:
        server.answers["/some/asn.csv.gz?key=secret"] = plain(gzip.compress(MANY_ROWS.encode()))
        replaced = replace_from_url(folder, server.url("/some/asn.csv.gz?key=secret"))
    assert replaced.ranges == 1250
    assert replaced.sources[0].name == "asn.csv.gz"
    assert _names(folder) == {"asn.table"}


@pytest.mark.parametrize("path", ["/missing", "/page", "/huge"])
def test_a_download_that_fails_changes_nothing(folder: Path, path: str) -> None:
    with web_server() as server:
        server.answers["/missing"] = plain(b"", "404 Not Found")
        server.answers["/page"] = plain(b"<html>please log in</html>")
        server.answers["/huge"] = plain(bytes(100_000))
        with pytest.raises((DownloadFailed, BrokenGeoData)):
            replace_from_url(folder, server.url(path), Limits(size=50_000))
    assert _names(folder) == set()


def test_readers_go_on_while_the_data_is_replaced_again_and_again(tmp_path: Path, folder: Path) -> None:
    tables = [_write(tmp_path, f"{code}.mmdb", many_countries([code])) for code in ("LI", "MC", "SM")]
    replace_from_files(folder, [tables[0]])
    ticks = iter(range(0, 10**9, 10))
    finder = GeoFinder(folder, lambda *_: None, lambda: float(next(ticks)))
    is_done = threading.Event()
    seen: set[str | None] = set()

    def read() -> None:
        while not is_done.is_set():
            seen.add(finder.find(ip_network("8.8.8.8")).country)

    def write() -> None:
        try:
            for turn in range(30):
                replace_from_files(folder, [tables[turn % 3]])
        finally:
            is_done.set()

    with ThreadPoolExecutor(3) as pool:
        work = [pool.submit(read), pool.submit(read), pool.submit(write)]
    for each in work:
        each.result()
    assert seen <= {"LI", "MC", "SM"}
    assert len(seen) > 1
    assert finder.problems() == ()


def test_an_update_leaves_no_descriptor_open(tmp_path: Path, folder: Path) -> None:
    file = _write(tmp_path, "asn.csv", MANY_ROWS)
    replace_from_files(folder, [file])
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        replace_from_files(folder, [file])
        with pytest.raises(BrokenGeoData):
            replace_from_files(folder, [_write(tmp_path, "broken", b"")])
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
    assert _names(folder) == {"asn.table"}
