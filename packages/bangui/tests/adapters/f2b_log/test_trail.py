from __future__ import annotations

import gzip
import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bangui.adapters.f2b_log.place import Place
from bangui.adapters.f2b_log.trail import Trail


class Folder:
    """A log that a test writes and rotates, and a trail that follows it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "f.log"
        self.trail = Trail(self.path)
        self.count = 0

    def write(self, lines: int = 1, path: Path | None = None) -> None:
        with (path or self.path).open("ab") as file:
            for _ in range(lines):
                self.count += 1
                file.write(b"%05d a line of the log\n" % self.count)

    def rotate(self, *, compress: bool = False) -> None:
        """Rename as logrotate does it: what was .1 becomes .2, and so on."""
        numbers = sorted((int(file.name.split(".")[2]) for file in self.folder.glob("f.log.*")), reverse=True)
        for number in numbers:
            for suffix in ("", ".gz"):
                old = self.folder / f"f.log.{number}{suffix}"
                if old.exists():
                    old.rename(self.folder / f"f.log.{number + 1}{suffix}")
        self.path.rename(self.folder / "f.log.1")
        if compress:
            self.compress(1)

    def compress(self, number: int) -> None:
        plain = self.folder / f"f.log.{number}"
        (self.folder / f"f.log.{number}.gz").write_bytes(gzip.compress(plain.read_bytes()))
        shutil.copystat(plain, self.folder / f"f.log.{number}.gz")
        plain.unlink()

    def read(self) -> list[int]:
        """Read all that is there now, the files that follow included."""
        found: list[int] = []
        while True:
            if self.trail.is_changed:
                self.trail.start(self.trail.last_place, None)
            line = self.trail.next_line()
            if line is None:
                following = self.trail.following()
                if following is None:
                    return found
                line = self.trail.next_line()
                if line is None:
                    self.trail.follow(following)
                    continue
                following.close()
            found.append(int(line[:5]))

    def resume(self) -> list[int]:
        """Read on as another process would that knows only the place."""
        place = self.trail.place
        assert place is not None
        self.trail.close()
        self.trail = Trail(self.path)
        assert self.trail.start(place, None)
        return self.read()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    one = Folder(tmp_path)
    yield one
    one.trail.close()


def test_the_oldest_file_comes_first_and_the_one_that_is_written_to_last(folder: Folder) -> None:
    for compress in (True, False, True):
        folder.write(2)
        folder.rotate(compress=compress)
    folder.write(2)
    assert folder.trail.start(None, None)
    assert folder.trail.progress[0] == 0
    assert folder.read() == list(range(1, 9))
    done, total = folder.trail.progress
    assert done == total == sum(file.stat().st_size for file in folder.folder.iterdir())


@pytest.mark.parametrize("resumed", [False, True])
@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize("rotations", [1, 3])
def test_the_rest_of_a_file_that_was_renamed_comes_before_the_new_one(
    folder: Folder, rotations: int, compress: bool, resumed: bool
) -> None:
    folder.write(3)
    folder.trail.start(None, None)
    assert folder.read() == [1, 2, 3]
    for _ in range(rotations):
        folder.write(2)
        folder.rotate(compress=compress)
    folder.write(1)
    last = 3 + 2 * rotations + 1
    assert (folder.resume() if resumed else folder.read()) == list(range(4, last + 1))
    folder.write(1)
    assert folder.read() == [last + 1]


def test_a_renamed_file_is_read_on_until_something_is_in_the_new_one(folder: Folder) -> None:
    folder.write(1)
    folder.trail.start(None, None)
    assert folder.read() == [1]
    folder.rotate()
    renamed = folder.folder / "f.log.1"
    folder.write(1, renamed)
    assert folder.read() == [2]  # the new one is not there yet
    folder.path.touch()
    folder.write(1, renamed)
    assert folder.read() == [3]  # it is there, and empty
    folder.write(1, renamed)
    folder.write(1)
    assert folder.read() == [4, 5]


@pytest.mark.parametrize("resumed", [False, True])
def test_the_rest_of_a_file_that_was_copied_and_truncated_is_in_the_copy(folder: Folder, resumed: bool) -> None:
    folder.write(3)
    folder.trail.start(None, None)
    assert folder.read() == [1, 2, 3]
    folder.write(2)
    shutil.copyfile(folder.path, folder.folder / "f.log.1")
    os.truncate(folder.path, 0)
    assert (folder.resume() if resumed else folder.read()) == [4, 5]
    folder.write(1)
    assert (folder.resume() if resumed else folder.read()) == [6]


def test_a_truncated_file_that_has_grown_beyond_what_was_read_is_noticed(folder: Folder) -> None:
    folder.write(2)
    folder.trail.start(None, None)
    assert folder.read() == [1, 2]
    shutil.copyfile(folder.path, folder.folder / "f.log.1")
    os.truncate(folder.path, 0)
    folder.write(10)
    assert folder.read() == list(range(3, 13))


def test_a_file_that_was_truncated_without_a_copy_begins_anew(folder: Folder) -> None:
    folder.write(3)
    folder.trail.start(None, None)
    assert folder.read() == [1, 2, 3]
    os.truncate(folder.path, 0)
    folder.write(1)
    assert folder.read() == [4]


def test_a_file_that_lost_its_end_is_read_again_whole(folder: Folder) -> None:
    folder.write(100)
    folder.trail.start(None, None)
    assert folder.read() == list(range(1, 101))
    os.truncate(folder.path, 98 * len(b"00001 a line of the log\n"))
    folder.write(1)
    assert folder.read() == [*range(1, 99), 101]


def test_a_copy_that_lacks_what_was_read_already_is_read_no_more(folder: Folder) -> None:
    folder.write(100)
    shutil.copyfile(folder.path, folder.folder / "f.log.1")
    folder.write(1)
    folder.trail.start(None, None)
    assert folder.read()[-1] == 101
    os.truncate(folder.path, 0)
    folder.write(1)
    assert folder.read() == [102]


@pytest.mark.parametrize("resumed", [False, True])
def test_a_file_that_was_removed_is_followed_by_the_one_made_in_its_place(folder: Folder, resumed: bool) -> None:
    folder.write(2)
    folder.trail.start(None, None)
    assert folder.read() == [1, 2]
    folder.path.unlink()
    assert folder.read() == []
    folder.write(2)
    if resumed:
        place = folder.trail.place
        folder.trail.close()
        # What was read is nowhere any more, so the caller is told.
        assert not folder.trail.start(place, None)
    assert folder.read() == [3, 4]


def test_a_file_that_was_removed_is_read_to_its_end_first(folder: Folder) -> None:
    folder.write(2)
    folder.trail.start(None, None)
    assert folder.read() == [1, 2]
    with folder.path.open("ab") as held:
        folder.path.unlink()
        held.write(b"00003 to a file without a name\n")
        held.flush()
        folder.count = 3
        folder.write(1)
        assert folder.read() == [3, 4]


def test_where_the_file_is_gone_only_what_was_written_since_is_read(folder: Folder) -> None:
    for hours in (4, 3, 2):
        folder.write(1)
        os.utime(folder.path, (1_000_000 - hours * 3600,) * 2)
        folder.rotate()
    folder.write(1)
    os.utime(folder.path, (1_000_000, 1_000_000))
    assert not folder.trail.start(Place(1, 2, 100, 10, "something else"), 1_000 * (1_000_000 - 2 * 3600))
    assert folder.read() == [3, 4]
    # Nothing was, so it must be the log itself that somebody has replaced.
    assert not folder.trail.start(Place(1, 2, 100, 10, "something else"), 10**15)
    assert folder.read() == [4]


def test_a_damaged_file_is_read_as_far_as_it_goes_and_then_the_next_one(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    folder.write(20_000)
    folder.rotate(compress=True)
    packed = folder.folder / "f.log.1.gz"
    packed.write_bytes(packed.read_bytes()[:-2_000])
    folder.write(1)
    folder.trail.start(None, None)
    with caplog.at_level(logging.WARNING, "bangui.f2b_log"):
        found = folder.read()
    assert found[0] == 1
    assert found[-1] == 20_001
    assert found == sorted(found)
    assert [record.message for record in caplog.records] == ["log_damaged"]


def test_what_is_no_file_of_the_log_is_passed_over_and_told_once(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    os.mkfifo(folder.folder / "f.log.1")
    folder.write(1)
    with caplog.at_level(logging.WARNING, "bangui.f2b_log"):
        for _ in range(3):
            folder.trail.start(None, None)
            assert folder.read() == [1]
    assert [record.message for record in caplog.records] == ["log_passed_over"]


def test_without_any_file_there_is_no_log(folder: Folder) -> None:
    with pytest.raises(FileNotFoundError):
        folder.trail.start(None, None)
    assert folder.trail.progress == (0, 0)
    assert folder.trail.place is None
    folder.write(1)
    folder.trail.start(None, None)
    folder.trail.check()
    folder.path.unlink()
    with pytest.raises(FileNotFoundError):
        folder.trail.check()
