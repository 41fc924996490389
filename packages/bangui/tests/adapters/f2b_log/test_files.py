from __future__ import annotations

import bz2
import gzip
import lzma
import os
from pathlib import Path

import pytest

from bangui.adapters.f2b_log.files import DAMAGES, HEAD_BYTES, LogFile, NotALog, find_files

TEXT = b"".join(b"2026-11-23 09:35:14,%03d fail2ban.actions\n" % number for number in range(200))


def names(path: Path) -> list[str]:
    return [file.name for file in find_files(path)]


def touch(folder: Path, *files: str) -> None:
    for file in files:
        (folder / file).write_bytes(b"x")


def test_numbers_tell_the_order_the_oldest_first(tmp_path: Path) -> None:
    touch(tmp_path, "f.log", "f.log.1", "f.log.2.gz", "f.log.10.gz", "f.log.3.xz", "f.log.4.bz2")
    assert names(tmp_path / "f.log") == ["f.log.10.gz", "f.log.4.bz2", "f.log.3.xz", "f.log.2.gz", "f.log.1", "f.log"]


def test_dates_tell_the_order_too(tmp_path: Path) -> None:
    touch(tmp_path, "f.log-20261122.gz", "f.log-20261123", "f.log-20251231.gz", "f.log")
    assert names(tmp_path / "f.log") == ["f.log-20251231.gz", "f.log-20261122.gz", "f.log-20261123", "f.log"]


def test_other_ways_to_write_dates_and_numbers_are_known(tmp_path: Path) -> None:
    for files in (
        ["f.log-2026-11-22.gz", "f.log-2026-11-23"],
        ["f.log.20261122.gz", "f.log.20261123"],
        ["f.log-20261122-1795600000", "f.log-20261122-1795700000"],
        ["f-20261122.log.gz", "f-20261123.log"],
        ["f.2.log.gz", "f.1.log"],
    ):
        touch(tmp_path, *files)
        assert names(tmp_path / "f.log") == files
        for file in files:
            (tmp_path / file).unlink()


def test_of_two_kinds_of_names_that_is_newer_which_was_written_last(tmp_path: Path) -> None:
    touch(tmp_path, "f.log-20261122.gz", "f.log.1", "f.log")
    os.utime(tmp_path / "f.log.1", (1_000, 1_000))
    assert names(tmp_path / "f.log") == ["f.log.1", "f.log-20261122.gz", "f.log"]
    os.utime(tmp_path / "f.log-20261122.gz", (500, 500))
    assert names(tmp_path / "f.log") == ["f.log-20261122.gz", "f.log.1", "f.log"]


def test_other_files_are_none_of_the_log(tmp_path: Path) -> None:
    touch(
        tmp_path,
        "f.log",
        "f.log.old",
        "f.log.1.tmp",
        "f2.log",
        "f.1.txt",
        "ff-20261122.log",
        "f.log1",
        "f.log-2026",
        "f.log.1.gz.2",
        "g.log.1",
        "af.log.1",
    )
    assert names(tmp_path / "f.log") == ["f.log"]


def test_a_file_that_is_being_compressed_is_there_once(tmp_path: Path) -> None:
    touch(tmp_path, "f.log.1", "f.log.1.gz", "f.log-20261122", "f.log-20261122.gz")
    assert set(names(tmp_path / "f.log")) == {"f.log.1", "f.log-20261122"}


def test_behind_a_link_rotation_makes_files_next_to_the_log_itself(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    touch(tmp_path / "real", "fail2ban.log", "fail2ban.log.1")
    touch(tmp_path, "link.log.2")
    (tmp_path / "link.log").symlink_to(tmp_path / "real/fail2ban.log")
    assert names(tmp_path / "link.log") == ["link.log.2", "fail2ban.log.1", "link.log"]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        find_files(tmp_path / "nowhere/f.log")


def packed(folder: Path, suffix: str, text: bytes = TEXT) -> Path:
    path = folder / f"f.log.1{suffix}"
    match suffix:
        case ".gz":
            path.write_bytes(gzip.compress(text))
        case ".bz2":
            path.write_bytes(bz2.compress(text))
        case ".xz":
            path.write_bytes(lzma.compress(text))
        case _:
            path.write_bytes(text)
    return path


@pytest.mark.parametrize("suffix", ["", ".gz", ".bz2", ".xz"])
def test_every_compression_gives_the_text_from_any_byte_on(tmp_path: Path, suffix: str) -> None:
    with LogFile(packed(tmp_path, suffix)) as file:
        assert file.head(9) == TEXT[:9]
        file.skip(5_000)
        assert file.stream.read(20) == TEXT[5_000:5_020]
        assert 0 < file.position <= file.size == file.path.stat().st_size


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz"])
def test_a_place_is_found_again_in_the_compressed_file_and_in_no_other(tmp_path: Path, suffix: str) -> None:
    plain = tmp_path / "f.log"
    plain.write_bytes(TEXT)
    with LogFile(plain) as file:
        place = file.place(100)
        assert place.head_bytes == HEAD_BYTES
        assert file.holds(place)
    with LogFile(packed(tmp_path, suffix)) as file:
        assert file.holds(place)
    with LogFile(packed(tmp_path, suffix, b"2026" + TEXT)) as file:
        assert not file.holds(place)
    with LogFile(packed(tmp_path, suffix, b"")) as file:
        assert not file.holds(place)


def test_an_empty_file_is_known_by_its_inode_alone(tmp_path: Path) -> None:
    path = tmp_path / "f.log"
    path.touch()
    with LogFile(path) as file:
        place = file.place(0)
    path.write_bytes(TEXT)
    other = tmp_path / "g.log"
    other.touch()
    with LogFile(path) as file, LogFile(other) as second:
        assert (file.holds(place), second.holds(place)) == (True, False)


def test_what_a_file_began_with_is_not_forgotten_when_somebody_truncates_it(tmp_path: Path) -> None:
    path = tmp_path / "f.log"
    path.write_bytes(TEXT[:500])
    with LogFile(path) as file:
        assert file.place(0).head_bytes == 500
        path.write_bytes(TEXT)  # the same file, longer
        before = file.place(0)
        assert before.head_bytes == HEAD_BYTES
        path.write_bytes(b"other text")
        assert file.place(0) == before
        assert not file.holds(before)


def test_a_damaged_file_has_an_error_where_it_is_read_and_not_where_it_is_opened(tmp_path: Path) -> None:
    for data in (gzip.compress(TEXT)[:-30], b"no gzip at all", b"\x1f\x8b"):
        path = tmp_path / "f.log.1.gz"
        path.write_bytes(data)
        with LogFile(path) as file, pytest.raises(DAMAGES):
            file.skip(10**9)


@pytest.mark.parametrize("kind", ["fifo", "folder", "device"])
def test_only_regular_files_are_opened_and_nothing_is_waited_for(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "f.log"
    match kind:
        case "fifo":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case _:
            path.symlink_to("/dev/null")
    with pytest.raises(NotALog):
        LogFile(path)


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(TEXT)
    (tmp_path / "f.log").symlink_to(tmp_path / "real")
    with LogFile(tmp_path / "f.log") as file:
        assert file.head(4) == b"2026"
