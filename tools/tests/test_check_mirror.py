from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from tools import check_mirror


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(check_mirror, "PACKAGES", ("pkg",))
    monkeypatch.setattr(check_mirror, "UNTESTED", {})
    monkeypatch.setattr(check_mirror, "SOURCELESS", {})
    return tmp_path


def _write(root: Path, *places: str, content: str = "def work() -> int:\n    return 1\n") -> None:
    for place in places:
        file = root / "packages/pkg" / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")


def test_a_package_whose_files_mirror_each_other_has_no_differences(repository: Path) -> None:
    _write(
        repository, "src/pkg/__init__.py", "src/pkg/x.py", "src/pkg/_in/_y.py", "tests/test_x.py", "tests/in/test_y.py"
    )
    assert list(check_mirror.find_differences(repository)) == []


def test_a_module_without_a_test_and_a_test_without_a_module_are_both_named(repository: Path) -> None:
    _write(repository, "src/pkg/alone.py", "tests/test_gone.py")
    assert list(check_mirror.find_differences(repository)) == [
        "packages/pkg/src/pkg/alone.py has no tests/test_alone.py",
        "packages/pkg/tests/test_gone.py tests no module of that name",
    ]


def test_tests_of_a_shared_behaviour_mirror_nothing(repository: Path) -> None:
    _write(repository, "src/pkg/__init__.py", "tests/daemons/test_restart.py")
    assert list(check_mirror.find_differences(repository)) == []


def test_an_exception_is_respected_and_one_that_is_not_needed_is_named(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone, tested = "packages/pkg/src/pkg/alone.py", "packages/pkg/src/pkg/x.py"
    monkeypatch.setattr(check_mirror, "UNTESTED", {alone: "data", tested: "was data once"})
    _write(repository, "src/pkg/alone.py", "src/pkg/x.py", "tests/test_x.py")
    assert list(check_mirror.find_differences(repository)) == [
        f"{tested} is an exception in tools/check_mirror.py that is not needed"
    ]


def test_a_module_that_only_declares_needs_no_test_and_may_have_one(repository: Path) -> None:
    declaration = '''
        class Port(Protocol):
            async def read(self) -> int:
                """Return it."""
            @property
            def name(self) -> str: ...
        LIMIT = 3
    '''
    _write(repository, "src/pkg/ports.py", "src/pkg/names.py", content=textwrap.dedent(declaration))
    _write(repository, "tests/test_names.py")
    assert list(check_mirror.find_differences(repository)) == []
