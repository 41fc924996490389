"""Facts about the repository's own files that nothing else would notice."""

from __future__ import annotations

import re
import subprocess
import tomllib
from importlib.metadata import version
from pathlib import Path

import bangui

ROOT = Path(__file__).parents[2]
VERSION = (ROOT / "VERSION").read_text(encoding="utf-8").strip()
LOCK_FILES = sorted((ROOT / "requirements").glob("*.txt"))


def _project(name: str) -> dict[str, object]:
    content = tomllib.loads((ROOT / "packages" / name / "pyproject.toml").read_text(encoding="utf-8"))
    project = content["project"]
    assert isinstance(project, dict)
    return project


def test_both_packages_have_the_version_of_the_version_file() -> None:
    assert version("aiofail2ban") == version("bangui") == VERSION
    assert bangui.__version__ == VERSION


def test_bangui_asks_for_exactly_the_library_of_its_own_version() -> None:
    dependencies = _project("bangui")["dependencies"]
    assert isinstance(dependencies, list)
    assert f"aiofail2ban=={VERSION}" in dependencies


def test_the_library_depends_on_nothing() -> None:
    assert _project("aiofail2ban")["dependencies"] == []


def test_the_changelog_tells_about_this_version_or_of_what_is_not_released() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{VERSION}]" in changelog or "## [Unreleased]" in changelog


def test_the_runtime_lock_follows_what_bangui_declares() -> None:
    dependencies = _project("bangui")["dependencies"]
    assert isinstance(dependencies, list)
    declared = {str(line) for line in dependencies if not str(line).startswith("aiofail2ban==")}
    lines = (ROOT / "requirements/runtime.in").read_text(encoding="utf-8").splitlines()
    assert {line for line in lines if line and not line.startswith("#")} == declared


def test_lock_files_name_no_host_and_no_place_of_a_machine() -> None:
    assert [file.name for file in LOCK_FILES] == ["build.txt", "dev.txt", "runtime.txt"]
    for file in LOCK_FILES:
        for line in file.read_text(encoding="utf-8").splitlines():
            assert "://" not in line
            assert not re.search(r"(^|[\s=@'\"])[~/]", line), line
            assert not line.startswith("--"), "an option, such as the address of an index"


def test_every_locked_requirement_is_locked_by_hash_and_the_same_in_all_files() -> None:
    pins: dict[str, str] = {}
    for file in LOCK_FILES:
        for block in re.split(r"\n(?=[a-z0-9])", file.read_text(encoding="utf-8")):
            found = re.match(r"(?P<name>[a-z0-9.-]+)==(?P<version>\S+)", block)
            if found is None:
                assert block.lstrip().startswith("#"), block
                continue
            assert "--hash=sha256:" in block, found["name"]
            assert pins.setdefault(found["name"], found["version"]) == found["version"]


def test_no_committed_file_names_the_folder_of_this_checkout() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    places = b"|".join(re.escape(f"{place}/".encode()) for place in (ROOT, Path.home()) if len(place.parts) > 1)
    needle = re.compile(rb"(?<![\w$}.-])(" + places + rb")")
    for name in filter(None, listed.decode().split("\0")):
        file = ROOT / name
        if file.is_file():
            assert not needle.search(file.read_bytes()), name


def test_each_package_carries_the_licence_of_the_repository() -> None:
    licence = (ROOT / "LICENSE").read_bytes()
    for package in ("aiofail2ban", "bangui"):
        assert (ROOT / "packages" / package / "LICENSE").read_bytes() == licence
