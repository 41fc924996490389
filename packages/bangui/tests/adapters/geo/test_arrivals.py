from __future__ import annotations

import gzip
import os
import threading
from pathlib import Path

import pytest

from bangui.adapters.geo import arrivals
from bangui.adapters.geo.arrivals import Kind, copy_file, kind_of, take_download
from bangui.adapters.geo.errors import BrokenGeoData
from packages.bangui.tests.adapters.geo.made_data import MANY_ROWS, many_countries, packed


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (packed(), Kind.TABLE),
        (many_countries(), Kind.MMDB),
        (MANY_ROWS.encode(), Kind.ROWS),
        (b"", Kind.ROWS),
        (bytes(1000), Kind.ROWS),
    ],
)
@pytest.mark.parametrize("is_compressed", [False, True])
def test_a_file_is_known_by_its_content_compressed_or_not(
    tmp_path: Path, content: bytes, kind: Kind, is_compressed: bool
) -> None:
    file = tmp_path / "some.file"
    file.write_bytes(gzip.compress(content) if is_compressed else content)
    os.utime(file, (1_767_312_000, 1_767_312_000))
    arrival = copy_file(file, tmp_path / "copy")
    assert (arrival.name, arrival.day) == ("some.file", "2026-01-02")
    assert arrival.path.read_bytes() == content
    assert kind_of(arrival.path) is kind


def test_a_pipe_is_a_file_like_any_other(tmp_path: Path) -> None:
    content = gzip.compress(MANY_ROWS.encode())
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(content,))
    writer.start()
    arrival = copy_file(pipe, tmp_path / "copy")
    writer.join()
    assert arrival.path.read_text() == MANY_ROWS


def test_a_download_has_the_name_that_it_had_there(tmp_path: Path) -> None:
    (tmp_path / "download").write_bytes(gzip.compress(b"content"))
    arrival = take_download(tmp_path / "download", tmp_path / "copy", "asn.csv.gz")
    assert arrival.name == "asn.csv.gz"
    assert arrival.path.read_bytes() == b"content"
    assert arrival.day.startswith("20")


@pytest.mark.parametrize(
    "content",
    [
        b"\x1f\x8b",
        b"\x1f\x8bnothing of that kind",
        gzip.compress(MANY_ROWS.encode())[:-9],
        gzip.compress(MANY_ROWS.encode())[:-4] + b"\0\0\0\0",
        gzip.compress(MANY_ROWS.encode())[:40] + bytes(40),
    ],
)
def test_a_compressed_file_that_is_damaged_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "asn.csv.gz").write_bytes(content)
    with pytest.raises(BrokenGeoData, match=r"asn\.csv\.gz cannot be unpacked") as caught:
        copy_file(tmp_path / "asn.csv.gz", tmp_path / "copy")
    assert caught.value.hint == "nothing was changed"


@pytest.mark.parametrize("is_compressed", [False, True])
def test_a_file_that_grows_beyond_every_table_is_not_copied_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_compressed: bool
) -> None:
    monkeypatch.setattr(arrivals, "LARGEST_FILE", 5_000_000)
    content = bytes(50_000_000)
    (tmp_path / "bomb").write_bytes(gzip.compress(content) if is_compressed else content)
    with pytest.raises(BrokenGeoData, match="bomb is larger than any table"):
        copy_file(tmp_path / "bomb", tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_size <= 5_000_000


def test_a_file_that_is_missing_is_the_systems_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        copy_file(tmp_path / "missing", tmp_path / "copy")
