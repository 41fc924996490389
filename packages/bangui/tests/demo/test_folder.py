from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bangui.demo.folder import make_folder, remove_folder


@pytest.fixture(autouse=True)
def parent(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("t")
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.setattr("bangui.demo.folder._LONGEST_PARENT", 200)
    return folder


def abandoned(parent: Path, name: str = "bangui-demo-old", note: str | None = None) -> Path:
    """A folder as a killed demo leaves it; its process has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    folder = parent / name
    folder.mkdir()
    (folder / "owner").write_text(f"{process.pid} 12345" if note is None else note)
    (folder / "fail2ban.log").touch()
    return folder


def test_the_folder_is_private_and_goes_completely(parent: Path) -> None:
    folder = make_folder()
    assert folder.parent == parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (folder / "sub").mkdir()
    (folder / "sub" / "file").touch()
    remove_folder(folder)
    assert not folder.exists()


def test_what_a_killed_demo_left_is_removed_by_the_next(parent: Path) -> None:
    old = abandoned(parent)
    new = make_folder()
    assert not old.exists()
    assert new.exists()


def test_the_folder_of_a_running_demo_stays(parent: Path) -> None:
    running = make_folder()
    make_folder()
    assert running.exists()


def test_a_number_that_was_given_to_another_process_does_not_protect(parent: Path) -> None:
    old = abandoned(parent, note=f"{os.getpid()} 1")
    make_folder()
    assert not old.exists()


@pytest.mark.parametrize("note", ["", "nonsense", "12 13 14", "-5 3"])
def test_a_folder_with_a_strange_note_is_left_alone(parent: Path, note: str) -> None:
    strange = abandoned(parent, note=note)
    make_folder()
    assert strange.exists()


def test_a_folder_without_a_note_another_name_and_a_link_are_left_alone(parent: Path) -> None:
    without = abandoned(parent)
    (without / "owner").unlink()
    foreign = abandoned(parent, name="fail2ban-demo")
    target = abandoned(parent, name="target")
    (parent / "bangui-demo-link").symlink_to(target)
    make_folder()
    assert without.exists()
    assert foreign.exists()
    assert target.exists()


def test_a_long_temporary_folder_is_avoided(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    long = tmp_path / ("x" * 80)
    long.mkdir()
    monkeypatch.setattr("bangui.demo.folder._LONGEST_PARENT", 50)
    monkeypatch.setattr("tempfile.tempdir", str(long))
    folder = make_folder()
    try:
        assert folder.parent == Path("/tmp")
    finally:
        remove_folder(folder)
