from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from bangui.cli.output_file import UnwritableFile, written_whole


def test_the_file_is_there_at_the_end_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    place = tmp_path / "bans.csv"
    with written_whole(str(place)) as stream:
        stream.write("one\r\n")
        assert not place.exists()
    assert place.read_bytes() == b"one\r\n"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["bans.csv"]


def test_what_goes_wrong_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    place = tmp_path / "bans.csv"
    place.write_text("old")

    def write_half() -> None:
        with written_whole(str(place)) as stream:
            stream.write("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert place.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["bans.csv"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    place, target = tmp_path / "link", tmp_path / "target"
    place.symlink_to(target)
    with written_whole(str(place)) as stream:
        stream.write("new")
    assert place.is_symlink()
    assert target.read_text() == "new"


def test_what_is_no_plain_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    with written_whole(str(pipe)) as stream:
        stream.write("through")
    reader.join(10)
    assert read == ["through"]


@pytest.mark.parametrize("name", ["none/bans.csv", ""])
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnwritableFile) as caught, written_whole(str(tmp_path / name)):
        pass
    assert "cannot be written" in caught.value.message
    assert caught.value.hint


def test_what_no_encoding_has_is_an_escape(tmp_path: Path) -> None:
    with written_whole(str(tmp_path / "file")) as stream:
        stream.write("\udcff")
    assert (tmp_path / "file").read_text() == "\\udcff"
