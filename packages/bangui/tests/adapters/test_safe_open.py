from __future__ import annotations

import os
from pathlib import Path

import pytest

from bangui.adapters.safe_open import NotARegularFile, StrangeLink, open_regular

NOBODY = 65_534


def open_descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def text_of(path: Path | str) -> str:
    descriptor = open_regular(str(path))
    with os.fdopen(descriptor, encoding="utf-8") as file:
        return file.read()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    path = tmp_path / "logs" / "app.log"
    path.write_text("a line\n")
    return path


def test_a_file_is_opened_by_its_path(log: Path) -> None:
    assert text_of(log) == "a line\n"
    assert text_of(f"{log.parent}/./../logs//app.log") == "a line\n"


def test_links_of_our_own_are_followed_whether_of_the_file_or_on_the_way(log: Path, tmp_path: Path) -> None:
    (tmp_path / "link.log").symlink_to(log)
    (tmp_path / "relative.log").symlink_to("logs/app.log")
    (tmp_path / "folder").symlink_to("logs")
    (tmp_path / "logs" / "up").symlink_to("..")
    for name in ("link.log", "relative.log", "folder/app.log", "logs/up/folder/app.log"):
        assert text_of(tmp_path / name) == "a line\n"


def test_a_link_of_somebody_else_is_not_followed(log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "link.log").symlink_to(log)
    (tmp_path / "folder").symlink_to("logs")
    if os.geteuid() == 0:
        for name in ("link.log", "folder"):
            os.chown(tmp_path / name, NOBODY, NOBODY, follow_symlinks=False)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: NOBODY)
    for name in ("link.log", "folder/app.log"):
        with pytest.raises(StrangeLink):
            open_regular(str(tmp_path / name))


def test_links_that_lead_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    with pytest.raises(OSError, match="Too many levels"):
        open_regular(str(tmp_path / "one"))


def test_only_regular_files_are_opened_and_nothing_is_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", "/dev/null", "/", "relative.log", ""):
        with pytest.raises(NotARegularFile):
            open_regular(str(path))


def test_what_is_not_there_is_said_as_such(log: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_regular(str(log.with_name("gone.log")))
    with pytest.raises(NotADirectoryError):
        open_regular(f"{log}/app.log")
    with pytest.raises(ValueError, match="null"):
        open_regular("/tmp/a\0b")


def test_no_descriptor_is_left_behind(log: Path, tmp_path: Path) -> None:
    (tmp_path / "link.log").symlink_to(log)
    before = open_descriptors()
    for name in ("link.log", "gone", "logs", "logs/app.log/x"):
        try:
            os.close(open_regular(str(tmp_path / name)))
        except OSError:
            continue
    assert open_descriptors() == before
